package dev.davy.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What an expression comes to in memory, it comes to in the database.
abstract class ExpressionContract {
    abstract Connection connection() throws SQLException;

    abstract Expression.Dialect dialect();

    abstract int expressions();

    @Test
    void comesToTheSameAsInMemory() throws SQLException {
        var made = new RandomExpressions(20_261_121);
        var rows = new ArrayList<Map<String, @Nullable Object>>();
        for (int i = 0; i < 40; i++) rows.add(made.row());
        fill(rows);
        int trues = 0;
        for (int i = 0; i < expressions(); i++) {
            var type = made.type();
            var text = made.expression(type);
            var expression = Expression.parse(text, RandomExpressions.SCOPE);
            assertThat(expression.type()).as(text).isEqualTo(type);
            var sql = expression.sql(dialect());
            var found = query(sql, type);
            for (int row = 0; row < rows.size(); row++) {
                var here = rows.get(row);
                var value = expression.value(here::get);
                if (Boolean.TRUE.equals(value)) trues++;
                assertThat(same(value, found.get(row)))
                        .as(
                                "%s%nas %s%nis %s in memory, %s there, of %s",
                                text, sql, value, found.get(row), here)
                        .isTrue();
            }
        }
        assertThat(trues).as("conditions that were true").isGreaterThan(expressions());
    }

    @Test
    void bearsTheLargestExpressions() throws SQLException {
        fill(List.of(new RandomExpressions(1).row()));
        var deep = "(1+".repeat(50) + "confidence" + ")".repeat(50);
        var wide = "confidence" + " + 1".repeat(498);
        var all = "confidence > 1" + " or confidence > 1".repeat(220);
        var nots = "not (".repeat(49) + "confidence > 1" + ")".repeat(49);
        var mixed = "abs(-(1+".repeat(25) + "confidence" + "))".repeat(25);
        for (var text : List.of(deep, wide, all, nots, mixed)) {
            var expression = Expression.parse(text, RandomExpressions.SCOPE);
            assertThat(query(expression.sql(dialect()), expression.type())).hasSize(1);
        }
    }

    private static boolean same(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Double x && b instanceof Double y) return x.doubleValue() == y;
        return a == null ? b == null : a.equals(b);
    }

    private void fill(List<Map<String, @Nullable Object>> rows) throws SQLException {
        try (var statement = connection().createStatement()) {
            statement.execute("DROP TABLE IF EXISTS things");
            statement.execute("CREATE TABLE things (id BIGINT, " + declarations() + ")");
        }
        var marks = ", ?".repeat(RandomExpressions.COLUMNS.size());
        try (var insert =
                connection().prepareStatement("INSERT INTO things VALUES (?" + marks + ")")) {
            for (int row = 0; row < rows.size(); row++) {
                insert.setLong(1, row);
                int parameter = 2;
                for (var path : RandomExpressions.COLUMNS.keySet()) {
                    var value = rows.get(row).get(path);
                    insert.setObject(
                            parameter++, value instanceof Instant time ? stored(time) : value);
                }
                insert.execute();
            }
        }
    }

    Object stored(Instant time) {
        return Times.micros(time);
    }

    String timeColumn() {
        return "BIGINT";
    }

    private String declarations() {
        return RandomExpressions.COLUMNS.entrySet().stream()
                .map(column ->
                        SqlText.quoted(column.getKey())
                                + switch (column.getValue()) {
                                    case NUMBER ->
                                            column.getKey().equals("input.whole")
                                                    ? " BIGINT"
                                                    : " DOUBLE PRECISION";
                                    case TEXT -> " TEXT";
                                    case BOOLEAN -> " BOOLEAN";
                                    case TIME -> " " + timeColumn();
                                })
                .collect(Collectors.joining(", "));
    }

    private List<@Nullable Object> query(String sql, Expression.Type type) throws SQLException {
        var found = new ArrayList<@Nullable Object>();
        try (var statement = connection().createStatement();
                var result = statement.executeQuery("SELECT " + sql + " FROM things ORDER BY id")) {
            while (result.next()) found.add(value(result, type));
        }
        return found;
    }

    private static @Nullable Object value(ResultSet result, Expression.Type type)
            throws SQLException {
        Object value =
                switch (type) {
                    case NUMBER -> result.getDouble(1);
                    case TEXT -> result.getString(1);
                    case BOOLEAN -> result.getBoolean(1);
                    case TIME ->
                            Instant.EPOCH.plus(
                                    java.time.Duration.of(
                                            result.getLong(1),
                                            java.time.temporal.ChronoUnit.MICROS));
                };
        return result.wasNull() ? null : value;
    }
}
