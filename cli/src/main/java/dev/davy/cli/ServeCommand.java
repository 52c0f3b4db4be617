package dev.davy.cli;

import dev.davy.server.Server;
import dev.davy.server.Settings;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Starts the server and stays until it is told to stop.
@Command(name = "serve", description = "Start Davy here, until it is told to stop.")
final class ServeCommand implements Callable<Integer> {
    private final Connection connection;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "davy-data",
            description = "where everything is kept (${DEFAULT-VALUE})")
    private Path data = Path.of("davy-data");

    @Option(
            names = "--host",
            paramLabel = "H",
            description = "where it listens; anything but loopback needs tokens (127.0.0.1)")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "P", description = "0 for any free one (8080)")
    private @Nullable Integer port;

    @Option(names = "--config", paramLabel = "FILE", description = "settings in YAML")
    private @Nullable Path config;

    ServeCommand(Connection connection) {
        this.connection = connection;
    }

    /// The command for words that are nothing but `serve` and its own options with their values: a
    /// start need not wait for picocli, whose classes are older than a cache of loaded classes can
    /// hold and take 0.2 s. Empty for anything else, which picocli then reads or refuses.
    static Optional<ServeCommand> plain(Connection connection, String... words) {
        var command = new ServeCommand(connection);
        if (words.length == 0 || !words[0].equals("serve")) return Optional.empty();
        var given = new HashSet<String>();
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            var name = equals < 0 ? words[i] : words[i].substring(0, equals);
            if (equals < 0 && ++i == words.length) return Optional.empty();
            var value = equals < 0 ? words[i] : words[i].substring(equals + 1);
            if (!given.add(name)
                    || value.isEmpty()
                    || value.startsWith("-")
                    || value.startsWith("\"")) return Optional.empty();
            switch (name) {
                case "--data" -> command.data = Path.of(value);
                case "--host" -> command.host = value;
                case "--config" -> command.config = Path.of(value);
                case "--port" -> {
                    if (!value.matches("[0-9]{1,5}")) return Optional.empty();
                    command.port = Integer.valueOf(value);
                }
                case "-o" -> {
                    if (!value.equals("json")) return Optional.empty();
                    connection.answerInJson();
                }
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(command);
    }

    @Override
    public Integer call() throws InterruptedException {
        LogLines.begin();
        Settings settings;
        try {
            settings = settings();
        } catch (Problem problem) {
            connection.terminal().problem(problem);
            return Exit.USAGE;
        }
        try {
            serve(Server.start(settings));
            return Exit.YES;
        } catch (Problem problem) {
            connection.terminal().problem(problem);
            return Exit.NOT_DONE;
        }
    }

    private Settings settings() {
        var settings = config == null ? Settings.of(data) : Settings.read(config, data);
        if (host != null) settings = settings.host(host);
        if (port != null) {
            if (port < 0 || port > 65_535)
                throw new Problem(
                        Problem.Kind.UNACCEPTABLE,
                        "port-not-allowed",
                        "It cannot listen on port " + port + ".",
                        "Ports are 0 to 65535, and 0 means any free one.",
                        "Choose another: --port 8080.");
            settings = settings.port(port);
        }
        return settings;
    }

    private void serve(Server server) throws InterruptedException {
        var told = new CountDownLatch(1);
        var exit = new CompletableFuture<Integer>();
        // SIGTERM and Ctrl-C run this. The JVM's own exit code would be 143 or 130, but a server
        // that ended in order ended well.
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    told.countDown();
                                    Runtime.getRuntime().halt(exit.join());
                                },
                                "davy-stop"));
        greet(server);
        told.await();
        try {
            server.close();
            exit.complete(Exit.YES);
        } finally {
            exit.complete(Exit.NOT_DONE);
        }
    }

    private void greet(Server server) {
        var terminal = connection.terminal();
        var settings = server.davy().settings();
        var address = "http://" + inUrl(settings.host()) + ":" + server.port();
        var folder = settings.data().toAbsolutePath().normalize();
        if (connection.json()) {
            terminal.json(
                    Json.object()
                            .put("address", address)
                            .put("port", server.port())
                            .put("data", folder.toString()));
            return;
        }
        terminal.line("Davy answers at " + address + " and keeps everything in " + folder + ".");
        server.firstToken()
                .ifPresent(token ->
                        terminal.line(
                                "The first administrator's token is in "
                                        + token
                                        + ", for this user's eyes only."));
        terminal.next(
                server.davy().models().names().isEmpty()
                        ? "davy model push NAME MODEL.onnx"
                        : "davy get endpoints");
    }

    private static String inUrl(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
