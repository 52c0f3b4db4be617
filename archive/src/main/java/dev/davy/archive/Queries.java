package dev.davy.archive;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Struct;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// Answers SQL over the archive, each question in a DuckDB of its own: one SELECT, which reads the
/// archive's files and nothing else, with a limit to its time, memory and answer.
public final class Queries {
    private static final int AT_ONCE = 2;
    private static final Duration QUEUE = Duration.ofSeconds(10);
    private static final long MEMORY = 512_000_000;
    private static final int SQL_MAX = 100_000;

    /// Of an answer in memory.
    private static final long CHARACTERS_MAX = 64L << 20;

    private static final List<String> OURS = List.of("predictions", "feedback", "shadows");

    private final Shelf shelf;
    private final Path temporary;
    private final Function<String, Duration> joinWithin;
    private final Semaphore places = new Semaphore(AT_ONCE);

    Queries(Shelf shelf, Path temporary, Function<String, Duration> joinWithin) {
        this.shelf = shelf;
        this.temporary = temporary;
        this.joinWithin = joinWithin;
    }

    /// How much one question may take.
    ///
    /// @param rows of the answer; more are cut off, and the answer says so
    public record Bounds(int rows, Duration time) {
        public static final Bounds DEFAULT = new Bounds(10_000, Duration.ofSeconds(30));

        /// The most that a caller may ask for.
        public static final Bounds MOST = new Bounds(100_000, Duration.ofMinutes(5));
    }

    /// An answer.
    ///
    /// @param columns name and type of each
    /// @param rows a list of values each, as JSON; times in UTC as ISO 8601
    /// @param truncated whether there would have been more rows
    public record Table(List<Column> columns, ArrayNode rows, boolean truncated) {
        /// A column of an answer.
        public record Column(String name, String type) {}
    }

    /// Answers one SELECT.
    ///
    /// @throws Problem UNACCEPTABLE `query-not-allowed`, `query-wrong`; DEADLINE `query-too-long`;
    ///   TOO_LARGE `query-too-large`; OVERLOADED `query-queue-full`
    public Table answer(String sql, Bounds bounds) {
        if (sql.length() > SQL_MAX)
            throw notAllowed("It has " + sql.length() + " characters; the limit is " + SQL_MAX);
        enter();
        return Duck.apart(() -> entered(sql, bounds));
    }

    private Table entered(String sql, Bounds bounds) {
        shelf.lock().readLock().lock();
        try (var duck = Duck.open(new Duck.Bounds(MEMORY, threads(), temporary))) {
            check(duck, sql);
            Files.createDirectories(shelf.folder());
            views(duck, sql);
            duck.lock(shelf.folder());
            return run(duck, sql, bounds);
        } catch (SQLException e) {
            throw wrong(e.getMessage(), bounds);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            shelf.lock().readLock().unlock();
            places.release();
        }
    }

