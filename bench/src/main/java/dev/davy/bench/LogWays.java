package dev.davy.bench;

import dev.davy.storage.Log;
import dev.davy.storage.LogFailed;
import dev.davy.storage.RecordBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import org.HdrHistogram.Histogram;

/// Which way into the log is faster: a copy into a mapped file that was filled with zeros, or one
/// `write` per batch? Both bare, under one lock, with a sync of all that is new every 100 ms, two
/// threads, records of 200 bytes checksummed before the lock is taken. The third way, `log`, is
/// [Log] itself, which took the first.
///
///     LogWays FOLDER [SECONDS]
///
/// The folder should lie on the disk of interest. Latency is that of the append alone.
public final class LogWays {
    private static final int RECORD = 200;
    private static final int THREADS = 2;
    private static final long SEGMENT = 64L << 20;
    private static final long SYNC_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private LogWays() {}

    public static void main(String[] args) throws Exception {
        var folder = Path.of(args.length > 0 ? args[0] : "target/log-ways");
        double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 3;
        Files.createDirectories(folder);
        System.out.println(
                "way      batch  pace/s       records/s   p50 us   p99 us  p99.9 us    max us");
        for (int round = 0; round < 2; round++)
            for (long pace : new long[] {0, 100_000})
                for (int batch : new int[] {1, 8, 32})
                    for (var name : List.of("mapped", "write", "log"))
                        // The first round only warms the compiler up.
                        measure(folder, name, batch, pace, round == 0 ? 0.7 : seconds, round > 0);
    }

    private static void measure(
            Path folder, String name, int batch, long pace, double seconds, boolean print)
            throws Exception {
        var stop = new AtomicBoolean();
        var total = new AtomicLong();
        var all = new Histogram(TimeUnit.SECONDS.toNanos(10), 3);
        var done = new CountDownLatch(THREADS);
        try (Way way = open(name, folder)) {
            long start = System.nanoTime();
            for (int t = 0; t < THREADS; t++)
                Thread.ofPlatform()
                        .start(() -> {
                            var mine = new Histogram(TimeUnit.SECONDS.toNanos(10), 3);
                            try {
                                total.addAndGet(load(way, batch, pace, stop, mine));
                            } finally {
                                synchronized (all) {
                                    all.add(mine);
                                }
                                done.countDown();
                            }
                        });
            LockSupport.parkNanos((long) (seconds * 1e9));
            stop.set(true);
            done.await();
            double took = (System.nanoTime() - start) / 1e9;
            if (print)
                System.out.printf(
                        "%-8s %5d %7s %,15.0f %8.2f %8.2f %9.2f %9.0f%n",
                        name,
                        batch,
                        pace == 0 ? "most" : pace / 1000 + "k",
                        total.get() / took,
                        all.getValueAtPercentile(50) / 1e3,
                        all.getValueAtPercentile(99) / 1e3,
                        all.getValueAtPercentile(99.9) / 1e3,
                        all.getMaxValue() / 1e3);
        }
        Thread.sleep(500); // let the disk finish what it owes this way, or the next one pays
    }

    private static Way open(String name, Path folder) throws IOException {
        return switch (name) {
            case "mapped" -> new Mapped(folder);
            case "write" -> new Written(folder);
            default -> new Kept(folder);
        };
    }

    /// Appends batches until told to stop, as fast as it can or at an even pace.
    private static long load(
            Way way, int records, long pacePerSecond, AtomicBoolean stop, Histogram took) {
        var appender = way.appender(records);
        long appended = 0;
        long interval = pacePerSecond == 0 ? 0 : 1_000_000_000L * records * THREADS / pacePerSecond;
        long due = System.nanoTime();
        while (!stop.get()) {
            appender.prepare(appended);
            if (interval > 0) {
                due += interval;
                while (System.nanoTime() < due && !stop.get()) Thread.onSpinWait();
            }
            long before = System.nanoTime();
            boolean kept = appender.append();
            took.recordValue(System.nanoTime() - before);
            if (kept) appended += records;
        }
        return appended;
    }

    /// One thread's batches on their way into the log.
    private interface Appender {
        void prepare(long number);

        boolean append();
    }

    private interface Way extends AutoCloseable {
        Appender appender(int records);
    }

    /// The log that Davy keeps.
    private static final class Kept implements Way {
        private final Path folder;
        private final Log log;

        Kept(Path folder) throws IOException {
            this.folder = Files.createTempDirectory(folder, "log");
            log = Log.open(this.folder, 1, Log.Settings.DEFAULT, InstantSource.system());
        }

        @Override
        public Appender appender(int records) {
            return new Appender() {
                private final RecordBatch batch = new RecordBatch();
                private final byte[] content = new byte[RECORD - 48 - 8];

                @Override
                public void prepare(long number) {
                    batch.clear();
                    for (int r = 0; r < records; r++) {
                        batch.begin(1, 1, 0, 0, number + r, 0);
                        batch.putLong(number + r).putBytes(content, 0, content.length);
                        batch.end();
                    }
                }

                @Override
                public boolean append() {
                    try {
                        log.append(batch);
                        return true;
                    } catch (LogFailed e) {
                        return false; // The disk is slower than this load: it is not counted.
                    }
                }
            };
        }

        @Override
        public void close() throws Exception {
            log.close();
            try (var files = Files.list(folder)) {
                for (var file : files.toList()) Files.delete(file);
            }
            Files.delete(folder);
        }
    }

