package dev.davy.serving;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The SQL of endpoints: what is desired (the declaration) beside what is live (the versions).
final class EndpointTable {
    private static final String SELECT =
            "SELECT name, declaration, epoch, live, loaded, beside, kept, isolated FROM endpoint";

    private EndpointTable() {}

    /// One endpoint as it is kept.
    ///
    /// @param declaration as canonical JSON
    /// @param epoch of its routing
    /// @param live the version behind each component of the live arm
    /// @param loaded false after a person unloaded it
    /// @param beside the candidate
    /// @param kept the version behind each component of what was live before and is still warm
    /// @param isolated whether the live arm runs in a child process still, as it did as a candidate
    record Stored(
            String name,
            JsonNode declaration,
            long epoch,
            Map<String, String> live,
            boolean loaded,
            Optional<Beside> beside,
            Map<String, String> kept,
            boolean isolated) {

        /// A live arm alone.
        static Stored alone(
                String name, JsonNode declaration, long epoch, Map<String, String> live) {
            return new Stored(
                    name, declaration, epoch, live, true, Optional.empty(), Map.of(), false);
        }

        Stored at(long other) {
            return new Stored(name, declaration, other, live, loaded, beside, kept, isolated);
        }

        Stored declared(JsonNode other) {
            return new Stored(name, other, epoch, live, loaded, beside, kept, isolated);
        }

        Stored live(Map<String, String> other, boolean inChild) {
            return new Stored(name, declaration, epoch, other, true, beside, kept, inChild);
        }

        Stored beside(Optional<Beside> other) {
            return new Stored(name, declaration, epoch, live, loaded, other, kept, isolated);
        }

        Stored kept(Map<String, String> other) {
            return new Stored(name, declaration, epoch, live, loaded, beside, other, isolated);
        }

        Stored loaded(boolean now) {
            return new Stored(name, declaration, epoch, live, now, beside, kept, isolated);
        }

        Standing standing() {
            return new Standing(epoch, live, beside, kept, isolated);
        }
    }

    static List<Stored> all(Handle handle) {
        return handle.createQuery(SELECT + " ORDER BY name")
                .map((rows, context) -> stored(rows))
                .list();
    }

    static Optional<Stored> find(Handle handle, String name) {
        return handle.createQuery(SELECT + " WHERE name = :name")
                .bind("name", name)
                .map((rows, context) -> stored(rows))
                .findOne();
    }

    static void put(Handle handle, Stored endpoint) {
        handle.createUpdate(
                        "INSERT INTO endpoint (name, declaration, epoch, live, loaded, beside, kept, isolated)"
                                + " VALUES (:name, :declaration, :epoch, :live, :loaded, :beside, :kept, :isolated)"
                                + " ON CONFLICT (name) DO UPDATE SET declaration = excluded.declaration, epoch = excluded.epoch,"
                                + " live = excluded.live, loaded = excluded.loaded, beside = excluded.beside,"
                                + " kept = excluded.kept, isolated = excluded.isolated")
                .bind("name", endpoint.name())
                .bind("declaration", Json.text(endpoint.declaration()))
                .bind("epoch", endpoint.epoch())
                .bind("live", Json.text(Json.tree(endpoint.live())))
                .bind("loaded", endpoint.loaded())
                .bind("beside", endpoint.beside().map(EndpointTable::text).orElse(null))
                .bind("kept", Json.text(Json.tree(endpoint.kept())))
                .bind("isolated", endpoint.isolated())
                .execute();
    }

    static void delete(Handle handle, String name) {
        handle.createUpdate("DELETE FROM endpoint WHERE name = :name").bind("name", name).execute();
    }

    /// The schemas by which records are read, by hash: kept for as long as the log may need them.
    static void putSchema(Handle handle, long hash, JsonNode schema) {
        handle.createUpdate(
                        "INSERT INTO logged_schema (hash, body) VALUES (:hash, :body) ON CONFLICT (hash) DO NOTHING")
                .bind("hash", hash)
                .bind("body", Json.text(schema))
                .execute();
    }

    static Optional<JsonNode> schema(Handle handle, long hash) {
        return handle.createQuery("SELECT body FROM logged_schema WHERE hash = :hash")
                .bind("hash", hash)
                .mapTo(String.class)
                .findOne()
                .map(EndpointTable::tree);
    }

    private static Stored stored(ResultSet rows) throws SQLException {
        return new Stored(
                rows.getString("name"),
                tree(rows.getString("declaration")),
                rows.getLong("epoch"),
                versions(rows.getString("live")),
                rows.getBoolean("loaded"),
                Optional.ofNullable(rows.getString("beside")).map(EndpointTable::beside),
                versions(rows.getString("kept")),
                rows.getBoolean("isolated"));
    }

    private static Map<String, String> versions(@Nullable String json) {
        return json == null ? Map.of() : versions(tree(json));
    }

    private static Map<String, String> versions(JsonNode tree) {
        var versions = new LinkedHashMap<String, String>();
        for (var each : tree.properties()) versions.put(each.getKey(), each.getValue().asString());
        return versions;
    }

    private static Beside beside(String json) {
        var tree = tree(json);
        return new Beside(
                versions(tree.path("versions")),
                tree.path("buckets").asInt(),
                tree.path("shadow").asDouble());
    }

    private static String text(Beside beside) {
        return Json.text(Json.tree(beside));
    }

    private static JsonNode tree(String json) {
        return Json.read(json.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }
}
