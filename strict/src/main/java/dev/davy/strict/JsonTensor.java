package dev.davy.strict;

import java.util.Arrays;

/// Reads the shape and the data of a tensor for a [JsonCursor].
final class JsonTensor {
    enum Type {
        FLOAT32,
        FLOAT64,
        INT64,
        UINT64,
        BOOL,
        BYTES
    }

    private final JsonCursor cursor;
    private final int mostDigits;
    private final PlainNumbers plain = new PlainNumbers();
    private long min;
    private long max;

    /// The element that is being read, for the message when it is wrong.
    private int index;

    JsonTensor(JsonCursor cursor) {
        this.cursor = cursor;
        this.mostDigits = cursor.limits.jsonNumberDigits();
    }

    long[] shape() {
        cursor.beginArray();
        var dimensions = new long[4];
        int rank = 0;
        while (cursor.nextElement()) {
            if (rank == cursor.limits.tensorRank())
                throw notAllowed("It has more than " + cursor.limits.tensorRank() + " dimensions.");
            if (rank == dimensions.length) dimensions = Arrays.copyOf(dimensions, rank * 2);
            dimensions[rank++] = cursor.int64(0, Long.MAX_VALUE);
        }
        return rank == dimensions.length ? dimensions : Arrays.copyOf(dimensions, rank);
    }

    static int elements(long[] shape, Limits limits) {
        if (shape.length > limits.tensorRank())
            throw notAllowed("It has more than " + limits.tensorRank() + " dimensions.");
        long product = 1;
        boolean empty = false;
        for (var dimension : shape) {
            if (dimension < 0) throw notAllowed("A dimension is " + dimension + ".");
            empty |= dimension == 0;
            // Saturates instead of wrapping to a small number, and a zero further on may still make
            // it nothing.
            product =
                    dimension == 0 || product > Integer.MAX_VALUE
                            ? product
                            : times(product, dimension);
        }
        if (empty) return 0;
        if (product > limits.tensorElements())
            throw notAllowed("It has more than " + limits.tensorElements() + " elements.");
        return (int) product;
    }

    private static long times(long product, long dimension) {
        return dimension > Integer.MAX_VALUE ? Long.MAX_VALUE : product * dimension;
    }

    void range(long least, long most) {
        min = least;
        max = most;
    }

    int read(Type type, Object into, int room, int count, long[] shape) {
        if (count > room || count < 0)
            throw new IllegalArgumentException(count + " elements, room for " + room);
        index = 0;
        try {
            cursor.beginArray();
            // Only a first element that is an array makes it nested, so that [] serves for any
            // empty shape.
            if (shape.length > 1 && cursor.space() == '[') rows(type, into, count, shape, 0);
            else leaf(type, into, count, count);
            if (index != count) throw tooFew(index, count);
            return count;
        } catch (Problem problem) {
            if (problem.field().isPresent()) throw problem;
            throw problem.at("[" + index + "]");
        }
    }

    /// The rest of an array of `shape[dimension]` arrays, its bracket being read.
    private void rows(Type type, Object into, int count, long[] shape, int dimension) {
        long length = shape[dimension];
        if (dimension == shape.length - 1) {
            if (length > count - index) throw differs(shape);
            leaf(type, into, (int) length, count);
            return;
        }
        for (long i = 0; i < length; i++) {
            if (!cursor.nextElement()) throw differs(shape);
            if (cursor.space() != '[')
                throw cursor.unexpected("an array, as the shape has one there");
            cursor.beginArray();
            rows(type, into, count, shape, dimension + 1);
        }
        if (cursor.nextElement()) throw differs(shape);
    }

    private void leaf(Type type, Object into, int n, int count) {
        switch (type) {
            case FLOAT32 -> floats((float[]) into, n);
            case FLOAT64 -> doubles((double[]) into, n);
            case INT64 -> longs((long[]) into, n);
            case UINT64 -> unsigned((long[]) into, n);
            case BOOL -> bools((byte[]) into, n);
            case BYTES -> strings((byte[][]) into, n);
        }
        if (cursor.nextElement()) throw tooMany(n, count);
    }

    private void floats(float[] into, int n) {
        int end = index + n;
        var a = cursor.bytes;
        int p = cursor.at;
        boolean first = true;
        while (index < end) {
            int next = plain.next(a, p, cursor.to, first);
            if (next >= 0) {
                float value = plain.float32();
                if (Float.isFinite(value)) {
                    into[index++] = value;
                    p = next;
                    first = false;
                    continue;
                }
            }
            int from = element(a, p, first);
            next = from < 0 ? -1 : cursor.number.scan(a, from, cursor.to);
            if (next < 0 || next - from > mostDigits) break;
            float value = cursor.number.float32();
            if (!(Float.isFinite(value))) break;
            into[index++] = value;
            p = next;
            first = false;
        }
        resume(p, first);
        for (; index < end; index++) {
            if (!cursor.nextElement()) throw tooFew(index, end);
            into[index] = cursor.float32();
        }
    }

