package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.davy.monitoring.Metric;
import dev.davy.monitoring.Span;
import dev.davy.serving.Origin;
import dev.davy.strict.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What windows hold does not depend on when and in which order it came.
class LateAndManyTest {
    private static final Instant BEGIN = Instant.parse("2026-03-02T00:00:00Z");
    private static final int CITIES = 90;
    private static final int ROWS = 900;

    @TempDir private Path folder = Path.of("");

    private static String endpoint(String name) {
        return """
        kind: Endpoint
        name: %s
        window: 1h
        origin: replay
        reference: first 24h
        slices: [city]
        input: {city: {type: text}, size: {type: number}}
        output: {label: {type: category, classes: [big, small]}}
        pipeline:
          - {name: judge, rule: {label: "case when input.size > 0.5 then 'big' else 'small' end"}}
        """
                .formatted(name);
    }

    private record Ride(Instant at, String city, double size, String truth) {}

    private static List<Ride> rides(Random chance) {
        var rides = new ArrayList<Ride>();
        for (int i = 0; i < ROWS; i++)
            rides.add(
                    new Ride(
                            BEGIN.plusSeconds(chance.nextInt(3 * 3_600)),
                            // Some come often, most hardly ever.
                            "city-" + (int) (CITIES * Math.pow(chance.nextDouble(), 2)),
                            chance.nextDouble(),
                            chance.nextInt(5) == 0 ? "big" : "small"));
        return rides;
    }

    /// Tells each truth wrongly first, and corrects it.
    private static void play(Server server, String endpoint, List<Ride> rides, int batch) {
        var caller = Caller.of(server);
        caller.apply(endpoint(endpoint));
        for (int from = 0; from < rides.size(); from += batch) {
            var some = rides.subList(from, Math.min(rides.size(), from + batch));
            var body = Json.object();
            var rows = body.putArray("rows");
            for (var ride : some)
                rows.addObject()
                        .put("at", ride.at().toString())
                        .putObject("input")
                        .put("city", ride.city())
                        .put("size", ride.size());
            var said =
                    caller.post("/api/v1/endpoints/" + endpoint + "/replay", Json.text(body))
                            .is(200)
                            .json()
                            .path("predictions");
            for (boolean right : new boolean[] {false, true}) {
                var truths = Json.array();
                for (int i = 0; i < some.size(); i++)
                    truths.addObject()
                            .put("id", endpoint + (from + i) + right)
                            .put("prediction", said.get(i).path("id").asString())
                            .put("endpoint", endpoint)
                            .put("truth", right ? some.get(i).truth() : "big")
                            .put("at", some.get(i).at().plusSeconds(right ? 120 : 60).toString());
                caller.post("/api/v1/feedback", Json.text(truths)).is(200, 201);
            }
            // Another batch is another commit.
            assertThat(server.davy().readers().awaitCaughtUp(Duration.ofMinutes(1))).isTrue();
        }
    }

    /// What each part of each window holds.
    private static Map<String, String> counts(Davy davy, String endpoint) {
        var counts = new TreeMap<String, String>();
        var to = BEGIN.plus(Duration.ofDays(1));
        for (var part : davy.windows().parts(endpoint, Origin.REPLAY, BEGIN, to)) {
            if (!part.startsWith("slice ")) continue;
            for (var span : Span.values()) {
                davy.windows()
                        .series(endpoint, Origin.REPLAY, part, span, BEGIN, to)
                        .forEach((start, window) ->
                                counts.put(
                                        span + " " + start + " " + part,
                                        window.predictions() + " " + window.inputs().keySet()));
                davy.truths()
                        .series(endpoint, Origin.REPLAY, part, span, BEGIN, to)
                        .forEach((start, quality) ->
                                counts.merge(
                                        span + " " + start + " " + part,
                                        " %d %d %s"
                                                .formatted(
                                                        quality.count(),
                                                        quality.corrected(),
                                                        accuracy(
                                                                davy, endpoint, part, span, start)),
                                        String::concat));
            }
        }
        return counts;
    }

