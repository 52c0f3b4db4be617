package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.davy.runtime.SharedData;
import dev.davy.strict.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Bookings of two hotels with what a model in production said of each, and with the truth that
/// came later: from December 2016 on it is right less often.
@Tag("slow")
class HotelTest {
    private static final List<String> NUMBERS =
            List.of("lead_time", "adr", "adults", "stays_in_weekend_nights", "booking_changes");
    private static final List<String> TEXTS =
            List.of("hotel", "country", "market_segment", "meal", "customer_type");
    private static final Instant DECEMBER = Instant.parse("2016-12-01T00:00:00Z");

    private static final String ENDPOINT =
            """
            kind: Endpoint
            name: cancels
            external: true
            window: 7d
            reference: {from: "2016-05-01T00:00:00Z", to: "2016-10-01T00:00:00Z"}
            truth-within: 8d
            input:
              lead_time: {type: number}
              adr: {type: number}
              adults: {type: number}
              stays_in_weekend_nights: {type: number}
              booking_changes: {type: number}
              hotel: {type: category}
              country: {type: category}
              market_segment: {type: category}
              meal: {type: category}
              customer_type: {type: category}
            output: {cancels: {type: category, classes: ["0", "1"]}}
            """;

    @TempDir private Path folder = Path.of("");

