package dev.davy.storage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/// A disk that fails when it is told to: at the n-th call, from the n-th call on, or while a switch
/// is on.
final class FaultyDisk implements Disk {
    private static final String FULL = "No space left on device";

    private final AtomicInteger calls = new AtomicInteger();
    private final int failAt;
    private final boolean onlyOnce;

    volatile boolean full;
    volatile boolean failSyncs;
    volatile boolean failCopies;

    private FaultyDisk(int failAt, boolean onlyOnce) {
        this.failAt = failAt;
        this.onlyOnce = onlyOnce;
    }

    static FaultyDisk good() {
        return new FaultyDisk(Integer.MAX_VALUE, true);
    }

    static FaultyDisk failingOnceAt(int call) {
        return new FaultyDisk(call, true);
    }

    static FaultyDisk failingFrom(int call) {
        return new FaultyDisk(call, false);
    }

    /// Whether so many calls were made that it had to fail.
    boolean hasFailed() {
        return calls.get() >= failAt;
    }

    private boolean fails() {
        int call = calls.incrementAndGet();
        return onlyOnce ? call == failAt : call >= failAt;
    }

    private void maybeFail() throws IOException {
        if (fails()) throw new IOException("Input/output error");
    }

    @Override
    public FileChannel create(Path file) throws IOException {
        maybeFail();
        return REAL.create(file);
    }

    @Override
    public void write(FileChannel file, ByteBuffer content, long at) throws IOException {
        if (fails() || full) {
            // A full disk takes what it can first.
            REAL.write(file, content.limit(content.position() + content.remaining() / 3), at);
            throw new IOException(FULL);
        }
        REAL.write(file, content, at);
    }

    @Override
    public void truncate(FileChannel file, long length) throws IOException {
        maybeFail();
        REAL.truncate(file, length);
    }

    @Override
    public void force(FileChannel file) throws IOException {
        maybeFail();
        if (failSyncs) throw new IOException("Input/output error");
        REAL.force(file);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        maybeFail();
        REAL.move(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        maybeFail();
        REAL.delete(file);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        maybeFail();
        REAL.forceFolder(folder);
    }

    @Override
    public MemorySegment map(FileChannel file, long length, Arena arena) throws IOException {
        maybeFail();
        return REAL.map(file, length, arena);
    }

    @Override
    public void copy(byte[] from, int offset, int length, MemorySegment to, long at) {
        if (fails() || failCopies) {
            REAL.copy(from, offset, length / 2, to, at);
            throw new InternalError("a fault occurred in an unsafe memory access operation");
        }
        REAL.copy(from, offset, length, to, at);
    }

    @Override
    public void force(MemorySegment memory, long from, long to) throws IOException {
        maybeFail();
        if (failSyncs) throw new IOException("Input/output error");
        REAL.force(memory, from, to);
    }
}
