package dev.davy.serving.reading;

import dev.davy.runtime.Background;
import dev.davy.storage.Cursor;
import dev.davy.storage.Database;
import dev.davy.storage.Log;
import dev.davy.storage.Position;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the log in one thread, decodes each record once, and hands it to every follower that has
/// not had it.
///
/// All read together from the place of the one that is furthest behind, but for those that are new
/// or have just failed: these catch up beside the others, who do not wait for them. While serving
/// is busy the thread works a tenth of the time; then the followers are behind, and say so. It is
/// half of the time while one of them is urgent: guards that are minutes behind guard nobody. Where
/// there is Linux it also gives way to every other thread.
public final class Readers implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Readers.class);

    /// A turn: after so much, commits and pauses are looked at.
    private static final int TURN_RECORDS = 4_096;

    private static final Duration TURN = Duration.ofMillis(5);

    /// The pause after each turn while serving is busy.
    private static final Duration STEP_BACK = Duration.ofMillis(45);

    /// The same while a follower is urgent.
    private static final Duration STEP_ASIDE = Duration.ofMillis(5);

    /// Fewer than these in a turn do not pay for waking up: it lets some more come first.
    private static final int FEW_RECORDS = 256;

    private static final Duration GATHER = Duration.ofMillis(20);

    /// How long it waits for new records before it asks again who is due.
    private static final Duration WAIT = Duration.ofMillis(200);

    private final Log log;
    private final Load load;
    private final List<Following> all;
    private final List<Lane> lanes = new ArrayList<>();
    private final Thread thread;
    private final Object progress = new Object();

    private boolean waiting;
    private volatile boolean closed;

    // Up to where somebody waits for commits, and how many do.
    private volatile @Nullable Position wanted;
    private int waiters;

    // This node's log was read, and committed by each follower, up to here.
    private final Map<String, Position> reached = new LinkedHashMap<>();

    private Readers(Log log, List<Following> all, Load load) {
        this.log = log;
        this.load = load;
        this.all = all;
        thread = Thread.ofPlatform().name("davy-readers").daemon().unstarted(this::run);
    }

    /// Starts reading. The followers belong to the readers' thread from now on.
    public static Readers start(
            Log log, Database database, List<? extends Follower> followers, Load load) {
        var all = new ArrayList<Following>();
        for (var each : followers) all.add(new Following(each, database));
        var readers = new Readers(log, List.copyOf(all), load);
        readers.thread.start();
        return readers;
    }

    /// How far each follower is behind, by its name.
    public Map<String, Lag> lags() {
        var lags = new LinkedHashMap<String, Lag>();
        for (var each : all) lags.put(each.name(), each.lag(log));
        return lags;
    }

    /// How far this one is behind.
    ///
    /// @throws IllegalArgumentException if there is no such follower
    public Lag lag(String follower) {
        return following(follower).lag(log);
    }

    /// What a follower has committed: before this the log is no longer needed by it.
    ///
    /// @throws IllegalArgumentException if there is no such follower
    public Cursor committed(String follower) {
        return following(follower).committed();
    }

    /// Waits until every follower has committed all that the log holds now.
    ///
    /// @return whether they have
    public boolean awaitCaughtUp(Duration atMost) {
        return await(all, atMost);
    }

    /// The same of one follower.
    public boolean awaitCaughtUp(String follower, Duration atMost) {
        return await(List.of(following(follower)), atMost);
    }

    private Following following(String name) {
        return all.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no follower " + name));
    }

    private boolean await(List<Following> whom, Duration atMost) {
        var end = end();
        long until = System.nanoTime() + atMost.toNanos();
        synchronized (progress) {
            waiters++;
            if (wanted == null || wanted.compareTo(end) < 0) wanted = end;
            if (waiting) thread.interrupt();
            try {
                while (!closed && !whom.stream().allMatch(each -> isAt(each, end))) {
                    long left = until - System.nanoTime();
                    if (left <= 0) return false;
                    progress.wait(Math.max(1, left / 1_000_000));
                }
                return !closed;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } finally {
                if (--waiters == 0) wanted = null;
            }
        }
    }

    private boolean isAt(Following follower, Position end) {
        var position = reached.get(follower.name());
        return position != null && position.compareTo(end) >= 0;
    }

    private void run() {
        Background.giveWay();
        try {
            begin();
            while (!closed) {
                try {
                    int read = round();
                    if (load.isBusy()) pause(isUrgent() ? STEP_ASIDE : STEP_BACK);
                    else if (read == 0) await();
                    else if (read < FEW_RECORDS) pause(GATHER);
                } catch (RuntimeException e) {
                    LOGGER.warn("the log can't be read just now: {}", e.toString());
                    pause(Duration.ofSeconds(1));
                }
            }
        } finally {
            for (var lane : lanes) lane.close();
        }
    }

    private boolean isUrgent() {
        return all.stream().anyMatch(Following::isUrgent);
    }

    private void begin() {
        var known = all.stream().filter(each -> !each.isNew()).toList();
        var fresh = all.stream().filter(Following::isNew).toList();
        if (!known.isEmpty()) lanes.add(new Lane(log, known));
        if (!fresh.isEmpty()) lanes.add(new Lane(log, fresh));
    }

    /// One turn of every lane, and the commits that are due after it.
    ///
    /// @return how many records there were to read
    private int round() {
        if (closed) return 0;
        bringBack();
        int records = 0;
        for (var lane : List.copyOf(lanes)) {
            // Asked before reading: what is appended meanwhile may or may not be read now.
            var end = end();
            int read = lane.read(TURN_RECORDS, TURN);
            records += read;
            for (var each : List.copyOf(lane.followers())) {
                if (closed) return records;
                if (each.isWhole() && (each.due() || hurries(each, read))) commit(lane, each);
                if (read == 0 && !each.hasUncommitted() && lane.followers().contains(each))
                    reached(each, end);
            }
            if (read == 0) join(lane);
        }
        lanes.removeIf(lane -> {
            boolean empty = lane.followers().isEmpty();
            if (empty) lane.close();
            return empty;
        });
        return records;
    }

    private boolean hurries(Following each, int read) {
        var until = wanted;
        return until != null && each.hasUncommitted() && (read == 0 || !each.lacks(until));
    }

    private void commit(Lane lane, Following each) {
        try {
            each.commit();
            var own = each.committed().positions().get(node());
            // With other nodes' logs, it is the end of all of them that counts.
            if (own != null && !lane.readsOthers()) reached(each, own);
        } catch (RuntimeException | LinkageError failure) {
            // The database or the disk is away; a bug is worth its trace.
            if (failure instanceof Problem)
                LOGGER.warn("reader {} can't commit: {}", each.name(), failure.getMessage());
            else LOGGER.warn("reader {} can't commit", each.name(), failure);
            each.failed(failure);
            lane.followers().remove(each);
        }
    }

    /// Those that failed read again from where they committed, in a lane of their own.
    private void bringBack() {
        for (var each : all) {
            boolean reads = lanes.stream().anyMatch(lane -> lane.followers().contains(each));
            if (!reads && !each.isPaused()) lanes.add(new Lane(log, List.of(each)));
        }
    }

    /// Who has caught up reads with the others from now on.
    private void join(Lane lane) {
        var first = lanes.getFirst();
        if (lane == first || first.followers().isEmpty()) return;
        var joining =
                lane.followers().stream().filter(each -> first.isNotBeyond(each.taken())).toList();
        first.followers().addAll(joining);
        lane.followers().removeAll(joining);
    }

    private Position end() {
        return log.end().positions().values().iterator().next();
    }

    private int node() {
        return end().node();
    }

    private void reached(Following each, Position end) {
        synchronized (progress) {
            reached.merge(each.name(), end, (had, now) -> had.compareTo(now) < 0 ? now : had);
            progress.notifyAll();
        }
    }

    private void await() {
        var first = Optional.of(lanes).filter(some -> !some.isEmpty()).map(List::getFirst);
        if (first.isEmpty()) pause(WAIT);
        else idle(() -> first.get().await(WAIT));
    }

    private void pause(Duration pause) {
        idle(() -> Thread.sleep(pause));
    }

    private interface Idle {
        void go() throws InterruptedException;
    }

    /// Interrupted only here: an interruption in the middle of a write would close its file. It
    /// means that there is something to do, or that this is the end.
    private void idle(Idle idle) {
        synchronized (progress) {
            if (closed) return;
            waiting = true;
        }
        try {
            idle.go();
        } catch (InterruptedException woken) {
            // Whoever woke it has said why.
        } finally {
            synchronized (progress) {
                waiting = false;
                boolean late = Thread.interrupted();
                if (late) LOGGER.trace("woken while waking up");
            }
        }
    }

    /// Stops between two entries, or after the commit that is under way. What was taken and not
    /// committed is taken again after the next start.
    @Override
    public void close() {
        synchronized (progress) {
            closed = true;
            if (waiting) thread.interrupt();
            progress.notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive())
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
