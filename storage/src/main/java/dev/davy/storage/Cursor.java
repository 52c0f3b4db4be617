package dev.davy.storage;

import java.util.HashMap;
import java.util.Map;

/// How far a reader has come: for each node the place after the last record that it took. A node
/// that is not in it is read from its beginning.
public record Cursor(Map<Integer, Position> positions) {
    /// The beginning of everything.
    public static final Cursor START = new Cursor(Map.of());

    public Cursor {
        positions = Map.copyOf(positions);
        positions.forEach((node, position) -> {
            if (node != position.node())
                throw new IllegalArgumentException("node " + node + " cannot stand at " + position);
        });
    }

    /// The same, with this node's place moved.
    public Cursor with(Position position) {
        var moved = new HashMap<>(positions);
        moved.put(position.node(), position);
        return new Cursor(moved);
    }
}
