package dev.davy.registry;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;

/// The tables of models, and nothing but SQL. Times are microseconds since 1970.
final class ModelTable {
    private static final String VERSION_COLUMNS =
            "model, version, digest, files, bytes, bundle, trial, registered_at, registered_by, reason, reference, deleted_at";

    private ModelTable() {}

    /// A version as it is stored: its bundle as text, not as files.
    record Stored(
            String model,
            int version,
            String digest,
            SortedMap<String, String> files,
            long bytes,
            JsonNode bundle,
            JsonNode trial,
            Instant at,
            String who,
            String why,
            Optional<JsonNode> reference,
            boolean deleted) {
        Stored {
            files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        }
    }

    /// A model with its newest version and how many it has.
    record Summary(String model, int versions, int newest) {}

    static List<Summary> summaries(Handle handle) {
        return handle.createQuery(
                        "SELECT model, COUNT(*) AS versions, MAX(version) AS newest FROM model_version"
                                + " WHERE deleted_at IS NULL GROUP BY model ORDER BY model")
                .map((rows, _) ->
                        new Summary(
                                rows.getString("model"),
                                rows.getInt("versions"),
                                rows.getInt("newest")))
                .list();
    }

    /// Those that are not deleted, newest first.
    static List<Stored> versions(Handle handle, String model) {
        return handle.createQuery(
                        "SELECT "
                                + VERSION_COLUMNS
                                + " FROM model_version WHERE model = :model AND deleted_at IS NULL"
                                + " ORDER BY version DESC")
                .bind("model", model)
                .map((rows, _) -> stored(rows))
                .list();
    }

    static Optional<Stored> version(Handle handle, String model, int version) {
        return handle.createQuery(
                        "SELECT "
                                + VERSION_COLUMNS
                                + " FROM model_version WHERE model = :model AND version = :version")
                .bind("model", model)
                .bind("version", version)
                .map((rows, _) -> stored(rows))
                .findOne();
    }

    static Optional<Stored> withDigest(Handle handle, String model, String digest) {
        return handle.createQuery(
                        "SELECT "
                                + VERSION_COLUMNS
                                + " FROM model_version WHERE digest = :digest AND model = :model"
                                + " AND deleted_at IS NULL")
                .bind("digest", digest)
                .bind("model", model)
                .map((rows, _) -> stored(rows))
                .findOne();
    }

