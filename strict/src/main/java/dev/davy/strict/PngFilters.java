package dev.davy.strict;

/// The five filters that PNG puts on rows (ISO/IEC 15948, section 9), undone.
final class PngFilters {
    private PngFilters() {}

    /// @param row the filtered bytes, which become the plain ones
    /// @param above the plain bytes of the row above, zeros for the first
    /// @param step bytes from one pixel to the next
    static void undo(int filter, byte[] row, byte[] above, int length, int step) {
        switch (filter) {
            case 0 -> {}
            case 1 -> sub(row, length, step);
            case 2 -> up(row, above, length);
            case 3 -> average(row, above, length, step);
            case 4 -> paeth(row, above, length, step);
            default -> throw Images.damaged("A row has the unknown filter " + filter + ".");
        }
    }

    private static void sub(byte[] row, int length, int step) {
        for (int i = step; i < length; i++) row[i] += row[i - step];
    }

    private static void up(byte[] row, byte[] above, int length) {
        for (int i = 0; i < length; i++) row[i] += above[i];
    }

    private static void average(byte[] row, byte[] above, int length, int step) {
        for (int i = 0; i < length; i++) {
            int left = i < step ? 0 : row[i - step] & 0xFF;
            row[i] += (byte) (left + (above[i] & 0xFF) >> 1);
        }
    }

    private static void paeth(byte[] row, byte[] above, int length, int step) {
        for (int i = 0; i < length; i++) {
            int left = i < step ? 0 : row[i - step] & 0xFF;
            int up = above[i] & 0xFF;
            int corner = i < step ? 0 : above[i - step] & 0xFF;
            int estimate = left + up - corner;
            int fromLeft = Math.abs(estimate - left);
            int fromUp = Math.abs(estimate - up);
            int fromCorner = Math.abs(estimate - corner);
            int nearest =
                    fromLeft <= fromUp && fromLeft <= fromCorner
                            ? left
                            : fromUp <= fromCorner ? up : corner;
            row[i] += (byte) nearest;
        }
    }
}
