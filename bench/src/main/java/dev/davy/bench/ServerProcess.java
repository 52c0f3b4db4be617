package dev.davy.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A server under test in a process of its own, started by its own start command.
final class ServerProcess implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(60);

    /// Longer than a server gives to calls that run when it is told to stop.
    private static final Duration STOP_MAX = Duration.ofSeconds(40);

    private static final Duration POLL = Duration.ofMillis(2);
    // Linux counts CPU time in hundredths of a second for programs that ask, on every machine.
    private static final double TICKS_PER_SECOND = 100;

    /// How Vert.x calls them, as Linux cuts it.
    private static final String EVENT_LOOP = "vert.x-e";

    private final Process process;
    private final int port;
    private final Path output;
    private final long started;

    private ServerProcess(Process process, int port, Path output, long started) {
        this.process = process;
        this.port = port;
        this.output = output;
        this.started = started;
    }

    /// @param environment added to our own
    record Command(List<String> words, Map<String, String> environment) {}

    static ServerProcess start(Command command, int port, Path output) throws IOException {
        var builder =
                new ProcessBuilder(command.words())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().putAll(command.environment());
        long started = System.nanoTime();
        return new ServerProcess(builder.start(), port, output, started);
    }

    /// A port that was free a moment ago.
    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// Waits until the server says that it is ready; how long that took from the start command.
    Duration awaitReady() throws IOException, InterruptedException {
        while (true) {
            try (var wire = Wire.connect(port, Duration.ofSeconds(5))) {
                while (wire.get("/v2/health/ready").status() != 200) Thread.sleep(POLL);
                return sinceStart();
            } catch (IOException notYet) {
                if (!process.isAlive() || sinceStart().compareTo(START_MAX) > 0)
                    throw new Unmeasurable(
                            "The server did not become ready in %d s. It said:%n%s"
                                    .formatted(sinceStart().toSeconds(), lastWords()));
                Thread.sleep(POLL);
            }
        }
    }

    private Duration sinceStart() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    private String lastWords() throws IOException {
        var lines = Files.readAllLines(output);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    int port() {
        return port;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// CPU time that the server has used so far, in seconds over all cores.
    double cpuSeconds() throws IOException {
        return cpuSeconds(jvm());
    }

    private static double cpuSeconds(long pid) throws IOException {
        var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        // The name, in parentheses, may hold anything; the 14th and 15th field are user and system.
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /// CPU time of the server and of all processes that it has started and that still live, by
    /// process, in seconds.
    Map<Long, Double> cpuSecondsByProcess() {
        var seconds = new java.util.HashMap<Long, Double>();
        for (var each :
                Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList())
            try {
                seconds.put(each.pid(), cpuSeconds(each.pid()));
            } catch (IOException ended) {
                // It is in no sum before or after.
            }
        return seconds;
    }

    /// CPU time of the server's event loops, in seconds.
    double eventLoopSeconds() throws IOException {
        long nanos = 0;
        for (var thread : threads(jvm()))
            if (thread.name().startsWith(EVENT_LOOP)) nanos += thread.nanos();
        if (nanos == 0) throw new Unmeasurable("The server has no thread " + EVENT_LOOP + "….");
        return nanos / 1e9;
    }

    private record Running(String name, long nanos) {}

    /// Linux counts the time of each thread in nanoseconds.
    private static List<Running> threads(long pid) throws IOException {
        var threads = new ArrayList<Running>();
        try (var folders = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (var folder : folders)
                try {
                    var nanos = Files.readString(folder.resolve("schedstat")).split(" ")[0];
                    var name = Files.readString(folder.resolve("comm")).strip();
                    threads.add(new Running(name, Long.parseLong(nanos)));
                } catch (IOException ended) {
                    // A thread that ended meanwhile is in no sum before or after.
                }
        } catch (java.nio.file.NoSuchFileException gone) {
            return List.of();
        }
        return threads;
    }

    /// Resident memory now, in megabytes of 10^6 bytes.
    double residentMegabytes() throws IOException {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(jvm()), "status"))) {
            var line = lines.filter(each -> each.startsWith("VmRSS:")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6;
        }
    }

    /// Files, sockets and the like that the server has open.
    int openFiles() throws IOException {
        return count("fd");
    }

    int threadCount() throws IOException {
        return count("task");
    }

    private int count(String what) throws IOException {
        try (var all = Files.list(Path.of("/proc", Long.toString(jvm()), what))) {
            return (int) all.count();
        }
    }

    /// The start command may be a script that keeps a child: the one that has used most CPU is the
    /// server.
    private long jvm() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .max(
                        java.util.Comparator.comparing(
                                each -> each.info().totalCpuDuration().orElse(Duration.ZERO)))
                .orElseThrow()
                .pid();
    }

    /// As the power button does it: no warning, no last words.
    void kill() throws InterruptedException {
        var all = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
    }

    /// Asks it to end, and waits for that; what it ends with, empty if it does not.
    OptionalInt stop() throws InterruptedException {
        process.destroy();
        if (process.waitFor(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS))
            return OptionalInt.of(process.exitValue());
        kill();
        return OptionalInt.empty();
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }
}
