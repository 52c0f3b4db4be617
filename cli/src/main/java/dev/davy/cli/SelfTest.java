package dev.davy.cli;

import dev.davy.server.Server;
import dev.davy.server.Settings;
import dev.davy.strict.SafePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// Starts a server in a folder of its own, uses it once in every way, and stops it: to see whether
/// all is well on this machine, and as the training run of `davy --train`.
@Command(
        name = "self-test",
        hidden = true,
        description = "Start a server in a temporary folder, use it in every way, stop it.")
final class SelfTest implements Callable<Integer> {
    private static final String MODEL = "add-one.onnx";

    private final Connection connection;

    SelfTest(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() throws IOException {
        LogLines.begin();
        var folder = Files.createTempDirectory("davy-self-test");
        try {
            var model = SafePath.inside(folder, MODEL);
            try (var bytes = SelfTest.class.getResourceAsStream(MODEL)) {
                if (bytes == null) throw new IllegalStateException(MODEL + " is not in the jar");
                Files.copy(bytes, model);
            }
            var input = SafePath.inside(folder, "rows.json");
            Files.writeString(input, "{\"x\":[1,2,3,4]}");
            var data = SafePath.inside(folder, "data");
            try (var server = Server.start(Settings.of(data).port(0))) {
                return use("http://127.0.0.1:" + server.port(), model, input);
            }
        } finally {
            delete(folder);
        }
    }

    private int use(String server, Path model, Path input) {
        for (var command :
                List.of(
                        List.of("model", "push", "self-test", model.toString()),
                        List.of("model", "list"),
                        List.of("get", "model", "self-test"),
                        List.of("endpoint", "create", "self-test", "--model=self-test/1"),
                        List.of("get", "endpoints"),
                        List.of("predict", "self-test", input.toString()),
                        List.of("feedback", "--endpoint=self-test", "--entity=x", "--event=seen"),
                        List.of("log", "tail"),
                        List.of("events"),
                        List.of("token", "list"))) {
            var words = new java.util.ArrayList<>(command);
            words.add("--server=" + server);
            int exit = Main.run(quiet(), words.toArray(String[]::new));
            if (exit != Exit.YES) {
                connection
                        .terminal()
                        .failure(
                                "Not all is well: davy " + String.join(" ", command) + " failed.",
                                List.of("Its exit code is " + exit + "."),
                                "Run it by hand against a server to see more.");
                return Exit.NOT_DONE;
            }
        }
        connection.terminal().line("All is well.");
        return Exit.YES;
    }

    private Terminal quiet() {
        return new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                connection.terminal().err(),
                Map.of(),
                true);
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
