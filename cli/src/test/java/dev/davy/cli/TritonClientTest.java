package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.server.Caller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The published Triton client, unchanged, finds here what it looks for.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TritonClientTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final PythonVenv python = PythonVenv.of(PythonVenv.SCRIPTS.resolve("requirements.txt"));
    private final ServerProcess server;
    private final Caller caller;

    TritonClientTest(@TempDir Path data) throws IOException {
        server = ServerProcess.start(data);
        caller = Caller.at(server.address());
    }

    @BeforeAll
    void servesTheModelsThatItsTestsAskFor() throws IOException {
        try (var models = Files.list(Path.of("src/test/resources/models"))) {
            for (var model : models.sorted().toList()) {
                var name = model.getFileName().toString().replace(".onnx", "");
                caller.push(name, Files.readAllBytes(model));
                caller.endpoint(name, name + "/1");
            }
        }
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"triton_http.py", "triton_grpc.py"})
    void everyCheckPasses(String script) {
        var ran =
                python.run(LIMIT, PythonVenv.SCRIPTS.resolve(script), "127.0.0.1:" + caller.port());
        assertThat(ran.exitCode()).as(ran.output()).isZero();
        assertThat(ran.output()).contains(" passed, 0 failed");
    }
}
