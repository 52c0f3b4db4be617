package dev.davy.cli;

import dev.davy.demo.Door;
import dev.davy.demo.Traffic;
import dev.davy.server.Server;
import dev.davy.server.Settings;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import dev.davy.web.Story;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/// A server that is there to be looked at: in a folder of its own, with traffic of our own, until
/// Ctrl-C. What `davy demo` and `davy try` have in common.
///
/// @param data where everything is kept; empty: in a temporary folder that is deleted in the end
/// @param port that it listens on; empty: 8080, or any other when that is taken
/// @param browser whether to open one, where there is a desktop
/// @param story that the pages tell
record Showing(
        Terminal terminal,
        boolean json,
        Optional<Path> data,
        OptionalInt port,
        boolean browser,
        Story story) {
    private static final int USUAL = 8080;

    /// A stopped server has nobody left to wait for: what is under way is our own traffic.
    private static final Duration DRAIN = Duration.ofMillis(500);

    /// What to look at.
    ///
    /// @param page path of the page to open
    /// @param title one line: what it is
    /// @param more lines that say what is going on there
    /// @param next the command that is worth trying next
    record Shown(Traffic traffic, String page, String title, List<String> more, String next) {}

    /// Starts the server, lets `begin` fill it through its door, says where it is, and returns when
    /// the process is told to stop and everything is in order.
    int run(Function<Door, Shown> begin) throws IOException, InterruptedException {
        var folder = data.isPresent() ? data.get() : Files.createTempDirectory("davy-demo-");
        var told = new CountDownLatch(1);
        var exit = new CompletableFuture<Integer>();
        var hook =
                new Thread(
                        () -> {
                            told.countDown();
                            Runtime.getRuntime().halt(exit.join());
                        },
                        "davy-stop");
        try (var server = start(folder);
                var door = new Door(URI.create("http://127.0.0.1:" + server.port()))) {
            // From here on Ctrl-C ends in order, also while the model is being tried.
            Runtime.getRuntime().addShutdownHook(hook);
            var shown = begin.apply(door);
            try (var traffic = shown.traffic()) {
                greet(door.server() + shown.page(), shown, folder);
                told.await();
                say(traffic.count());
            }
        } catch (Problem problem) {
            terminal.problem(problem);
            exit.complete(Exit.NOT_DONE);
            return Exit.NOT_DONE;
        } finally {
            if (data.isEmpty()) delete(folder);
            exit.complete(told.getCount() == 0 ? Exit.YES : Exit.NOT_DONE);
        }
        return Exit.YES;
    }

    private Server start(Path folder) {
        var settings = Settings.of(folder).drain(DRAIN).port(port.orElse(USUAL));
        try {
            return Server.start(settings, story);
        } catch (Problem problem) {
            if (port.isPresent() || !problem.code().equals("address-not-available")) throw problem;
            return Server.start(settings.port(0), story);
        }
    }

    private void greet(String address, Shown shown, Path folder) {
        if (json) {
            terminal.json(
                    Json.object()
                            .put("address", address)
                            .put("data", folder.toAbsolutePath().toString()));
            return;
        }
        terminal.line("");
        terminal.line("    " + shown.title());
        terminal.line("");
        terminal.line("    " + terminal.strong(address));
        terminal.line("");
        for (var line : shown.more()) terminal.line("    " + Terminal.clean(line));
        terminal.line(
                "    Everything is kept in "
                        + folder.toAbsolutePath()
                        + (data.isEmpty() ? ", which is deleted in the end." : "."));
        terminal.line("    Ctrl-C ends it.");
        if (browser) open(address);
        if (!shown.next().isEmpty()) terminal.next(shown.next());
    }

    private void say(Traffic.Count count) {
        if (json) return;
        terminal.line("");
        terminal.line(
                "%,d predictions and %,d feedbacks were made; %,d calls failed."
                        .formatted(count.asked(), count.told(), count.failed()));
        count.trouble()
                .ifPresent(why -> terminal.line("The last failed because: " + Terminal.clean(why)));
    }

    /// Only where a person sits at a desktop; that it cannot be opened is no reason to stop.
    private void open(String address) {
        var system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        boolean desktop =
                !terminal.variable("DISPLAY").isEmpty()
                        || !terminal.variable("WAYLAND_DISPLAY").isEmpty();
        if (!terminal.person()) return;
        var command =
                system.contains("mac")
                        ? new ProcessBuilder("open", address)
                        : system.contains("windows")
                                ? new ProcessBuilder(
                                        "rundll32", "url.dll,FileProtocolHandler", address)
                                : new ProcessBuilder("xdg-open", address);
        if (!desktop && !system.contains("mac") && !system.contains("windows")) return;
        try {
            command.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException noBrowser) {
            // the address stands on the screen
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList())
                Files.deleteIfExists(file);
        }
    }
}
