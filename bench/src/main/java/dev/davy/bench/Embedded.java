package dev.davy.bench;

import dev.davy.schema.Row;
import dev.davy.server.Davy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// A prediction inside the JVM, routing and log and all, against nothing but the model's run.
///
/// Both are timed call by call in turns of a few thousand, in one process, on one thread.
final class Embedded implements Measurement {
    private static final int ROWS = 64;
    private static final int CALLS_PER_TURN = 5_000;

    @Override
    public String name() {
        return "embedded";
    }

    @Override
    public String about() {
        return "a prediction inside the JVM, against nothing but the model's run";
    }

    @Override
    public List<Target> run(Place place) throws Exception {
        int warmUpTurns = place.quick() ? 60 : 200;
        int turns = place.quick() ? 100 : 600;
        var data = prepare(place);
        var raw = new Histogram(10_000_000_000L, 3);
        var davys = new Histogram(10_000_000_000L, 3);
        try (var model = new BareModel(place.models().resolve("mlp.onnx"));
                var davy = Davy.open(data)) {
            var tensors = model.rows(1);
            var endpoint = davy.endpoint("mlp");
            var inputs = inputs();
            var rows = new Row[ROWS];
            for (int i = 0; i < ROWS; i++) rows[i] = new Row(Map.of("x", inputs[i]));
            for (int turn = 0; turn < warmUpTurns + turns; turn++) {
                if (turn == warmUpTurns) {
                    raw.reset();
                    davys.reset();
                }
                for (int i = 0; i < CALLS_PER_TURN; i++) {
                    long begun = System.nanoTime();
                    tensors.input().put(0, inputs[i % ROWS]);
                    tensors.run();
                    tensors.output().get(0);
                    raw.recordValue(System.nanoTime() - begun);
                }
                for (int i = 0; i < CALLS_PER_TURN; i++) {
                    long begun = System.nanoTime();
                    endpoint.predict(rows[i % ROWS]);
                    davys.recordValue(System.nanoTime() - begun);
                }
            }
        }
        var table = new Table("MLP, one row", "p50, µs", "p99, µs", "p99.9, µs");
        table.row(
                "ONNX Runtime, tensors reused",
                micros(raw, 50),
                micros(raw, 99),
                micros(raw, 99.9));
        table.row("Davy, log included", micros(davys, 50), micros(davys, 99), micros(davys, 99.9));
        place.out().println(table);
        return List.of(
                Target.atMost(
                        "added at the median, log included, µs",
                        micros(davys, 50) - micros(raw, 50),
                        5));
    }

    private static Path prepare(Place place) throws Exception {
        var davy = new Candidate.Davy();
        var data = place.work().resolve("data");
        int port = ServerProcess.freePort();
        try (var server =
                ServerProcess.start(
                        davy.command(place, data, port, true),
                        port,
                        place.work().resolve("davy.output"))) {
            server.awaitReady();
            davy.prepare(place, port);
        }
        return data;
    }

    private static float[][] inputs() {
        var all = Requests.drawn(ROWS * 20);
        var inputs = new float[ROWS][];
        for (int i = 0; i < ROWS; i++)
            inputs[i] = java.util.Arrays.copyOfRange(all, 20 * i, 20 * (i + 1));
        return inputs;
    }

    private static double micros(Histogram nanos, double percentile) {
        return nanos.getValueAtPercentile(percentile) / 1e3;
    }
}
