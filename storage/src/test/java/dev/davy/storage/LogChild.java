package dev.davy.storage;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;

/// A process that appends until it is killed, and says of each batch when it was acknowledged.
final class LogChild {
    static final int THREADS = 3;

    private LogChild() {}

    /// @param args folder, number of the round
    public static void main(String[] args) throws IOException {
        var settings =
                new Log.Settings(
                        64 << 10,
                        Duration.ofMillis(20),
                        false,
                        1L << 30,
                        Duration.ofDays(1),
                        Log.WhenFull.STOP);
        var log = Log.open(Path.of(args[0]), 1, settings, InstantSource.system());
        var ids = new Ids(1, InstantSource.system(), log.newestId());
        long round = Long.parseLong(args[1]);
        for (int t = 0; t < THREADS; t++) {
            long from = round * 1_000_000_000 + t * 100_000_000L;
            Thread.ofPlatform().start(() -> append(log, ids, from));
        }
    }

    private static void append(Log log, Ids ids, long from) {
        var random = new Random(from);
        // Not System.out: what is printed must be on its way when the append has returned.
        try (var out = new FileOutputStream(FileDescriptor.out)) {
            var batch = new RecordBatch();
            for (long next = from; ; ) {
                batch.clear();
                int records = 1 + random.nextInt(8);
                for (int i = 0; i < records; i++) LogKit.put(batch, ids.next(), next + i);
                var end = log.append(batch);
                if (random.nextInt(50) == 0) log.awaitSynced(end);
                var line = next + " " + records + "\n";
                out.write(line.getBytes(StandardCharsets.US_ASCII));
                next += records;
            }
        } catch (IOException | LogFailed e) {
            // Its parent went away, or the log failed: either way the test fails.
            System.exit(1);
        }
    }
}
