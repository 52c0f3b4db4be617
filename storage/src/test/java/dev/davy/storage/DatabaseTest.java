package dev.davy.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.strict.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

class DatabaseTest {
    private final Ids ids = new Ids(1, InstantSource.system());

    @ContractTest
    void writesAllOrNothing(Database database) {
        database.write(handle -> put(handle, "a", "1"));
        assertThatThrownBy(() ->
                        database.write(handle -> {
                            put(handle, "b", "2");
                            throw new IllegalStateException("no");
                        }))
                .hasMessage("no");
        assertThat(names(database)).containsExactly("a");
    }

    @ContractTest
    void letsProblemsThrough(Database database) {
        var problem =
                new Problem(Problem.Kind.CONFLICT, "taken", "It is taken.", "By you.", "Wait.");
        assertThatThrownBy(() ->
                        database.write(handle -> {
                            throw problem;
                        }))
                .isSameAs(problem);
        assertThatThrownBy(() -> database.read(handle -> handle.execute("SELECT nothing")))
                .isNotInstanceOf(Problem.class);
    }

    @ContractTest
    void doesOneWriteAfterTheOther(Backends.Backend backend) throws Exception {
        // Two processes on one PostgreSQL; with SQLite there is but one process.
        var databases =
                backend.isPostgres()
                        ? List.of(backend.open(), backend.open())
                        : List.of(backend.open());
        databases.getFirst().write(handle -> put(handle, "count", "0"));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all =
                    IntStream.range(0, 40)
                            .mapToObj(i ->
                                    threads.submit(
                                            () -> addOne(databases.get(i % databases.size()))))
                            .toList();
            for (var one : all) one.get();
        }
        assertThat(
                        databases
                                .getFirst()
                                .<String>read(handle ->
                                        handle.select("SELECT what FROM events")
                                                .mapTo(String.class)
                                                .one()))
                .isEqualTo("40");
    }

    private static int addOne(Database database) {
        // Reads, then writes what follows from it.
        return database.write(handle -> {
            int count = handle.select("SELECT what FROM events").mapTo(int.class).one();
            return handle.execute("UPDATE events SET what = ?", String.valueOf(count + 1));
        });
    }

    @ContractTest
    void readsOneStateWhileOthersWrite(Database database) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var counts =
                    database.read(handle -> {
                        int before = count(handle);
                        try {
                            threads.submit(() -> database.write(inner -> put(inner, "x", "1")))
                                    .get();
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                        return List.of(before, count(handle));
                    });
            assertThat(counts).containsExactly(0, 0);
            assertThat(database.<Integer>read(DatabaseTest::count)).isEqualTo(1);
        }
    }

    @ContractTest
    void refusesToWriteInARead(Database database) {
        assertThatThrownBy(() -> database.read(handle -> put(handle, "x", "1")))
                .isInstanceOf(org.jdbi.v3.core.JdbiException.class);
        database.write(handle -> put(handle, "y", "1"));
        assertThat(names(database)).containsExactly("y");
    }

    @ContractTest
    void refusesATransactionInATransaction(Database database) {
        assertThatThrownBy(() -> database.write(outer -> database.read(inner -> 1)))
                .isInstanceOf(IllegalStateException.class);
        database.write(handle -> put(handle, "y", "1"));
    }

    @ContractTest
    void keepsWhatItHasOverARestart(Backends.Backend backend) {
        var first = backend.open();
        first.write(handle -> put(handle, "a", "1"));
        first.close();
        assertThat(names(backend.open())).containsExactly("a");
    }

    @ContractTest
    void isNotOpenedByAnOlderRelease(Backends.Backend backend) {
        backend.open()
                .write(handle ->
                        handle.execute(
                                """
                                INSERT INTO flyway_schema_history
                                SELECT 1000, '9901', 'later', 'SQL', 'V9901__later.sql', 0,
                                    installed_by, installed_on, 1, success
                                FROM flyway_schema_history WHERE version = '0101'\
                                """));
        assertThatThrownBy(backend::open)
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> {
                            assertThat(problem.code()).isEqualTo("database-newer");
                            assertThat(problem.why()).contains("V9901__later.sql");
                        });
    }

    @ContractTest
    void tellsWhatHappenedNewestFirst(Database database) {
        var events = new Events(database);
        var all = new ArrayList<Event>();
        for (int i = 0; i < 25; i++) {
            var detail = JsonNodeFactory.instance.objectNode().put("n", i).put("text", "ü\"\n");
            var event =
                    new Event(
                            ids.next(),
                            Instant.parse("2025-01-02T03:04:05.678901Z").plusSeconds(i),
                            i % 5 == 0 ? "endpoint" : "model",
                            i % 2 == 0 ? "scratch" : "other",
                            "registered",
                            "ada",
                            i % 3 == 0 ? "" : "because",
                            detail);
            all.addFirst(event);
            database.write(handle -> {
                Events.record(handle, event);
                return true;
            });
        }
        assertThat(events.all(Optional.empty(), Optional.empty(), 100)).isEqualTo(all);
        assertThat(events.all(Optional.of("endpoint"), Optional.empty(), 100))
                .isEqualTo(all.stream().filter(e -> e.kind().equals("endpoint")).toList());
        var models =
                all.stream()
                        .filter(e -> e.kind().equals("model") && e.name().equals("scratch"))
                        .toList();
        var page = events.of("model", "scratch", Optional.empty(), 4);
        assertThat(page).isEqualTo(models.subList(0, 4));
        assertThat(events.of("model", "scratch", Optional.of(page.getLast().id()), 100))
                .isEqualTo(models.subList(4, models.size()));
    }

    @ContractTest
    void remembersWhereAReaderStands(Database database) {
        var cursor = Cursor.START.with(new Position(1, 3, 500)).with(new Position(2, 1, 1L << 40));
        database.write(handle -> set(handle, "monitor", 1, cursor));
        database.write(handle -> set(handle, "monitor", 2, Cursor.START));
        assertThat(at(database, "monitor", 1)).isEqualTo(cursor);
        assertThat(at(database, "monitor", 2)).isEqualTo(Cursor.START);
        assertThat(at(database, "other", 1)).isEqualTo(Cursor.START);
        var further = cursor.with(new Position(1, 4, 7)).with(new Position(9, 1, 0));
        database.write(handle -> set(handle, "monitor", 1, further));
        assertThat(at(database, "monitor", 1)).isEqualTo(further);
        assertThatThrownBy(() ->
                        database.write(handle -> {
                            set(handle, "monitor", 1, cursor);
                            throw new IllegalStateException("no");
                        }))
                .hasMessage("no");
        assertThat(at(database, "monitor", 1)).isEqualTo(further);
    }

    @Test
    void saysWhatIsWrongWithADamagedFile(@TempDir Path folder) throws Exception {
        var file = folder.resolve("state.db");

        Files.writeString(file, "this is no database, whatever it is called".repeat(300));
        assertThatThrownBy(() -> Database.sqlite(file))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> {
                            assertThat(problem.code()).isEqualTo("database-unavailable");
                            assertThat(problem.getMessage()).doesNotContain(folder.toString());
                        });
    }

    @Test
    void syncsEachCommitOnSqlite(@TempDir Path folder) {
        try (var database = Database.sqlite(folder.resolve("state.db"))) {
            for (var pragma : List.of("synchronous", "foreign_keys"))
                assertThat(
                                database.<Integer>write(handle ->
                                        handle.select("PRAGMA " + pragma).mapTo(int.class).one()))
                        .as(pragma)
                        .isEqualTo(pragma.equals("synchronous") ? 2 : 1);
            assertThat(
                            database.<String>read(handle ->
                                    handle.select("PRAGMA journal_mode").mapTo(String.class).one()))
                    .isEqualTo("wal");
        }
    }

    @Test
    void saysThatADatabaseCannotBeReached() {
        assertThatThrownBy(
                        () -> Database.jdbc("jdbc:postgresql://127.0.0.1:1/davy", "davy", "secret"))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> {
                            assertThat(problem.code()).isEqualTo("database-unavailable");
                            assertThat(problem.getMessage()).doesNotContain("secret");
                        });
    }

    private int put(org.jdbi.v3.core.Handle handle, String name, String what) {
        Events.record(
                handle,
                new Event(
                        ids.next(),
                        Instant.EPOCH,
                        "test",
                        name,
                        what,
                        "ada",
                        "",
                        JsonNodeFactory.instance.objectNode()));
        return 1;
    }

    private static int count(org.jdbi.v3.core.Handle handle) {
        return handle.select("SELECT count(*) FROM events").mapTo(int.class).one();
    }

    private static List<String> names(Database database) {
        return database.read(handle ->
                handle.select("SELECT name FROM events ORDER BY id").mapTo(String.class).list());
    }

    private static boolean set(
            org.jdbi.v3.core.Handle handle, String reader, int version, Cursor cursor) {
        Cursors.set(handle, reader, version, cursor);
        return true;
    }

    private static Cursor at(Database database, String reader, int version) {
        return database.read(handle -> Cursors.get(handle, reader, version));
    }
}
