package dev.davy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.OptionalInt;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// The server of the soak through its lives: started, killed, stopped in order, and started again
/// on the same folder.
final class SoakServer implements AutoCloseable {
    /// One kill in so many is followed by another while the server starts.
    private static final int WHILE_STARTING_EVERY = 5;

    private final Place place;
    private final Path data;
    private final Whereabouts where;
    private final Tally tally;
    private final Samples samples = new Samples();
    private final Random random;
    private @Nullable ServerProcess process;
    private int lives;
    private int kills;
    private int whileStarting;
    private int stops;
    private int disorderly;

    SoakServer(Place place, Path data, Whereabouts where, Tally tally, long seed) {
        this.place = place;
        this.data = data;
        this.where = where;
        this.tally = tally;
        random = new Random(seed);
    }

    int kills() {
        return kills;
    }

    int whileStarting() {
        return whileStarting;
    }

    int stops() {
        return stops;
    }

    /// Stops in order that did not end by themselves with 0.
    int disorderly() {
        return disorderly;
    }

    /// How often it was started.
    synchronized int lives() {
        return lives;
    }

    /// Seconds until it was ready, one for each start; and until it had stopped in order.
    Samples samples() {
        return samples;
    }

    synchronized ServerProcess process() {
        if (process == null) throw new IllegalStateException("there is no server");
        return process;
    }

    /// Clients may ask as soon as it is ready.
    void start() throws IOException, InterruptedException {
        var started = begin();
        samples.add("ready", started.awaitReady().toNanos() / 1e9);
        where.serverAt(started.port());
    }

    private ServerProcess begin() throws IOException {
        int port = ServerProcess.freePort();
        var config = place.work().resolve("davy.yaml");
        // Often, so that kills hit the archive while it writes a file.
        Files.writeString(config, "archive: {every: 5 s}\n");
        var plain = new Candidate.Davy().command(place, data, port, true);
        var words = new ArrayList<>(plain.words());
        words.add("--config");
        words.add(config.toString());
        var begun =
                ServerProcess.start(
                        new ServerProcess.Command(words, plain.environment()),
                        port,
                        place.work().resolve("davy.output"));
        synchronized (this) {
            process = begun;
            lives++;
        }
        return begun;
    }

    /// Kills it, or stops it in order, one time in three; and starts it again.
    void fault() throws IOException, InterruptedException {
        tally.outageBegins();
        if (kills > 0 && random.nextInt(3) == 0) stop();
        else kill();
        if (random.nextInt(WHILE_STARTING_EVERY) == 0) {
            var doomed = begin();
            Thread.sleep(random.nextInt(2_000));
            doomed.kill();
            whileStarting++;
        }
        start();
        tally.outageEnds();
    }

    private void kill() throws InterruptedException {
        where.serverAt(0);
        process().kill();
        kills++;
    }

    private void stop() throws InterruptedException {
        // Callers go on while it ends.
        long asked = System.nanoTime();
        OptionalInt code = process().stop();
        where.serverAt(0);
        stops++;
        samples.add("stopped", (System.nanoTime() - asked) / 1e9);
        if (code.isPresent() && code.getAsInt() == 0) return;
        disorderly++;
        place.progress(
                code.isPresent() ? "it ended with " + code.getAsInt() : "it had to be killed");
    }

    @Override
    public void close() throws InterruptedException {
        where.serverAt(0);
        var last = process;
        if (last != null) last.close();
    }
}
