package dev.davy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.davy.server.Server;
import dev.davy.server.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A shell as a reader of the docs has it: `./davy` and `examples/` in a folder, and a server.
///
/// Its `davy` is a script that lets this JVM run the command, whose classes are warm: a start would
/// take more time than all that the docs do. Before each, what was asked and told so far has been
/// counted and judged, as it would be for a person, who types more slowly.
final class Shell implements AutoCloseable {
    private static final long DEADLINE_SECONDS = 240;
    private static final Duration CAUGHT_UP = Duration.ofMinutes(3);

    private static final String DAVY =
            """
            #!/usr/bin/env bash
            call=$(mktemp -d "CALLS/call.XXXXXX")
            printf '%s\\n' "$PWD" "${DAVY_SERVER-}" "${DAVY_TOKEN-}" >"$call/here"
            [ $# = 0 ] || printf '%s\\0' "$@" >"$call/words"
            for word; do [ "$word" != - ] || { cat >"$call/in"; break; }; done
            curl -sS --max-time 200 -o "$call/done" "DOOR/${call##*/}" || exit 3
            cat "$call/out"
            cat "$call/err" >&2
            exit "$(cat "$call/exit")"
            """;

    /// What follows is a file or folder that the command makes.
    private static final List<String> MAKES =
            List.of("--out", "--html", "--write-photos", "--write-speech", "--data");

    /// What a reader sees of the repository.
    private static final List<String> LINKS = List.of("examples", "docs");

    record Told(int exit, String printed) {}

    private final Path folder;
    private final Path calls;
    private final HttpServer door;
    private @Nullable Server server;

    Shell(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder.resolve("here"));
        calls = Files.createDirectories(folder.resolve("calls"));
        door = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        door.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        door.createContext("/", this::command);
        door.start();
        var script = this.folder.resolve("davy");
        Files.writeString(
                script,
                DAVY.replace("CALLS", calls.toString())
                        .replace("DOOR", "http://127.0.0.1:" + door.getAddress().getPort()));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        var repository = Path.of("..").toAbsolutePath().normalize();
        for (var name : LINKS)
            Files.createSymbolicLink(this.folder.resolve(name), repository.resolve(name));
    }

    /// The server of these settings from now on, instead of the one before.
    void serve(Settings settings) {
        if (server != null) server.close();
        server = Server.start(settings.port(0));
    }

    Server server() {
        if (server == null) serve(Settings.of(folder.resolve("davy-data")));
        return Objects.requireNonNull(server);
    }

    Path folder() {
        return folder;
    }

    /// Runs one line in bash; what it sets is there for the next.
    Told run(String line) throws IOException, InterruptedException {
        var host = "127.0.0.1:" + server().port();
        var state = calls.resolve("state");
        var text =
                "set -o pipefail; [ ! -f %s ] || . %s; cd %s\n%s\ncode=$?; declare -p | grep -vE '^declare -[a-zA-Z]*r|DAVY' >%s; exit $code"
                        .formatted(
                                state,
                                state,
                                folder,
                                line.replaceAll("(localhost|127\\.0\\.0\\.1):8080", host),
                                state);
        var out = Files.createTempFile(calls, "out", "");
        var builder = new ProcessBuilder("bash", "-c", text).redirectErrorStream(true);
        builder.redirectOutput(out.toFile()).redirectInput(Path.of("/dev/null").toFile());
        var environment = builder.environment();
        environment.put("DAVY_SERVER", "http://" + host);
        environment.put("DAVY", folder.resolve("davy").toString());
        environment.put("PATH", folder + ":" + System.getenv("PATH"));
        environment.put("NO_COLOR", "1");
        var process = builder.start();
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new IOException(line + " did not end; so far it said:\n" + Files.readString(out));
        }
        var printed =
                Files.readString(out).replace(folder + "/", "").replace(host, "127.0.0.1:8080");
        return new Told(process.exitValue(), printed);
    }

    private void command(HttpExchange exchange) throws IOException {
        var call = calls.resolve(exchange.getRequestURI().getPath().substring(1));
        var here = Files.readAllLines(call.resolve("here"));
        var words = new ArrayList<String>();
        var given = call.resolve("words");
        if (Files.exists(given)) words.addAll(List.of(Files.readString(given).split("\0", -1)));
        if (!words.isEmpty()) words.removeLast();
        var in = call.resolve("in");
        settle();
        var told =
                Commands.runWith(
                        Files.exists(in) ? Files.readString(in) : "",
                        Map.of("DAVY_SERVER", here.get(1), "DAVY_TOKEN", here.get(2)),
                        absolute(Path.of(here.getFirst()), words));
        Files.writeString(call.resolve("out"), told.out());
        Files.writeString(call.resolve("err"), told.err());
        Files.writeString(call.resolve("exit"), Integer.toString(told.exit()));
        var answer = "done".getBytes(UTF_8);
        exchange.sendResponseHeaders(200, answer.length);
        try (var body = exchange.getResponseBody()) {
            body.write(answer);
        }
    }

    private void settle() {
        var davy = server().davy();
        if (!davy.readers().awaitCaughtUp(CAUGHT_UP))
            throw new IllegalStateException("what was logged is still not read");
        davy.monitors().judgeNow();
    }

    /// The words as they would be understood in that folder: this JVM stands in another.
    private static String[] absolute(Path here, List<String> words) {
        var meant = new ArrayList<String>();
        for (int at = 0; at < words.size(); at++) {
            var word = words.get(at);
            boolean made = at > 0 && MAKES.contains(words.get(at - 1));
            boolean there =
                    word.matches("[\\w./-]*[\\w/][\\w.-]*") && Files.exists(here.resolve(word));
            meant.add((made || there) && !word.isEmpty() ? here.resolve(word).toString() : word);
        }
        return meant.toArray(String[]::new);
    }

    @Override
    public void close() throws IOException {
        door.stop(0);
        if (server != null) server.close();
        for (var name : LINKS) Files.deleteIfExists(folder.resolve(name));
    }
}