    /// Whether any model still has a version of this digest.
    static boolean digestIsUsed(Handle handle, String digest) {
        return handle.createQuery(
                                "SELECT COUNT(*) FROM model_version WHERE digest = :digest AND deleted_at IS NULL")
                        .bind("digest", digest)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    /// Whether the model ever had a version.
    static boolean isKnown(Handle handle, String model) {
        return handle.createQuery("SELECT COUNT(*) FROM model_version WHERE model = :model")
                        .bind("model", model)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    /// The number after the greatest that was ever given.
    static int next(Handle handle, String model) {
        return handle.createQuery(
                        "SELECT COALESCE(MAX(version), 0) + 1 FROM model_version WHERE model = :model")
                .bind("model", model)
                .mapTo(Integer.class)
                .one();
    }

    static void insert(Handle handle, Stored row) {
        handle.createUpdate(
                        "INSERT INTO model_version (model, version, digest, files, bytes, bundle, trial, registered_at, registered_by, reason)"
                                + " VALUES (:model, :version, :digest, :files, :bytes, :bundle, :trial, :at, :who, :why)")
                .bind("model", row.model())
                .bind("version", row.version())
                .bind("digest", row.digest())
                .bind("files", text(Json.tree(row.files())))
                .bind("bytes", row.bytes())
                .bind("bundle", text(row.bundle()))
                .bind("trial", text(row.trial()))
                .bind("at", micros(row.at()))
                .bind("who", row.who())
                .bind("why", row.why())
                .execute();
    }

    static void setReference(Handle handle, String model, int version, JsonNode reference) {
        handle.createUpdate(
                        "UPDATE model_version SET reference = :reference WHERE model = :model AND version = :version")
                .bind("reference", text(reference))
                .bind("model", model)
                .bind("version", version)
                .execute();
    }

    static void setDeleted(Handle handle, String model, int version, Instant at) {
        handle.createUpdate(
                        "UPDATE model_version SET deleted_at = :at WHERE model = :model AND version = :version")
                .bind("at", micros(at))
                .bind("model", model)
                .bind("version", version)
                .execute();
    }

    static List<Alias> aliases(Handle handle, String model) {
        return handle.createQuery(
                        "SELECT model, name, version, revision, moved_at, moved_by, reason FROM model_alias"
                                + " WHERE model = :model AND version IS NOT NULL ORDER BY name")
                .bind("model", model)
                .map((rows, _) -> alias(rows))
                .list();
    }

    static Optional<Alias> alias(Handle handle, String model, String name) {
        return handle.createQuery(
                        "SELECT model, name, version, revision, moved_at, moved_by, reason FROM model_alias"
                                + " WHERE model = :model AND name = :name AND version IS NOT NULL")
                .bind("model", model)
                .bind("name", name)
                .map((rows, _) -> alias(rows))
                .findOne();
    }

    /// The revision after the greatest that this alias ever had.
    static long nextRevision(Handle handle, String model, String name) {
        return handle.createQuery(
                        "SELECT COALESCE(MAX(revision), 0) + 1 FROM model_alias WHERE model = :model AND name = :name")
                .bind("model", model)
                .bind("name", name)
                .mapTo(Long.class)
                .one();
    }

    static void put(Handle handle, Alias alias) {
        put(handle, alias, Optional.of(alias.version()));
    }

    /// Keeps who dropped it, and its revision.
    static void drop(Handle handle, Alias dropped) {
        put(handle, dropped, Optional.empty());
    }

    private static void put(Handle handle, Alias alias, Optional<Integer> version) {
        handle.createUpdate(
                        "INSERT INTO model_alias (model, name, version, revision, moved_at, moved_by, reason)"
                                + " VALUES (:model, :name, :version, :revision, :at, :who, :why)"
                                + " ON CONFLICT (model, name) DO UPDATE SET version = excluded.version,"
                                + " revision = excluded.revision, moved_at = excluded.moved_at,"
                                + " moved_by = excluded.moved_by, reason = excluded.reason")
                .bind("model", alias.model())
                .bind("name", alias.name())
                .bind("version", version)
                .bind("revision", alias.revision())
                .bind("at", micros(alias.at()))
                .bind("who", alias.who())
                .bind("why", alias.why())
                .execute();
    }

    private static Stored stored(ResultSet rows) throws SQLException {
        var files = new TreeMap<String, String>();
        json(rows.getString("files"))
                .properties()
                .forEach(file -> files.put(file.getKey(), file.getValue().stringValue()));
        rows.getLong("deleted_at");
        boolean deleted = !rows.wasNull();
        return new Stored(
                rows.getString("model"),
                rows.getInt("version"),
                rows.getString("digest"),
                files,
                rows.getLong("bytes"),
                json(rows.getString("bundle")),
                json(rows.getString("trial")),
                instant(rows.getLong("registered_at")),
                rows.getString("registered_by"),
                rows.getString("reason"),
                Optional.ofNullable(rows.getString("reference")).map(ModelTable::json),
                deleted);
    }

    private static Alias alias(ResultSet rows) throws SQLException {
        return new Alias(
                rows.getString("model"),
                rows.getString("name"),
                rows.getInt("version"),
                rows.getLong("revision"),
                instant(rows.getLong("moved_at")),
                rows.getString("moved_by"),
                rows.getString("reason"));
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    private static String text(JsonNode json) {
        return new String(Json.write(json), StandardCharsets.UTF_8);
    }

    private static long micros(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
