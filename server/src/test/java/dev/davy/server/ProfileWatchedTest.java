package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.strict.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same pipeline as in [ProfilePipelineTest], watched by the monitors, and by one metric that a
/// person declared: there are more areas than are told apart, and 'unknown' may be among the
/// others.
class ProfileWatchedTest {
    private static final Instant BEGIN = Instant.parse("2026-03-02T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int ROWS = 250;
    private static final int REFERENCE = 48;
    private static final int BROKEN = 60;
    private static final int HOURS = 76;
    private static final double LOST = 0.3;
    private static final String UNKNOWN = "unknown";

    @TempDir private Path folder = Path.of("");

    @Test
    void theProfileRingsForTheLostFieldBeforeTheRecommenderDoes() throws IOException {
        var next = WebVisits.next(WebVisits.visits("visits_train.csv.gz"));
        var visits = WebVisits.visits("visits_test.csv");
        var chance = new Random(2);
        var rows = new ArrayList<RealReplay.Row>();
        for (int hour = 0; hour < HOURS; hour++)
            for (int i = 0; i < ROWS; i++) {
                var visit = visits.get(chance.nextInt(visits.size()));
                var input = Json.object();
                boolean gone = hour >= BROKEN && chance.nextDouble() < LOST;
                if (!gone && visit.before() != null) input.put("area", visit.before());
                rows.add(
                        new RealReplay.Row(
                                at(hour).plusMillis(i * 3_600_000L / ROWS),
                                input,
                                Optional.of(visit.last()),
                                Duration.ofMinutes(5)));
            }
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            Caller.of(server).apply(endpoint(next));
            var replay = new RealReplay(server, "recommend", ROWS, Optional.of("next"));
            replay.play(rows);
            var rang = replay.rang();
            var profile =
                    rang.stream()
                            .filter(each -> each.watch().equals("metric.unknown"))
                            .findFirst()
                            .orElseThrow();
            var quality =
                    rang.stream().filter(each -> each.watch().startsWith("quality.")).findFirst();
            long before = rang.stream().filter(each -> each.since().isBefore(at(BROKEN))).count();
            long hours = Duration.between(at(BROKEN), profile.since()).toHours() + 1;
            replay.tell(
                    "Web visits: unknown in the profile (quality: "
                            + quality.map(each -> each.since().toString()).orElse("never")
                            + ")",
                    hours + " hours",
                    before,
                    replay.quality(at(BROKEN), at(HOURS)));
            assertThat(before).isZero();
            assertThat(hours).isBetween(1L, 3L);
            // And where to look: at the field that is lost.
            assertThat(rang).anyMatch(each -> each.watch().equals("input.area"));
            assertThat(quality.map(RealReplay.Rang::since).orElse(Instant.MAX))
                    .isAfter(profile.since());
        }
    }

    private static Instant at(int hour) {
        return BEGIN.plus(HOUR.multipliedBy(hour));
    }

    private static String endpoint(Map<String, String> next) {
        var table = new StringBuilder();
        next.forEach((area, to) ->
                table.append("        - {interest: '%s', next: '%s'}%n".formatted(area, to)));
        return """
        kind: Endpoint
        name: recommend
        window: 1h
        origin: replay
        reference: first %dh
        truth-within: 1h
        input: {area: {type: category, required: false}}
        output: {next: {type: text}, interest: {type: text}}
        metrics: [{name: unknown, value: "output.interest = '%s'"}]
        pipeline:
          - {name: profile, rule: {interest: "coalesce(input.area, '%s')"}}
          - name: recommender
            lookup:
              key: interest
              equals: profile.interest
              table:
        %s\
        """
                .formatted(REFERENCE, UNKNOWN, UNKNOWN, table);
    }
}
