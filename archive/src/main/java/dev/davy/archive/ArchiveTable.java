package dev.davy.archive;

import dev.davy.archive.ArchiveFile.Kind;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;

/// The SQL of what the archive holds.
final class ArchiveTable {
    private ArchiveTable() {}

    static void put(Handle handle, int keeper, ArchiveFile file) {
        handle.execute(
                """
                INSERT INTO archive_files
                    (keeper, path, kind, endpoint, layout, day, row_count, bytes, generation)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                keeper,
                file.path(),
                file.kind().word(),
                file.endpoint(),
                file.layout(),
                file.day(),
                file.rows(),
                file.bytes(),
                file.generation());
    }

    static void remove(Handle handle, int keeper, String path) {
        handle.execute("DELETE FROM archive_files WHERE keeper = ? AND path = ?", keeper, path);
    }

    /// It no longer counts, and is to be deleted.
    static void doom(Handle handle, int keeper, String path) {
        handle.execute(
                "UPDATE archive_files SET generation = -1 WHERE keeper = ? AND path = ?",
                keeper,
                path);
    }

    /// In the order of their paths, which is that of their records within a day.
    static List<ArchiveFile> files(Handle handle, int keeper) {
        return handle
                .select("SELECT * FROM archive_files WHERE keeper = ?", keeper)
                .map((row, context) -> file(row))
                .list()
                .stream()
                .sorted(java.util.Comparator.comparing(ArchiveFile::path))
                .toList();
    }

    private static ArchiveFile file(ResultSet row) throws SQLException {
        return new ArchiveFile(
                row.getString("path"),
                Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getString("endpoint"),
                row.getLong("layout"),
                row.getString("day"),
                row.getLong("row_count"),
                row.getLong("bytes"),
                row.getLong("generation"));
    }

    static void putLayout(Handle handle, Layout layout) {
        handle.execute(
                "INSERT INTO archive_layouts (endpoint, layout, columns) VALUES (?, ?, ?)",
                layout.endpoint(),
                layout.number(),
                Json.text(Layout.json(layout.fields())));
    }

    static List<Layout> layouts(Handle handle) {
        return handle.select("SELECT * FROM archive_layouts ORDER BY endpoint, layout")
                .map((row, context) ->
                        new Layout(
                                row.getString("endpoint"),
                                row.getLong("layout"),
                                Layout.read(
                                        Json.read(
                                                row.getString("columns")
                                                        .getBytes(StandardCharsets.UTF_8),
                                                Limits.DEFAULT))))
                .list();
    }

    static void late(Handle handle, int keeper, String day) {
        handle.execute(
                "INSERT INTO archive_late (keeper, day) VALUES (?, ?) ON CONFLICT (keeper, day) DO NOTHING",
                keeper,
                day);
    }

    static List<String> late(Handle handle, int keeper) {
        return handle.select("SELECT day FROM archive_late WHERE keeper = ? ORDER BY day", keeper)
                .mapTo(String.class)
                .list();
    }

    static void onTime(Handle handle, int keeper, String day) {
        handle.execute("DELETE FROM archive_late WHERE keeper = ? AND day = ?", keeper, day);
    }
}