    private static int threads() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    private void enter() {
        try {
            if (places.tryAcquire(QUEUE.toMillis(), TimeUnit.MILLISECONDS)) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new Problem(
                Problem.Kind.OVERLOADED,
                "query-queue-full",
                "The question could not begin.",
                AT_ONCE + " others have been running for " + QUEUE.toSeconds() + " seconds.",
                "Try again in a moment.");
    }

    /// One SELECT and nothing else: only that can be taken apart.
    private static void check(Duck duck, String sql) {
        var tree =
                duck.rows(
                                "SELECT json_serialize_sql(" + Duck.text(sql) + ")::VARCHAR",
                                row -> row.getString(1))
                        .getFirst();
        var json = Json.read(tree.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
        if (json.path("error").asBoolean()) {
            var type = json.path("error_type").asString("");
            var message = json.path("error_message").asString("");
            if (type.equals("not implemented")) throw notAllowed("It is no SELECT");
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "query-wrong",
                    "The question can't be understood.",
                    message,
                    "Correct the SQL; it is DuckDB's.");
        }
        int statements = json.path("statements").size();
        if (statements != 1) throw notAllowed("It holds " + statements + " statements");
    }

    private static Problem notAllowed(String why) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "query-not-allowed",
                "Only one SELECT can be asked.",
                why + ".",
                "Ask of predictions, feedback, shadows, or an endpoint by its name.");
    }

    /// Only of the endpoints that are spoken of: each view opens files.
    private void views(Duck duck, String sql) {
        var views = new Views(shelf);
        duck.execute(views.predictions());
        duck.execute(views.feedback());
        duck.execute(views.shadows());
        var said = sql.toLowerCase(Locale.ROOT);
        views.endpoints()
                .forEach((endpoint, files) -> {
                    var alias = endpoint.replace('-', '_');
                    if (!said.contains(endpoint) && !said.contains(alias)) return;
                    var name = OURS.contains(endpoint) ? "endpoint_" + endpoint : endpoint;
                    duck.execute(Views.view(name, endpoint(views, endpoint, files)));
                    if (!alias.equals(endpoint) && !views.endpoints().containsKey(alias))
                        duck.execute(Views.view(alias, "SELECT * FROM " + Duck.name(name)));
                });
    }

    private String endpoint(Views views, String endpoint, Map<Long, List<ArchiveFile>> files) {
        return Views.joined(
                views.base(endpoint, files),
                endpoint,
                views.outputs(endpoint, files.keySet()),
                joinWithin.apply(endpoint));
    }

    private Table run(Duck duck, String sql, Bounds bounds) throws SQLException {
        try (var statement = duck.statement()) {
            statement.setQueryTimeout((int) Math.max(1, bounds.time().toSeconds()));
            try (var result = statement.executeQuery(sql)) {
                var heads = new ArrayList<Table.Column>();
                var meta = result.getMetaData();
                for (int i = 1; i <= meta.getColumnCount(); i++)
                    heads.add(
                            new Table.Column(
                                    meta.getColumnName(i),
                                    meta.getColumnTypeName(i).toLowerCase(Locale.ROOT)));
                var rows = Json.array();
                long characters = 0;
                while (result.next()) {
                    if (rows.size() == bounds.rows()) return new Table(heads, rows, true);
                    var row = Json.array();
                    for (int i = 1; i <= heads.size(); i++) row.add(json(result, i));
                    characters += Json.text(row).length();
                    if (characters > CHARACTERS_MAX) throw tooLarge();
                    rows.add(row);
                }
                return new Table(heads, rows, false);
            }
        }
    }

    private static JsonNode json(ResultSet result, int column) throws SQLException {
        return json(result.getObject(column));
    }

    private static JsonNode json(@Nullable Object value) throws SQLException {
        return switch (value) {
            case null -> Json.tree(Optional.empty());
            case Boolean flag -> Json.tree(flag);
            case Double number ->
                    Double.isFinite(number) ? Json.tree(number) : Json.tree(Optional.empty());
            case Float number ->
                    Float.isFinite(number)
                            ? Json.tree(number.doubleValue())
                            : Json.tree(Optional.empty());
            case BigDecimal number -> Json.tree(number);
            case BigInteger number -> Json.tree(number);
            case Number number -> Json.tree(number.longValue());
            case OffsetDateTime time -> Json.tree(time.toInstant().toString());
            case java.sql.Timestamp time -> Json.tree(time.toLocalDateTime().toString());
            case java.sql.Array array -> {
                var list = Json.array();
                for (var each : (Object[]) array.getArray()) list.add(json(each));
                yield list;
            }
            case Struct struct -> {
                // Its own text names the fields, its attributes do not.
                yield Json.tree(struct.toString());
            }
            default -> Json.tree(String.valueOf(value));
        };
    }

    private static Problem tooLarge() {
        return new Problem(
                Problem.Kind.TOO_LARGE,
                "query-too-large",
                "The answer is too large.",
                "It would have more than " + (CHARACTERS_MAX >> 20) + " million characters.",
                "Ask for fewer columns or rows, or read the Parquet files themselves.");
    }

    private Problem wrong(@Nullable String message, Bounds bounds) {
        var text = String.valueOf(message);
        if (text.startsWith("INTERRUPT"))
            return new Problem(
                    Problem.Kind.DEADLINE,
                    "query-too-long",
                    "The question took longer than " + bounds.time().toSeconds() + " seconds.",
                    "It was stopped.",
                    "Ask for fewer days, or read the Parquet files with a tool of your own.");
        if (text.startsWith("Out of Memory"))
            return new Problem(
                    Problem.Kind.TOO_LARGE,
                    "query-too-large",
                    "The question needs more memory than it may have.",
                    "The limit is " + MEMORY / 1_000_000 + " MB.",
                    "Ask for fewer days or groups, or read the Parquet files yourself.");
        boolean outside = text.startsWith("Permission Error");
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                outside ? "query-not-allowed" : "query-wrong",
                outside
                        ? "The question reaches outside of the archive."
                        : "The question can't be answered.",
                text.replace(shelf.folder().toString(), "archive"),
                "Correct the SQL; it is DuckDB's. Columns: select * from NAME limit 1.");
    }
}
