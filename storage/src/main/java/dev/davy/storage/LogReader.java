package dev.davy.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Reads the logs of all nodes in a folder, each in its own order, at its own pace. For one thread.
///
///     while (running) {
///         while (reader.next()) if (reader.type() == PREDICTION) read(reader.payload());
///         store(reader.cursor());
///         reader.await(Duration.ofSeconds(1));
///     }
///
/// It sees a record as soon as it was appended, which may be before it is on disk: after a power loss
/// its cursor may lie beyond what is left. New records have another epoch then, so none is skipped.
public final class LogReader implements AutoCloseable {
    /// Appends do not wake a reader more often than this: a reader that follows a busy log would
    /// otherwise make every append slower.
    private static final long WAKE_EVERY_NANOS = 5_000_000;

    /// How often the logs of other nodes are looked at while waiting, which nobody wakes us for.
    private static final long LOOK_EVERY_NANOS = 100_000_000;

    /// So many records of one node are read before it is the next one's turn.
    private static final int TURN = 1_000;

    private final Path folder;
    private final @Nullable LogWriter own;
    private final Wakeups wakeups;
    private final Map<Integer, Position> unopened;
    private final List<NodeReader> nodes = new ArrayList<>();
    private final Payload payload = Payload.of(new byte[0]);

    private int turn;
    private int taken;
    private @Nullable NodeReader current;
    private NodeReader.Step step = NodeReader.Step.NOTHING;
    private List<Position> listed = List.of();
    private boolean mayBeStale = true;
    private long readUpTo = -1;
    private long lookedAt = System.nanoTime() - LOOK_EVERY_NANOS;
    private long wokenAt = System.nanoTime() - WAKE_EVERY_NANOS;

    LogReader(Path folder, Cursor from, @Nullable LogWriter own, Wakeups wakeups) {
        this.folder = folder;
        this.own = own;
        this.wakeups = wakeups;
        this.unopened = new HashMap<>(from.positions());
        if (own != null) node(own.node());
    }

    /// Reads a folder whose logs are written by others, or by nobody.
    public static LogReader of(Path folder, Cursor from) {
        return new LogReader(folder, from, null, new Wakeups());
    }

    /// Moves to the next record or gap; false if there is none now.
    ///
    /// @throws UncheckedIOException if the disk cannot be read; it can be tried again
    public boolean next() {
        try {
            mayBeStale = true;
            // Asked before looking: what comes in between is found now, or wakes us later.
            if (own != null) readUpTo = own.endOffset();
            if (taken >= TURN) pass();
            findNodes();
            for (int tried = 0; tried < nodes.size(); tried++) {
                current = nodes.get(turn);
                step = current.next(this::files);
                taken++;
                if (step != NodeReader.Step.NOTHING) return true;
                pass();
            }
            current = null;
            step = NodeReader.Step.NOTHING;
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until there may be something to read, at most this long. It wakes by itself, at the
    /// latest some milliseconds after an append of this process.
    ///
    /// @return whether there may be something
    public boolean await(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        for (long early = wokenAt + WAKE_EVERY_NANOS - System.nanoTime();
                early > 0;
                early = wokenAt + WAKE_EVERY_NANOS - System.nanoTime()) {
            LockSupport.parkNanos(this, early);
            if (Thread.interrupted()) throw new InterruptedException();
        }
        boolean others = own == null || nodes.size() > 1;
        long left = deadline - System.nanoTime();
        boolean grown =
                wakeups.await(
                        () -> own != null && own.endOffset() != readUpTo,
                        others ? Math.min(LOOK_EVERY_NANOS, left) : left);
        wokenAt = System.nanoTime();
        return grown || others;
    }

    /// What is missing here, if this is no record: then [#type] is 0.
    public Optional<Gap> gap() {
        return step == NodeReader.Step.GAP ? Optional.of(at().gap()) : Optional.empty();
    }

    /// 0 for a gap. Readers skip types that they do not know.
    public int type() {
        return step == NodeReader.Step.GAP ? 0 : here().type();
    }

    public int version() {
        return here().version();
    }

    public long schemaHash() {
        return here().schemaHash();
    }

    public long idHigh() {
        return here().idHigh();
    }

    public long idLow() {
        return here().idLow();
    }

    public UUID id() {
        return new UUID(idHigh(), idLow());
    }

    public long timeMicros() {
        return here().timeMicros();
    }

    /// The record's content, from its beginning; valid until [#next], and the same object always.
    public Payload payload() {
        return here().payload(payload);
    }

    /// Where the record begins.
    public Position position() {
        here();
        return at().recordStart();
    }

    /// Whether it reads the logs of other nodes, too.
    public boolean readsOthers() {
        return own == null || nodes.size() > 1;
    }

    /// Right behind the record or gap that [#next] came to: the place of a reader that has it.
    public Position after() {
        return java.util.Objects.requireNonNull(at().position());
    }

    /// A copy of the record that stays.
    public LogRecord record() {
        return copy(here(), position());
    }

    static LogRecord copy(SegmentFile at, Position position) {
        return new LogRecord(
                position,
                at.type(),
                at.version(),
                at.schemaHash(),
                new UUID(at.idHigh(), at.idLow()),
                Instant.EPOCH.plus(at.timeMicros(), ChronoUnit.MICROS),
                at.content());
    }

    /// After all that [#next] has given: where to go on after a restart.
    public Cursor cursor() {
        var positions = new HashMap<>(unopened);
        for (var node : nodes)
            if (node.position() != null) positions.put(node.node(), node.position());
        return new Cursor(positions);
    }

    @Override
    public void close() {
        try {
            for (var node : nodes) node.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private NodeReader at() {
        if (current == null) throw new IllegalStateException("next() has not given anything");
        return current;
    }

    private SegmentFile here() {
        if (step != NodeReader.Step.RECORD) throw new IllegalStateException("this is no record");
        return at().record();
    }

    private void pass() {
        taken = 0;
        turn = nodes.isEmpty() ? 0 : (turn + 1) % nodes.size();
    }

    private void node(int node) {
        boolean isOwn = own != null && own.node() == node;
        nodes.add(new NodeReader(folder, node, unopened.remove(node), isOwn ? own : null));
    }

    /// Other nodes' logs may come into the folder at any time.
    private void findNodes() throws IOException {
        if (System.nanoTime() - lookedAt < LOOK_EVERY_NANOS) return;
        lookedAt = System.nanoTime();
        mayBeStale = true;
        for (var start : list())
            if (nodes.stream().noneMatch(known -> known.node() == start.node())) node(start.node());
    }

    private List<Position> files(int node) throws IOException {
        return list().stream().filter(start -> start.node() == node).toList();
    }

    /// Listed at most once per [#next].
    private List<Position> list() throws IOException {
        if (mayBeStale) listed = SegmentFile.list(folder);
        mayBeStale = false;
        return listed;
    }
}