    /// One lock, files in a row, and a thread that syncs.
    private abstract static class Bare implements Way {
        final Path folder;
        final ReentrantLock lock = new ReentrantLock();
        private final List<Thread> threads = new ArrayList<>();
        volatile boolean closed;
        private long files;

        Bare(Path folder) {
            this.folder = folder;
        }

        abstract void write(ByteBuffer batch) throws IOException;

        abstract void sync() throws IOException;

        @Override
        public Appender appender(int records) {
            var batch = ByteBuffer.allocateDirect(records * RECORD);
            var checksum = new CRC32C();
            return new Appender() {
                @Override
                public void prepare(long number) {
                    for (int r = 0; r < records; r++) {
                        int at = r * RECORD;
                        batch.putInt(at, RECORD).putLong(at + 8, number + r);
                        checksum.reset();
                        checksum.update(batch.slice(at + 8, RECORD - 8));
                        batch.putInt(at + 4, (int) checksum.getValue());
                    }
                }

                @Override
                public boolean append() {
                    Bare.this.append(batch);
                    return true;
                }
            };
        }

        private void append(ByteBuffer batch) {
            for (int spin = 0; spin < 100 && !lock.tryLock(); spin++) Thread.onSpinWait();
            if (!lock.isHeldByCurrentThread()) lock.lock();
            try {
                write(batch);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                lock.unlock();
            }
        }

        final void syncAll() {
            while (!closed) {
                LockSupport.parkNanos(SYNC_NANOS);
                try {
                    sync();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        final void inBackground(Runnable work) {
            threads.add(Thread.ofPlatform().start(work));
        }

        final synchronized Path nextFile() {
            return folder.resolve("ways-" + files++);
        }

        @Override
        public void close() throws Exception {
            closed = true;
            for (var thread : threads) {
                // A thread in the middle of a write may not be interrupted: that closes its
                // channel.
                for (; thread.isAlive(); LockSupport.unpark(thread)) thread.join(10);
            }
            for (long i = 0; i < files; i++) Files.deleteIfExists(folder.resolve("ways-" + i));
        }
    }

    private static final class Written extends Bare {
        private FileChannel file;
        private long size;
        private final BlockingQueue<FileChannel> full = new ArrayBlockingQueue<>(1000);
        private volatile boolean dirty;

        Written(Path folder) throws IOException {
            super(folder);
            file = open();
            inBackground(this::syncAll);
        }

        private FileChannel open() throws IOException {
            return FileChannel.open(
                    nextFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        }

        @Override
        void write(ByteBuffer batch) throws IOException {
            if (size + batch.capacity() > SEGMENT) {
                full.add(file);
                file = open();
                size = 0;
            }
            size += file.write(batch.clear());
            dirty = true;
        }

        @Override
        void sync() throws IOException {
            for (var old = full.poll(); old != null; old = full.poll()) {
                old.force(false);
                old.close();
            }
            FileChannel now;
            lock.lock();
            try {
                now = file;
                if (!dirty) return;
                dirty = false;
            } finally {
                lock.unlock();
            }
            now.force(false);
        }

        @Override
        public void close() throws Exception {
            super.close();
            file.close();
        }
    }

    private static final class Mapped extends Bare {
        private static final VarHandle LENGTH = ValueLayout.JAVA_INT_UNALIGNED.varHandle();

        private record Part(Arena arena, MemorySegment memory) {}

        private final BlockingQueue<Part> ready = new ArrayBlockingQueue<>(1);
        private final BlockingQueue<Part> full = new ArrayBlockingQueue<>(1000);
        private Part part;
        private long at;
        private long synced;

        Mapped(Path folder) throws IOException {
            super(folder);
            part = prepare();
            inBackground(this::prepareAll);
            inBackground(this::syncAll);
        }

        private Part prepare() throws IOException {
            try (var file =
                    FileChannel.open(
                            nextFile(),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE)) {
                var zeros = ByteBuffer.allocateDirect(1 << 20);
                for (long size = 0; size < SEGMENT; ) size += file.write(zeros.clear());
                var arena = Arena.ofShared();
                return new Part(arena, file.map(FileChannel.MapMode.READ_WRITE, 0, SEGMENT, arena));
            }
        }

        private void prepareAll() {
            try {
                while (!closed) {
                    var next = prepare();
                    while (!closed && !ready.offer(next, 10, TimeUnit.MILLISECONDS)) {}
                }
            } catch (IOException e) {
                if (!closed) throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        void write(ByteBuffer batch) {
            int size = batch.capacity();
            if (at + size > SEGMENT) {
                full.add(part);
                try {
                    part = ready.take();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                at = 0;
            }
            MemorySegment.copy(
                    MemorySegment.ofBuffer(batch.clear()), 4, part.memory, at + 4, size - 4L);
            VarHandle.releaseFence();
            LENGTH.set(part.memory, at, batch.getInt(0));
            at += size;
        }

        @Override
        void sync() {
            for (var old = full.poll(); old != null; old = full.poll()) {
                old.memory.asSlice(synced).force();
                old.arena.close();
                synced = 0;
            }
            Part now;
            long end;
            lock.lock();
            try {
                if (!full.isEmpty()) return;
                now = part;
                end = at;
            } finally {
                lock.unlock();
            }
            if (end > synced) now.memory.asSlice(synced, end - synced).force();
            synced = end;
        }

        @Override
        public void close() throws Exception {
            super.close();
            part.arena.close();
            full.forEach(old -> old.arena.close());
            ready.forEach(spare -> spare.arena.close());
        }
    }
}