    @Test
    void theFallOfQualityRingsFromDecemberAndTruthWithoutABookingIsCounted() throws IOException {
        var bookings = new ArrayList<Map<String, String>>();
        for (var file :
                List.of(
                        "test_set.csv.gz",
                        "production_data_2016_10_11.csv.gz",
                        "production_data_2016_12.csv",
                        "production_data_2017_01_02.csv")) bookings.addAll(table(file));
        bookings.sort(Comparator.comparing(each -> value(each, "timestamp")));
        var truths = new HashMap<String, String>();
        for (var each : bookings)
            if (each.containsKey("is_canceled"))
                truths.put(value(each, "customer_id"), value(each, "is_canceled"));
        for (var each : table("production_data_targets.csv"))
            truths.put(value(each, "customer_id"), value(each, "is_canceled"));

        var before =
                bookings.stream()
                        .filter(each -> value(each, "timestamp").compareTo("2016-12") < 0)
                        .toList();
        var after = bookings.subList(before.size(), bookings.size());
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            var caller = Caller.of(server);
            caller.apply(ENDPOINT);
            live(caller, before, truths);
            var replay = new RealReplay(server, "cancels", 1_000);
            assertThat(quality(replay)).isEmpty();

            // A person takes the limit that its own history would have kept.
            double limit = suggestion(caller);
            caller.apply(
                    ENDPOINT
                            + "monitors: [{watch: quality.cancels.accuracy, name: fall, below: %.4f}]%n"
                                    .formatted(limit));
            live(caller, after, truths);
            tellOrphans(caller, truths);
            var quality = quality(replay);

            var begin = Instant.parse("2016-05-01T00:00:00Z");
            var end = Instant.parse("2017-03-01T00:00:00Z");
            var first = quality.getFirst();
            replay.tell(
                    "Hotel bookings: quality below %.3f".formatted(limit),
                    first.since().toString(),
                    quality.stream()
                            .filter(each ->
                                    each.since().isBefore(DECEMBER.minus(Duration.ofDays(7))))
                            .count(),
                    replay.quality(DECEMBER, end));
            assertThat(first.since())
                    .isBetween(
                            DECEMBER.minus(Duration.ofDays(7)), DECEMBER.plus(Duration.ofDays(21)));
            assertThat(replay.health(begin, end).path("orphans").asInt()).isEqualTo(125);
            // What was expected before truth came is what it came to be.
            var since = replay.quality(DECEMBER, end);
            assertThat(since.path("estimated").asDouble())
                    .isCloseTo(since.path("realised").asDouble(), within(0.02));
            assertThat(since.path("realised").asDouble())
                    .isLessThan(since.path("normal").asDouble() - 0.08);
        }
    }

    private static List<RealReplay.Rang> quality(RealReplay replay) {
        return replay.rang().stream().filter(each -> each.watch().startsWith("quality.")).toList();
    }

    private static double suggestion(Caller caller) {
        return caller.get(
                        "/api/v1/endpoints/cancels/suggestion?watch=quality.cancels.accuracy&per-month=0.5")
                .is(200)
                .json()
                .path("below")
                .asDouble();
    }

    /// Day by day: the bookings of a day, and the truth of those of a week before.
    private static void live(
            Caller caller, List<Map<String, String>> bookings, Map<String, String> truths) {
        var days = new TreeMap<LocalDate, List<Map<String, String>>>();
        for (var each : bookings)
            days.computeIfAbsent(LocalDate.parse(value(each, "timestamp")), _ -> new ArrayList<>())
                    .add(each);
        var waiting = new TreeMap<LocalDate, List<String[]>>();
        for (var day = days.firstKey();
                !day.isAfter(days.lastKey().plusDays(7));
                day = day.plusDays(1)) {
            var due = waiting.remove(day);
            if (due != null) send(caller, due);
            if (days.containsKey(day))
                waiting.put(
                        day.plusDays(7),
                        report(caller, days.getOrDefault(day, List.of()), truths, day.plusDays(7)));
        }
    }

    /// @return the truths, to be told on a later day
    private static List<String[]> report(
            Caller caller,
            List<Map<String, String>> bookings,
            Map<String, String> truths,
            LocalDate later) {
        var reports = Json.array();
        for (var each : bookings) {
            double chance = Double.parseDouble(value(each, "y_pred_proba"));
            boolean yes = value(each, "y_pred").equals("1");
            var report =
                    reports.addObject()
                            .put("id", value(each, "customer_id"))
                            .put("endpoint", "cancels")
                            .put("at", value(each, "timestamp") + "T12:00:00Z")
                            .put("confidence", yes ? chance : 1 - chance);
            var input = report.putObject("input");
            for (var name : NUMBERS) input.put(name, Double.parseDouble(value(each, name)));
            for (var name : TEXTS) input.put(name, value(each, name));
            report.putObject("output").put("cancels", yes ? "1" : "0");
        }
        var all = new ArrayList<String[]>();
        int i = 0;
        for (var taken :
                caller.post("/api/v1/predictions", Json.text(reports))
                        .is(200, 201)
                        .json()
                        .path("predictions")) {
            var customer = value(bookings.get(i++), "customer_id");
            var truth = truths.remove(customer);
            if (truth != null)
                all.add(
                        new String[] {
                            customer,
                            taken.path("prediction").asString(),
                            truth,
                            later + "T00:00:00Z"
                        });
        }
        return all;
    }

    /// Of bookings that nobody reported.
    private static void tellOrphans(Caller caller, Map<String, String> truths) {
        var all = new ArrayList<String[]>();
        truths.forEach((customer, truth) ->
                all.add(
                        new String[] {
                            customer,
                            UUID.nameUUIDFromBytes(customer.getBytes(StandardCharsets.UTF_8))
                                    .toString(),
                            truth,
                            "2017-03-01T00:00:00Z"
                        }));
        send(caller, all);
    }

    private static void send(Caller caller, List<String[]> all) {
        for (int from = 0; from < all.size(); from += 5_000) {
            var feedback = Json.array();
            for (var each : all.subList(from, Math.min(all.size(), from + 5_000)))
                feedback.addObject()
                        .put("id", "truth-" + each[0])
                        .put("endpoint", "cancels")
                        .put("prediction", each[1])
                        .put("truth", each[2])
                        .put("at", each[3]);
            caller.post("/api/v1/feedback", Json.text(feedback)).is(200, 201);
        }
    }

    private static List<Map<String, String>> table(String file) throws IOException {
        var path = SharedData.folder("hotel-bookings-monitored").resolve(file);
        List<String> lines;
        if (file.endsWith(".gz"))
            try (var in = new GZIPInputStream(Files.newInputStream(path))) {
                lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            }
        else lines = Files.readAllLines(path);
        var names = List.of(lines.getFirst().split(",", -1));
        var rows = new ArrayList<Map<String, String>>();
        for (var line : lines.subList(1, lines.size())) {
            var cells = line.split(",", -1);
            var row = new HashMap<String, String>();
            for (int i = 0; i < cells.length; i++) row.put(names.get(i), cells[i]);
            rows.add(row);
        }
        return rows;
    }

    private static String value(Map<String, String> row, String name) {
        return row.getOrDefault(name, "");
    }
}
