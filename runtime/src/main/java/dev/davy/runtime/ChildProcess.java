package dev.davy.runtime;

import dev.davy.schema.Row;
import dev.davy.strict.Problem;
import dev.davy.strict.SafePath;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;

/// A child process with a model in it, seen from the parent.
final class ChildProcess implements AutoCloseable {
    /// What a lean JVM and the library take of the address space before any model is loaded.
    private static final long BASE_BYTES = 1_500L << 20;

    private static final String SHELL = "/bin/sh";
    private static final long CLOSE_WITHIN_MILLIS = 300;
    private static final long KILLED_WITHIN_MILLIS = 5_000;
    private static final String NO_LIMIT_HERE = "no address-space limit can be set on this system";

    private final Process process;
    private final Path folder;
    private final Path socket;
    private final Duration loading;
    private final boolean limited;
    private final AtomicBoolean closed = new AtomicBoolean();

    private ChildProcess(
            Process process, Path folder, Path socket, Duration loading, boolean limited) {
        this.process = process;
        this.folder = folder;
        this.socket = socket;
        this.loading = loading;
        this.limited = limited;
    }

    /// Starts a child and waits until it has loaded the model.
    ///
    /// @param memoryBytes what the model may take, above what the process needs
    /// @param within for how long to wait
    /// @param urgent whether callers wait for it; otherwise all of it gives way
    /// @param launched is told of the process, before it has loaded anything
    /// @throws Problem `UNACCEPTABLE` when the model cannot be loaded, or kills the child in the
    ///   attempt; `UNAVAILABLE` when no child can be started
    static ChildProcess start(
            Path model,
            long memoryBytes,
            Duration within,
            boolean urgent,
            Consumer<Process> launched) {
        var library = Onnx.library();
        Process process;
        Path folder;
        Path socket;
        boolean limited = isLinux();
        try {
            folder = Files.createTempDirectory("davy");
            socket = SafePath.inside(folder, "s");
            var command = command(library, socket, model);
            if (limited && !Files.isExecutable(Path.of(SHELL))) limited = false;
            process = launch(limited ? limited(memoryBytes, urgent, command) : command, folder);
        } catch (IOException e) {
            throw notStarted();
        }
        launched.accept(process);
        var killed = new AtomicBoolean();
        var timer =
                new Guard(() -> {
                    killed.set(true);
                    process.destroyForcibly();
                });
        Watchdog.watch(timer);
        timer.begin(System.nanoTime() + within.toNanos());
        try {
            var loading = greeting(new DataInputStream(process.getInputStream()));
            var child = new ChildProcess(process, folder, socket, loading, limited);
            if (!limited) MemoryWatch.over(process, memoryBytes);
            return child;
        } catch (IOException e) {
            throw ended(process, folder, killed.get(), within);
        } catch (Problem problem) {
            remove(process, folder);
            throw problem;
        } finally {
            timer.finish();
            Watchdog.forget(timer);
        }
    }

    private static boolean isLinux() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
    }

    private static Process launch(List<String> command, Path folder) throws IOException {
        var builder = new ProcessBuilder(command);
        builder.directory(folder.toFile());
        // A model has no business with this process's environment, which may hold secrets.
        var path = System.getenv("PATH");
        builder.environment().clear();
        if (path != null) builder.environment().put("PATH", path);
        // Each arena of the C library takes 64 MB of the address space that is limited.
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        return builder.start();
    }

    /// By the shell, which can limit itself before it becomes the child. A model that is tried
    /// gives way; one that answers callers does not, or on a busy machine it would look slower than
    /// the same model in this process.
    private static List<String> limited(long memoryBytes, boolean urgent, List<String> command) {
        var shell = new ArrayList<String>();
        shell.add(SHELL);
        shell.add("-c");
        shell.add(
                "ulimit -c 0; ulimit -v \"$1\"; shift; "
                        + (urgent ? "" : "command -v nice >/dev/null && exec nice -n 10 \"$@\"; ")
                        + "exec \"$@\"");
        shell.add("davy-model");
        shell.add(String.valueOf((BASE_BYTES + memoryBytes) >> 10));
        shell.addAll(command);
        return shell;
    }

    private static List<String> command(Path library, Path socket, Path model) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(
                java,
                "-Xmx64m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:CompressedClassSpaceSize=32m",
                "-XX:ReservedCodeCacheSize=24m",
                "-XX:MaxDirectMemorySize=2g",
                "-XX:-UsePerfData",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-CreateCoredumpOnCrash",
                "-Djdk.serialFilter=!*",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                Child.class.getName(),
                socket.toString(),
                library.toString(),
                model.toAbsolutePath().toString());
    }

    /// The few files that the child needs; all of the class path where they cannot be told.
    private static String classPath() {
        var files = new LinkedHashSet<String>();
        for (var type :
                List.of(Child.class, Problem.class, Row.class, JsonNode.class, JsonParser.class)) {
            var source = type.getProtectionDomain().getCodeSource();
            if (source == null || !source.getLocation().getProtocol().equals("file"))
                return System.getProperty("java.class.path");
            files.add(Path.of(URI.create(source.getLocation().toString())).toString());
        }
        return String.join(File.pathSeparator, files);
    }

    private static Duration greeting(DataInputStream in) throws IOException {
        if (in.readInt() != Child.GREETING) throw new IOException("no greeting");
        if (in.readBoolean()) return Duration.ofNanos(in.readLong());
        throw new Problem(
                Problem.Kind.UNACCEPTABLE, in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF());
    }

    private static Problem notStarted() {
        return new Problem(
                Problem.Kind.UNAVAILABLE,
                "child-not-started",
                "The model's process cannot be started.",
                "The system did not start another process.",
                "Free memory or processes on the server and try again.");
    }

    private static Problem ended(Process process, Path folder, boolean late, Duration within) {
        int code = -1;
        try {
            if (process.waitFor(CLOSE_WITHIN_MILLIS, TimeUnit.MILLISECONDS))
                code = process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        remove(process, folder);
        var why =
                late
                        ? "Loading took longer than " + within.toSeconds() + " s."
                        : code == 3
                                ? "Loading it takes more memory than it may have."
                                : "The process that loaded it ended with code " + code + ".";
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "model-not-loadable",
                "The model cannot be loaded.",
                why,
                "Check the file with onnx.checker, or make the model smaller.");
    }

    /// A connection of one session.
    SocketChannel connect() throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    Duration loading() {
        return loading;
    }

    /// What a person should know of the limits; empty when all are in force.
    List<String> notes() {
        return limited ? List.of() : List.of(NO_LIMIT_HERE + "; its memory is watched instead");
    }

    /// The greatest resident memory so far; 0 where it cannot be told.
    long memoryBytes() {
        try {
            for (var line :
                    Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")))
                if (line.startsWith("VmHWM:"))
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
        } catch (IOException e) {
            return 0;
        }
        return 0;
    }

    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) return;
        try {
            // The end of its standard input tells the child to end.
            process.getOutputStream().close();
            process.waitFor(CLOSE_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            // It is gone already.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        remove(process, folder);
    }

    private static void remove(Process process, Path folder) {
        try {
            process.destroyForcibly().waitFor(KILLED_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (var inside = Files.list(folder)) {
            for (var file : inside.toList()) Files.deleteIfExists(file);
        } catch (IOException e) {
            // The child was faster.
        }
        try {
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // A temporary folder that stays behind does no harm.
        }
    }
}
