package dev.davy.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.storage.Backends;
import dev.davy.strict.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresTest {
    @Test
    void opensARealOneAndOpensItAgain() {
        try (var backend = Backends.postgres()) {
            for (int start = 0; start < 2; start++)
                try (var database = Postgres.open(backend.url(), "postgres", "postgres")) {
                    assertThat(database.isPostgres()).isTrue();
                    int events =
                            database.read(handle ->
                                    handle.select("SELECT count(*) FROM events")
                                            .mapTo(int.class)
                                            .one());
                    assertThat(events).isZero();
                }
        }
    }

    @Test
    void goesOnAfterTheServerClosedAllConnections() {
        try (var backend = Backends.postgres();
                var database = Postgres.open(backend.url(), "postgres", "postgres");
                var other = backend.open()) {
            assertThat(one(database)).isEqualTo(1);
            int killed =
                    other.read(handle ->
                            handle.select(
                                            """
                                            SELECT count(pg_terminate_backend(pid))
                                            FROM pg_stat_activity
                                            WHERE pid <> pg_backend_pid()
                                                AND backend_type = 'client backend'\
                                            """)
                                    .mapTo(int.class)
                                    .one());
            assertThat(killed).isPositive();
            // The call that meets the broken connection says so; the next one has a new one.
            assertThatThrownBy(() -> one(database))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem ->
                                    assertThat(problem.code()).isEqualTo("database-unavailable"));
            assertThat(one(database)).isEqualTo(1);
        }
    }

    private static int one(dev.davy.storage.Database database) {
        return database.read(handle -> handle.select("SELECT 1").mapTo(int.class).one());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:h2:mem:x;INIT=RUNSCRIPT FROM 'http://127.0.0.1/evil.sql'",
                "jdbc:postgresql://db/davy?socketFactory=evil.Factory&socketFactoryArg=x",
                "jdbc:postgresql://db/davy?loggerFile=/tmp/x&loggerLevel=TRACE",
                "jdbc:postgresql://db/davy?currentSchema=a&sslfactory=evil.Factory",
                "jdbc:sqlite:/etc/passwd"
            })
    void opensNoAddressThatDoesMoreThanConnect(String url) {
        assertThatThrownBy(() -> Postgres.open(url, "davy", "secret"))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem ->
                                assertThat(problem.code()).isEqualTo("database-url-not-allowed"));
    }
}
