package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.runtime.TinyOnnx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A server that is told to stop while calls run: these are answered first.
@Timeout(180)
class DrainTest {
    private static final int CALLS = 12;
    private static final String TENSOR =
            "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,1],\"data\":[1]}]}";
    private static final String ROW = "{\"rows\":[{\"x\":1}]}";

    @TempDir private Path folder = Path.of("");

    /// Takes its time for each row, so that calls wait for each other.
    private static byte[] slow() {
        return new TinyOnnx()
                .input("x", TinyOnnx.FLOAT, "N", 1)
                .output("y", TinyOnnx.FLOAT, "N", 1)
                .weights(TinyOnnx.longs("shape", new long[] {2}, 1_200, 1_200))
                .weights(TinyOnnx.longs("axes", new long[] {2}, 0, 1))
                .add("ReduceSum", "x axes", "one", TinyOnnx.integer("keepdims", 1))
                .add("Expand", "one shape", "a")
                .add("MatMul", "a a", "b")
                .add("ReduceMean", "b", "s", TinyOnnx.integer("keepdims", 1))
                .add("Sub", "s s", "zero")
                .add("Add", "x zero", "y")
                .bytes();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rows", "tensors", "both"})
    void answersWhatRunsBeforeItIsGone(String kind) throws Exception {
        var settings = Settings.of(folder.resolve("data")).port(0).drain(Duration.ofMinutes(1));
        try (var server = Server.start(settings)) {
            answered(server, kind);
        }
        try (var again = Server.start(settings)) {
            assertThat(Caller.of(again).log("")).isNotEmpty();
        }
    }

    private static void answered(Server server, String kind) throws Exception {
        var caller = Caller.of(server);
        caller.push("slow", slow());
        caller.apply("{kind: Endpoint, name: slow, model: slow/1, deadline: 60 s}");
        var first = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<Integer>>();
            for (int i = 0; i < CALLS; i++) {
                boolean rows = kind.equals("rows") || kind.equals("both") && i % 2 == 0;
                answers.add(
                        threads.submit(() -> {
                            var said =
                                    rows
                                            ? caller.post("/api/v1/endpoints/slow/predict", ROW)
                                            : caller.post("/v2/models/slow/infer", TENSOR);
                            first.countDown();
                            return said.status();
                        }));
            }
            first.await();
            server.close();
            for (var each : answers)
                // Nobody's connection breaks; what came too late is told so.
                assertThat(each.get()).isIn(200, 503);
        }
    }
}
