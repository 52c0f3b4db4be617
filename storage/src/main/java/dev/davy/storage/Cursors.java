package dev.davy.storage;

import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// The places of readers of the log, stored in the transaction that stores what the reader made of
/// what it read: so each record counts exactly once.
public final class Cursors {
    private Cursors() {}

    /// [Cursor#START] if it has none.
    ///
    /// @param version of the reader: a new version begins anew, beside the old one
    public static Cursor get(Handle handle, String reader, int version) {
        var positions =
                handle.select(
                                """
                                SELECT node, epoch, byte_offset FROM readers
                                WHERE reader = ? AND version = ?\
                                """,
                                reader,
                                version)
                        .map((row, context) ->
                                new Position(row.getInt(1), row.getLong(2), row.getLong(3)))
                        .collect(Collectors.toMap(Position::node, position -> position));
        return new Cursor(positions);
    }

    public static void set(Handle handle, String reader, int version, Cursor cursor) {
        for (var position : cursor.positions().values())
            handle.execute(
                    """
                    INSERT INTO readers (reader, version, node, epoch, byte_offset)
                    VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (reader, version, node)
                    DO UPDATE SET epoch = excluded.epoch, byte_offset = excluded.byte_offset\
                    """,
                    reader,
                    version,
                    position.node(),
                    position.epoch(),
                    position.offset());
    }
}
