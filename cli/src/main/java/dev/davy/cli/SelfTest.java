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
import java.util.ArrayList;
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
    private static final String NAME = "self-test";

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
            // Twice: the second start finds an endpoint, and rehearses it.
            var settings = Settings.of(data).port(0);
            return use(
                                    settings,
                                    List.of("model", "push", NAME, model.toString()),
                                    List.of("endpoint", "create", NAME, "--model=" + NAME + "/1"))
                            && use(
                                    settings,
                                    List.of("model", "list"),
                                    List.of("get", "model", NAME),
                                    List.of("get", "endpoints"),
                                    List.of("predict", NAME, input.toString()),
                                    List.of(
                                            "feedback",
                                            "--endpoint=" + NAME,
                                            "--entity=x",
                                            "--event=seen"),
                                    List.of("log", "tail"),
                                    List.of("events"),
                                    List.of("token", "list"))
                    ? well()
                    : Exit.NOT_DONE;
        } finally {
            delete(folder);
        }
    }

    private int well() {
        connection.terminal().line("All is well.");
        return Exit.YES;
    }

    @SafeVarargs
    private boolean use(Settings settings, List<String>... commands) {
        try (var server = Server.start(settings)) {
            for (var command : commands) {
                var words = new ArrayList<>(command);
                words.add("--server=http://127.0.0.1:" + server.port());
                int exit = Main.run(quiet(), words.toArray(String[]::new));
                if (exit == Exit.YES) continue;
                connection
                        .terminal()
                        .failure(
                                "Not all is well: davy " + String.join(" ", command) + " failed.",
                                List.of("Its exit code is " + exit + "."),
                                "Run it by hand against a server to see more.");
                return false;
            }
            return true;
        }
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