    private static String accuracy(
            Davy davy, String endpoint, String part, Span span, Instant from) {
        if (span == Span.MINUTE) return "";
        var value =
                davy.watching()
                        .value(
                                endpoint,
                                Metric.read("quality.accuracy"),
                                part,
                                from,
                                from.plus(span.length()));
        return value.isEmpty() ? "none" : "%.6f".formatted(value.getAsDouble());
    }

    @Test
    void whichValuesOfASliceAreToldApartDependsOnNothingButTheValues() {
        var rides = rides(new Random(17));
        var turned = new ArrayList<>(rides);
        Collections.shuffle(turned, new Random(18));
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            play(server, "one-way", rides, ROWS);
            play(server, "other-way", turned, 211);
            var one = counts(server.davy(), "one-way");
            var other = counts(server.davy(), "other-way");
            assertThat(other.keySet()).hasSameSizeAs(one.keySet());
            one.forEach((part, counts) -> assertThat(other.get(part)).as(part).isEqualTo(counts));
            var day =
                    one.keySet().stream()
                            .filter(each -> each.startsWith("DAY"))
                            .map(each -> each.substring(each.indexOf("slice")))
                            .toList();
            assertThat(day).hasSize(33).contains("slice city=…");
            // Nothing is lost: the parts together are everything.
            long rows =
                    one.entrySet().stream()
                            .filter(each -> each.getKey().startsWith("DAY"))
                            .mapToLong(each ->
                                    Long.parseLong(
                                            each.getValue()
                                                    .substring(0, each.getValue().indexOf(' '))))
                            .sum();
            assertThat(rows).isEqualTo(ROWS);
            // Feedback counts where its prediction does, whether or not it names the endpoint.
            var hours =
                    server.davy()
                            .windows()
                            .series(
                                    "one-way",
                                    Origin.REPLAY,
                                    Span.DAY,
                                    BEGIN,
                                    BEGIN.plus(Duration.ofDays(1)));
            assertThat(hours.values())
                    .extracting(window -> window.feedback().of("truth"))
                    .containsExactly(2L * ROWS);
        }
    }

    @Test
    void truthOfTheReferenceThatComesLateIsTakenIntoAccountWithoutARestart() {
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            var caller = Caller.of(server);
            caller.apply(endpoint("late"));
            var body = Json.object();
            var rows = body.putArray("rows");
            for (int i = 0; i < 600; i++)
                rows.addObject()
                        .put("at", BEGIN.plus(Duration.ofMinutes(5L * i)).toString())
                        .putObject("input")
                        .put("city", "A")
                        .put("size", i % 2);
            var said =
                    caller.post("/api/v1/endpoints/late/replay", Json.text(body))
                            .is(200)
                            .json()
                            .path("predictions");
            tell(caller, said, 300, 600);
            assertThat(server.davy().readers().awaitCaughtUp(Duration.ofMinutes(1))).isTrue();
            server.davy().monitors().judgeNow();
            assertThat(normal(server.davy())).isEmpty();
            tell(caller, said, 0, 100);
            assertThat(server.davy().readers().awaitCaughtUp(Duration.ofMinutes(1))).isTrue();
            assertThat(normal(server.davy())).hasValueSatisfying(is(0.5));
        }
    }

    private static java.util.function.Consumer<Double> is(double value) {
        return each -> assertThat(each).isCloseTo(value, within(1e-9));
    }

    private static void tell(
            Caller caller, tools.jackson.databind.JsonNode said, int from, int to) {
        var truths = Json.array();
        for (int i = from; i < to; i++)
            truths.addObject()
                    .put("id", "truth-" + i)
                    .put("prediction", said.get(i).path("id").asString())
                    .put("truth", "big")
                    .put("at", BEGIN.plus(Duration.ofMinutes(5L * i + 5)).toString());
        caller.post("/api/v1/feedback", Json.text(truths)).is(200, 201);
    }

    /// The accuracy that is normal.
    private static Optional<Double> normal(Davy davy) {
        var quality = davy.watching().health("late", Optional.empty(), Optional.empty()).quality();
        return quality.isEmpty() || quality.getFirst().normal().isEmpty()
                ? Optional.empty()
                : Optional.of(quality.getFirst().normal().getAsDouble());
    }
}
