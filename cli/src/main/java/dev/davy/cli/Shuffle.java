package dev.davy.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Rows in an order in which nothing changes over time, while the times stay where they are: what
/// an alarm says of them is false.
///
/// Blocks of a day or a week keep what belongs together in time, so an alarm that only looks for
/// neighbours that resemble each other is caught as well.
enum Shuffle {
    NONE(0),
    WHOLE(0),
    DAY(86_400),
    WEEK(7 * 86_400);

    /// A Monday, so that weeks are those of the calendar.
    private static final long MONDAY = Instant.parse("1970-01-05T00:00:00Z").getEpochSecond();

    private final long blockSeconds;

    Shuffle(long blockSeconds) {
        this.blockSeconds = blockSeconds;
    }

    List<PastRow> of(List<PastRow> rows, long seed) {
        if (this == NONE) return rows;
        var blocks = blocks(rows);
        Collections.shuffle(blocks, new Random(seed));
        var shuffled = new ArrayList<PastRow>(rows.size());
        for (var block : blocks)
            for (var row : block) shuffled.add(rows.get(shuffled.size()).with(row.what()));
        return shuffled;
    }

    private List<List<PastRow>> blocks(List<PastRow> rows) {
        var blocks = new ArrayList<List<PastRow>>();
        int from = 0;
        for (int to = 1; to <= rows.size(); to++) {
            boolean ends =
                    this == WHOLE
                            || to == rows.size()
                            || block(rows.get(to)) != block(rows.get(from));
            if (!ends) continue;
            blocks.add(rows.subList(from, to));
            from = to;
        }
        return blocks;
    }

    private long block(PastRow row) {
        return Math.floorDiv(row.at().getEpochSecond() - MONDAY, blockSeconds);
    }
}
