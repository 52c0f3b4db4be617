package dev.davy.serving;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;

/// The SQL of endpoints: what is desired (the declaration) beside what is live (the versions).
final class EndpointTable {
    private EndpointTable() {}

    /// One endpoint as it is kept.
    ///
    /// @param declaration as canonical JSON
    /// @param epoch of its routing
    /// @param live the version behind each component of the live arm
    /// @param loaded false after a person unloaded it
    record Stored(
            String name,
            JsonNode declaration,
            long epoch,
            Map<String, String> live,
            boolean loaded) {}

    static List<Stored> all(Handle handle) {
        return handle.createQuery(
                        "SELECT name, declaration, epoch, live, loaded FROM endpoint ORDER BY name")
                .map((rows, context) ->
                        stored(
                                rows.getString("name"),
                                rows.getString("declaration"),
                                rows.getLong("epoch"),
                                rows.getString("live"),
                                rows.getBoolean("loaded")))
                .list();
    }

    static Optional<Stored> find(Handle handle, String name) {
        return handle.createQuery(
                        "SELECT name, declaration, epoch, live, loaded FROM endpoint WHERE name = :name")
                .bind("name", name)
                .map((rows, context) ->
                        stored(
                                rows.getString("name"),
                                rows.getString("declaration"),
                                rows.getLong("epoch"),
                                rows.getString("live"),
                                rows.getBoolean("loaded")))
                .findOne();
    }

    static void put(Handle handle, Stored endpoint) {
        handle.createUpdate(
                        "INSERT INTO endpoint (name, declaration, epoch, live, loaded) VALUES (:name, :declaration, :epoch, :live, :loaded)"
                                + " ON CONFLICT (name) DO UPDATE SET declaration = excluded.declaration, epoch = excluded.epoch,"
                                + " live = excluded.live, loaded = excluded.loaded")
                .bind("name", endpoint.name())
                .bind("declaration", Json.text(endpoint.declaration()))
                .bind("epoch", endpoint.epoch())
                .bind("live", Json.text(Json.tree(endpoint.live())))
                .bind("loaded", endpoint.loaded())
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

    private static Stored stored(
            String name, String declaration, long epoch, String live, boolean loaded) {
        var versions = new LinkedHashMap<String, String>();
        for (var each : tree(live).properties())
            versions.put(each.getKey(), each.getValue().asString());
        return new Stored(name, tree(declaration), epoch, versions, loaded);
    }

    private static JsonNode tree(String json) {
        return Json.read(json.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }
}
