package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.runtime.SharedData;
import dev.davy.strict.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fifty years of weather, a row a day: at two of them the sensor said 5,503 millibars.
@Tag("slow")
class NoaaTest {
    private static final Instant BEGIN = Instant.parse("1949-05-01T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final List<String> COLUMNS =
            IntStream.rangeClosed(1, 8).mapToObj(each -> "feat_" + each).toList();

    /// The model and what is normal are of the first years.
    private static final int LEARNT = 3_285;

    private static final int BROKEN = 3_595;

    private static final String ENDPOINT =
            """
            kind: Endpoint
            name: rain
            window: 30d
            origin: replay
            reference: first 3285d
            truth-within: 2d
            false-alarms: 1 per year
            model: rain/1
            """;

    @TempDir private Path folder = Path.of("");

    @Test
    void theSensorsOutliersRingInTheirWindowAndNoOtherValueDoes() throws IOException {
        var lines =
                Files.readAllLines(
                        SharedData.folder("noaa-weather-bellevue").resolve("weather.csv"));
        var rows = new ArrayList<RealReplay.Row>();
        var values = new double[LEARNT][];
        var rain = new boolean[LEARNT];
        for (int i = 0; i + 1 < lines.size(); i++) {
            var cells = lines.get(i + 1).split(",", -1);
            var input = Json.object();
            var numbers = new double[COLUMNS.size()];
            for (int c = 0; c < numbers.length; c++) {
                numbers[c] = Double.parseDouble(cells[c]);
                input.put(COLUMNS.get(c), numbers[c]);
            }
            boolean rains = cells[COLUMNS.size()].equals("1");
            if (i < LEARNT) {
                values[i] = numbers;
                rain[i] = rains;
            }
            rows.add(new RealReplay.Row(at(i), input, Optional.of(rains ? "rain" : "dry"), DAY));
        }
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            var caller = Caller.of(server);
            caller.push("rain", Logistic.learnt(COLUMNS, values, rain, "sky", "[dry, rain]"));
            caller.apply(ENDPOINT);
            var replay = new RealReplay(server, "rain", 5_000);
            replay.play(rows);
            var rang = replay.rang();
            var single =
                    rang.stream()
                            .filter(each ->
                                    each.part().equals("highest") || each.part().equals("lowest"))
                            .toList();
            replay.tell("NOAA", "0 windows", 0, replay.quality(at(LEARNT), at(rows.size())));
            assertThat(single).hasSize(1);
            assertThat(single.getFirst().watch()).isEqualTo("input.feat_3");
            assertThat(single.getFirst().why()).contains("5,504");
            assertThat(single.getFirst().since())
                    .isBetween(at(BROKEN).minus(DAY.multipliedBy(30)), at(BROKEN));
        }
    }

    private static Instant at(int row) {
        return BEGIN.plus(DAY.multipliedBy(row));
    }
}
