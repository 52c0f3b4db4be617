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
        postgres = EmbeddedPostgres.builder().start();
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