    private void doubles(double[] into, int n) {
        int end = index + n;
        var a = cursor.bytes;
        int p = cursor.at;
        boolean first = true;
        while (index < end) {
            int next = plain.next(a, p, cursor.to, first);
            if (next >= 0) {
                double value = plain.float64();
                if (Double.isFinite(value)) {
                    into[index++] = value;
                    p = next;
                    first = false;
                    continue;
                }
            }
            int from = element(a, p, first);
            next = from < 0 ? -1 : cursor.number.scan(a, from, cursor.to);
            if (next < 0 || next - from > mostDigits) break;
            double value = cursor.number.float64();
            if (!(Double.isFinite(value))) break;
            into[index++] = value;
            p = next;
            first = false;
        }
        resume(p, first);
        for (; index < end; index++) {
            if (!cursor.nextElement()) throw tooFew(index, end);
            into[index] = cursor.float64();
        }
    }

    private void longs(long[] into, int n) {
        int end = index + n;
        var a = cursor.bytes;
        int p = cursor.at;
        boolean first = true;
        while (index < end) {
            int next = plain.next(a, p, cursor.to, first);
            if (next >= 0 && plain.isWhole()) {
                long value = plain.int64();
                if (value >= min && value <= max) {
                    into[index++] = value;
                    p = next;
                    first = false;
                    continue;
                }
            }
            int from = element(a, p, first);
            next = from < 0 ? -1 : cursor.number.scan(a, from, cursor.to);
            if (next < 0 || next - from > mostDigits || !cursor.number.isInteger(false)) break;
            long value = cursor.number.int64();
            if (!(value >= min && value <= max)) break;
            into[index++] = value;
            p = next;
            first = false;
        }
        resume(p, first);
        for (; index < end; index++) {
            if (!cursor.nextElement()) throw tooFew(index, end);
            into[index] = cursor.int64(min, max);
        }
    }

    /// Where the next element begins, behind its comma and white space; -1 where that is not plain
    /// to see.
    ///
    /// The loops above keep their place in a local variable and stop before whatever is odd; the
    /// loops below them then meet it, by way of the cursor, and say what it is.
    private int element(byte[] a, int behindLast, boolean first) {
        int p = behindLast;
        int to = cursor.to;
        if (!first) {
            while (p < to && isSpace(a[p])) p++;
            if (p >= to || a[p] != ',') return -1;
            p++;
        }
        while (p < to && isSpace(a[p])) p++;
        return p;
    }

    private static boolean isSpace(byte b) {
        return b <= ' ' && (b == ' ' || b == '\n' || b == '\r' || b == '\t');
    }

    private void resume(int behindLast, boolean first) {
        cursor.at = behindLast;
        if (!first) cursor.elementRead();
    }

    private void unsigned(long[] into, int n) {
        for (int end = index + n; index < end; index++) {
            if (!cursor.nextElement()) throw tooFew(index, end);
            cursor.scanNumber();
            if (!cursor.number.isInteger(true))
                throw cursor.outOfRange("an integer from 0 to 2^64-1");
            into[index] = cursor.number.int64();
        }
    }

    private void bools(byte[] into, int n) {
        for (int end = index + n; index < end; index++) {
            if (!cursor.nextElement()) throw tooFew(index, end);
            int b = cursor.space();
            into[index] =
                    (byte) (b == 't' || b == 'f' ? cursor.bool() ? 1 : 0 : cursor.int64(0, 1));
        }
    }

    private void strings(byte[][] into, int n) {
        for (int end = index + n; index < end; index++) {
            if (!cursor.nextElement()) throw tooFew(index, end);
            into[index] = cursor.stringBytes();
        }
    }

    Problem tooFew(int found, int needed) {
        return differ(
                "The data ends after " + found + " elements; the shape needs " + needed + ".");
    }

    private static Problem tooMany(int row, int count) {
        return differ(
                row == count
                        ? "The data has more than the " + count + " elements of the shape."
                        : "A row has more than the " + row + " elements of the shape.");
    }

    private static Problem differs(long[] shape) {
        return differ("The data is not nested as the shape " + Arrays.toString(shape) + " says.");
    }

    private static Problem differ(String why) {
        return new Problem(
                Problem.Kind.MALFORMED,
                "shape-and-data-differ",
                "A tensor's shape and data contradict each other.",
                why,
                "Send as many elements as the shape says, flat or nested just as it says.");
    }

    private static Problem notAllowed(String why) {
        return new Problem(
                Problem.Kind.MALFORMED,
                "shape-not-allowed",
                "A tensor's shape is not possible here.",
                why,
                "Send a shape of non-negative integers within the limits.");
    }
}
