package dev.davy.serving.reading;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.serving.Micros;
import dev.davy.serving.feedback.Feedback;
import dev.davy.storage.Database;
import dev.davy.storage.Ids;
import dev.davy.storage.Log;
import dev.davy.storage.RecordBatch;
import dev.davy.strict.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadersTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir Path folder;
    private Database database;
    private final List<Log> logs = new ArrayList<>();

    @BeforeEach
    void open() {
        database = Database.sqlite(folder.resolve("state.db"));
        database.write(handle ->
                handle.execute(
                        "CREATE TABLE seen (follower TEXT, id TEXT, PRIMARY KEY (follower, id))"));
        openLogs();
    }

    @AfterEach
    void close() {
        logs.forEach(Log::close);
        database.close();
    }

    private void openLogs() {
        for (int node = 1; node <= 3; node++)
            logs.add(
                    Log.open(
                            folder.resolve("log"),
                            node,
                            Log.Settings.DEFAULT,
                            InstantSource.system()));
    }

    /// Keeps what it is told in a table that refuses the same one twice.
    private static final class Keeping implements Follower {
        private final String name;
        private final int commitEvery;
        private final List<String> pending = new ArrayList<>();
        final AtomicInteger failuresLeft = new AtomicInteger();

        Keeping(String name, int commitEvery) {
            this.name = name;
            this.commitEvery = commitEvery;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int version() {
            return 1;
        }

        @Override
        public void take(Entry entry) {
            if (entry instanceof Entry.Told told) pending.add(told.feedback().id());
        }

        @Override
        public boolean due() {
            return pending.size() >= commitEvery;
        }

        @Override
        public void commit(Handle transaction) {
            for (var id : pending)
                transaction.execute("INSERT INTO seen (follower, id) VALUES (?, ?)", name, id);
            if (failuresLeft.getAndDecrement() > 0) throw new IllegalStateException("the disk");
        }

        @Override
        public void committed() {
            pending.clear();
        }

        @Override
        public void forget() {
            pending.clear();
        }
    }

    private List<String> seen(String follower) {
        return database.read(handle ->
                handle.select("SELECT id FROM seen WHERE follower = ?", follower)
                        .mapTo(String.class)
                        .list());
    }

    private List<String> put(String prefix, int from, int to, Random random) throws Exception {
        var put = new ArrayList<String>();
        for (int i = from; i < to; i++) {
            var log = logs.get(random.nextInt(logs.size()));
            var batch = new RecordBatch();
            var id = prefix + i;
            var feedback =
                    Feedback.read(
                            Json.object()
                                    .put("id", id)
                                    .put("endpoint", "e")
                                    .put("entity", "x")
                                    .put("event", "click"),
                            "feedback");
            var own = new Ids(logs.indexOf(log) + 1, InstantSource.system()).next();
            batch.begin(
                    2,
                    1,
                    0,
                    own.getMostSignificantBits(),
                    own.getLeastSignificantBits(),
                    Micros.of(InstantSource.system().instant()));
            var body = Json.write(feedback.json());
            batch.putBytes(body, 0, body.length);
            batch.end();
            log.append(batch);
            put.add(id);
        }
        return put;
    }

    private Readers start(Follower... followers) {
        return Readers.start(logs.getFirst(), database, List.of(followers), Load.NONE);
    }

    @Test
    void countsEachRecordOfThreeNodesOnceOverRestarts() throws Exception {
        var random = new Random(20_261_121);
        var expected = new ArrayList<String>();
        for (int round = 0; round < 8; round++) {
            // Sometimes they are stopped at once, in the middle of what they do.
            try (var readers = start(new Keeping("a", 7), new Keeping("b", 50))) {
                expected.addAll(put("r" + round + "-", 0, 200, random));
                if (random.nextBoolean())
                    assertThat(readers.awaitCaughtUp("a", LONG)).as("round %d", round).isTrue();
            }
            logs.forEach(Log::close);
            logs.clear();
            openLogs();
        }
        try (var readers = start(new Keeping("a", 7), new Keeping("b", 50))) {
            // Of the other nodes nothing wakes it: what is there is there since before the start.
            assertThat(readers.awaitCaughtUp(LONG)).isTrue();
            assertThat(readers.lag("a").bytes()).isZero();
            assertThat(readers.lag("b").bytes()).isZero();
        }
        assertThat(seen("a")).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(seen("b")).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void goesOnWhileOneFailsAndTriesThatOneAgain() throws Exception {
        var good = new Keeping("good", 1);
        var bad = new Keeping("bad", 1);
        bad.failuresLeft.set(2);
        try (var readers = start(bad, good)) {
            var put = put("x", 0, 50, new Random(1));
            assertThat(readers.awaitCaughtUp("good", LONG)).isTrue();
            assertThat(seen("good")).containsExactlyInAnyOrderElementsOf(put);
            assertThat(readers.awaitCaughtUp("bad", LONG)).isTrue();
            assertThat(seen("bad")).containsExactlyInAnyOrderElementsOf(put);
            var lag = readers.lag("bad");
            assertThat(lag.failures()).isEqualTo(2);
            assertThat(lag.failing()).isEmpty();
        }
    }

    @Test
    void givesALateFollowerAllFromTheBeginning() throws Exception {
        var put = put("x", 0, 100, new Random(2));
        try (var readers = start(new Keeping("old", 1))) {
            assertThat(readers.awaitCaughtUp(LONG)).isTrue();
        }
        try (var readers = start(new Keeping("old", 1), new Keeping("new", 1))) {
            put.addAll(put("y", 0, 100, new Random(3)));
            assertThat(readers.awaitCaughtUp(LONG)).isTrue();
        }
        assertThat(seen("old")).containsExactlyInAnyOrderElementsOf(put);
        assertThat(seen("new")).containsExactlyInAnyOrderElementsOf(put);
    }

    @Test
    void stepsBackAndSaysItsLagWhileServingIsBusy() throws Exception {
        var busy = new AtomicInteger(1);
        try (var readers =
                Readers.start(
                        logs.getFirst(),
                        database,
                        List.of(new Keeping("a", 1)),
                        () -> busy.get() > 0)) {
            var put = put("x", 0, 1_000, new Random(4));
            // Slower, but on: it is a tenth of the time, not nothing.
            assertThat(readers.awaitCaughtUp(LONG)).isTrue();
            assertThat(seen("a")).containsExactlyInAnyOrderElementsOf(put);
            assertThat(readers.lag("a").records()).isEqualTo(1_000);
        }
    }

    /// A follower that has not come to read at all is the furthest behind, not the least.
    @Test
    void whatWasNotEvenTakenCountsAsBehind() throws Exception {
        var follower = new Following(new Keeping("late", 1), database);
        assertThat(follower.lag(logs.getFirst()).time()).isZero();
        put("f-", 0, 200, new Random(1));
        var lag = follower.lag(logs.getFirst());
        assertThat(lag.bytes()).isPositive();
        assertThat(lag.time()).isPositive();
    }
}
