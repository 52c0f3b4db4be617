package dev.davy.cli;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// `davy serve` as a process of its own, on any free port, from the classes under test.
final class ServerProcess implements AutoCloseable {
    private static final int DEADLINE_SECONDS = 60;

    final Process process;
    final JsonNode greeting;
    private final BufferedReader out;

    private ServerProcess(Process process, BufferedReader out, JsonNode greeting) {
        this.process = process;
        this.out = out;
        this.greeting = greeting;
    }

    static Process java(List<String> flags, String main, List<String> arguments)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /// Returns when it is ready.
    static ServerProcess start(Path data, String... more) throws IOException {
        return start(List.of(), data, more);
    }

    /// As above, with flags for its JVM.
    static ServerProcess start(List<String> flags, Path data, String... more) throws IOException {
        var arguments = new ArrayList<>(List.of("serve", "--port", "0", "-o", "json"));
        arguments.addAll(List.of("--data", data.toString()));
        arguments.addAll(List.of(more));
        var process = java(flags, Main.class.getName(), arguments);
        var out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var line = out.readLine();
        if (line == null) throw new IOException("davy serve ended before it was ready");
        return new ServerProcess(
                process, out, Json.read(line.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT));
    }

    String address() {
        return greeting.at("/address").asString();
    }

    /// SIGTERM, and the exit code it led to.
    int stop() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS))
            throw new IOException("davy serve did not end");
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        out.close();
    }
}
