package dev.davy.storage;

import java.util.Comparator;

/// A place in a node's log: before the byte at this offset of this epoch.
///
/// Each start of a node opens an epoch, so a place that a power loss took away is never taken by
/// another record.
///
/// @param node 0 to 65,535
/// @param epoch from 1, one more at each start
/// @param offset in bytes from the beginning of the epoch; says nothing but what comes first
public record Position(int node, long epoch, long offset) implements Comparable<Position> {
    private static final Comparator<Position> ORDER =
            Comparator.comparingInt(Position::node)
                    .thenComparingLong(Position::epoch)
                    .thenComparingLong(Position::offset);

    public Position {
        Ids.checkNode(node);
        if (epoch < 0 || offset < 0)
            throw new IllegalArgumentException(
                    "epoch is " + epoch + " and offset " + offset + "; neither can be negative");
    }

    /// In a node's own order. Between nodes there is no order in time: the smaller node is first.
    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }

    /// `node-epoch-offset`, as in the names of the log's files.
    @Override
    public String toString() {
        return node + "-" + epoch + "-" + offset;
    }
}
