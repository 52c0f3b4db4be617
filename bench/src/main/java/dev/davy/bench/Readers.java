package dev.davy.bench;

import java.io.IOException;
import java.time.Duration;

/// How far the readers of the log are behind, as a server says at `/metrics`: the one that is
/// furthest.
///
/// @param seconds the age of the oldest record that it has not committed
/// @param bytes of the log that it has not committed
record Readers(double seconds, double bytes) {
    static Readers of(int port) throws IOException {
        try (var wire = Wire.connect(port, Duration.ofSeconds(30))) {
            var text = wire.get("/metrics").text();
            return new Readers(
                    most(text, "davy_reader_lag_seconds{"), most(text, "davy_reader_lag_bytes{"));
        }
    }

    private static double most(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .max()
                .orElseThrow(() -> new Unmeasurable("/metrics says nothing of " + name + "…}."));
    }
}
