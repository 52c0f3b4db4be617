package dev.davy.storage;

import java.io.IOException;
import java.util.Arrays;

/// Which times the ids in each block of a segment have, so that an id is looked for in a block or
/// two and not in the whole file. Grows with the file; not safe for two threads at once.
final class SegmentBlocks {
    private static final int BLOCK = 1 << 16;

    private long[] starts = new long[16];
    private long[] earliest = new long[16];
    private long[] latest = new long[16];
    private int count;
    private long end = SegmentHeader.SIZE;

    /// Takes in what was written since the last time.
    void extend(SegmentFile file, long limit) throws IOException {
        for (int length = file.headerAt(end, limit);
                length > 0;
                end += length, length = file.headerAt(end, limit)) {
            if (count == 0 || end - starts[count - 1] >= BLOCK) begin();
            if (!Ids.isOurs(file.idHigh())) continue;
            long millis = Ids.millis(file.idHigh());
            earliest[count - 1] = Math.min(earliest[count - 1], millis);
            latest[count - 1] = Math.max(latest[count - 1], millis);
        }
    }

    private void begin() {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
            earliest = Arrays.copyOf(earliest, count * 2);
            latest = Arrays.copyOf(latest, count * 2);
        }
        starts[count] = end;
        earliest[count] = Long.MAX_VALUE;
        latest[count] = Long.MIN_VALUE;
        count++;
    }

    int count() {
        return count;
    }

    boolean mayHold(int block, long millis) {
        return earliest[block] <= millis && millis <= latest[block];
    }

    long from(int block) {
        return starts[block];
    }

    long to(int block) {
        return block + 1 < count ? starts[block + 1] : end;
    }
}
