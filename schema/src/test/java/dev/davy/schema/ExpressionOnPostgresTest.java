package dev.davy.schema;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class ExpressionOnPostgresTest extends ExpressionContract {
    private static EmbeddedPostgres postgres;
    private static Connection connection;

    @BeforeAll
    static void open() throws IOException, SQLException {
        // A collation that differs from ours wherever it can, as a site's database may have it.
        postgres =
                EmbeddedPostgres.builder()
                        .setLocaleConfig("locale-provider", "icu")
                        .setLocaleConfig("icu-locale", "en")
                        .start();
        connection = postgres.getPostgresDatabase().getConnection();
    }

    @AfterAll
    static void close() throws IOException, SQLException {
        connection.close();
        postgres.close();
    }

    @Override
    Connection connection() {
        return connection;
    }

    @Override
    Expression.Dialect dialect() {
        return Expression.Dialect.POSTGRES;
    }

    @Override
    int expressions() {
        return 1_000;
    }
}
