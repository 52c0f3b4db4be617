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
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Photos of magnetic tiles under six lights: the lamp over the line goes dim, level by level.
class DarkerTilesTest {
    private static final Instant BEGIN = Instant.parse("2026-03-02T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    /// Photos in an hour.
    private static final int ROWS = 24;

    private static final int REFERENCE = 96;

    /// Hours of the brightest light before the lamp goes dim.
    private static final int QUIET = 120;

    private static final int HOURS_A_LEVEL = 3;

    private static final String ENDPOINT =
            """
            kind: Endpoint
            name: tiles
            window: 1h
            origin: replay
            reference: first %dh
            input: {photo: {type: image}}
            output: {verdict: {type: text}}
            pipeline:
              - {name: judge, rule: {verdict: "'fine'"}}
            """
                    .formatted(REFERENCE);

    @TempDir private Path folder = Path.of("");

    @Test
    void brightnessRingsWithinThreeHoursOfTheFirstStepAndIsNamedFirst() throws IOException {
        var levels = levels();
        var chance = new Random(41);
        var rows = new ArrayList<RealReplay.Row>();
        int hours = QUIET + 5 * HOURS_A_LEVEL;
        for (int hour = 0; hour < hours; hour++) {
            int level = hour < QUIET ? 6 : 5 - (hour - QUIET) / HOURS_A_LEVEL;
            var photos = levels.getOrDefault("exp" + level, List.of());
            for (int i = 0; i < ROWS; i++)
                rows.add(
                        new RealReplay.Row(
                                BEGIN.plus(HOUR.multipliedBy(hour))
                                        .plus(Duration.ofMinutes(60L * i / ROWS)),
                                Json.object()
                                        .put("photo", photos.get(chance.nextInt(photos.size()))),
                                Optional.empty(),
                                HOUR));
        }
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            Caller.of(server).apply(ENDPOINT);
            var replay = new RealReplay(server, "tiles", 100);
            replay.play(rows);
            var rang = replay.rang();
            var dim = BEGIN.plus(HOUR.multipliedBy(QUIET));
            long before = rang.stream().filter(each -> each.since().isBefore(dim)).count();
            var brightness =
                    rang.stream()
                            .filter(each -> each.watch().equals("input.photo.brightness"))
                            .findFirst()
                            .orElseThrow();
            long windows = Duration.between(dim, brightness.since()).toHours() + 1;
            replay.tell("Magnetic tiles: brightness", windows + " hours", before, Json.object());
            assertThat(before).isZero();
            assertThat(windows).isBetween(1L, 3L);
            assertThat(rang.getFirst().watch()).isEqualTo("input.photo.brightness");
            assertThat(brightness.look().getFirst()).isEqualTo("input.photo.brightness");
        }
    }

    /// Photos by light, as they are sent.
    private static Map<String, List<String>> levels() throws IOException {
        var tiles = SharedData.folder("magnetic-tile");
        var levels = new TreeMap<String, List<String>>();
        var lines = Files.readAllLines(tiles.resolve("manifest.csv"));
        for (var line : lines.subList(1, lines.size())) {
            var cells = line.split(",", -1);
            levels.computeIfAbsent(cells[3], _ -> new ArrayList<>())
                    .add(
                            Base64.getEncoder()
                                    .encodeToString(Files.readAllBytes(tiles.resolve(cells[0]))));
        }
        return levels;
    }
}
