package dev.davy.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ExpressionOnSqliteTest extends ExpressionContract {
    private static Connection connection;

    @BeforeAll
    static void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    }

    @AfterAll
    static void close() throws SQLException {
        connection.close();
    }

    @Override
    Connection connection() {
        return connection;
    }

    @Override
    Expression.Dialect dialect() {
        return Expression.Dialect.SQLITE;
    }

    @Override
    int expressions() {
        return 8_000;
    }

    @Test
    void makesNullOfWhatOverflows() throws SQLException {
        for (var text :
                new String[] {
                    "1e308 * 10", "-1e308 - 1e308", "1e308 * 10 / 1e308 * 0", "1 / (1e-308 / 10)"
                }) {
            var expression = Expression.parse(text, RandomExpressions.SCOPE);
            assertThat(expression.value(_ -> null)).as(text).isNull();
            try (var statement = connection.createStatement();
                    var result =
                            statement.executeQuery(
                                    "SELECT " + expression.sql(Expression.Dialect.SQLITE))) {
                assertThat(result.getObject(1)).as(text).isNull();
            }
        }
    }
}
