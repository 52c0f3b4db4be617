package dev.davy.runtime.onnx;

import dev.davy.strict.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Walks the fields of one protobuf message.
///
/// All messages of a file share one [Budget], so that no nesting of small things adds up to
/// something large.
final class Wire {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    /// What one file may make us keep.
    static final class Budget {
        /// Protobuf's own readers stop at 100 as well.
        private static final int DEPTH = 100;

        private int things = 2_000_000;
        private long textBytes = 64L << 20;

        void thing() {
            if (--things < 0) throw Refused.tooMuch("Its graph has more than 2,000,000 parts");
        }

        void text(int bytes) {
            textBytes -= bytes;
            if (textBytes < 0) throw Refused.tooMuch("Its names take more than 64 MiB");
        }
    }

    private final ByteBuffer bytes;
    private final Budget budget;
    private final int depth;
    private int type;

    Wire(ByteBuffer bytes, Budget budget) {
        this(bytes, budget, 0);
    }

    private Wire(ByteBuffer bytes, Budget budget, int depth) {
        this.bytes = bytes;
        this.budget = budget;
        this.depth = depth;
        if (depth > Budget.DEPTH)
            throw Refused.tooMuch("Its graph is nested more than " + Budget.DEPTH + " deep");
    }

    Budget budget() {
        return budget;
    }

    /// The number of the next field; 0 at the end.
    int next() {
        if (!bytes.hasRemaining()) return 0;
        long key = varint();
        long field = key >>> 3;
        if (field < 1 || field > 0x1FFFFFFF) throw damaged("a field has the number " + field);
        type = (int) (key & 7);
        return (int) field;
    }

    /// Whether the field's value is of that wire type.
    boolean is(int wireType) {
        return type == wireType;
    }

    void skip() {
        switch (type) {
            case VARINT -> varint();
            case FIXED64 -> advance(8);
            case BYTES -> advance(length());
            case FIXED32 -> advance(4);
            default -> throw damaged("a field has the wire type " + type);
        }
    }

    long integer() {
        expect(VARINT);
        return varint();
    }

    String text() {
        var slice = slice();
        budget.text(slice.remaining());
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(slice).toString();
            if (text.indexOf('\0') >= 0) throw damaged("a name holds a NUL");
            return text;
        } catch (CharacterCodingException e) {
            throw damaged("a name is not UTF-8");
        }
    }

    Wire message() {
        budget.thing();
        return new Wire(slice(), budget, depth + 1);
    }

    /// The bytes of the field, not copied.
    ByteBuffer slice() {
        expect(BYTES);
        int length = length();
        var slice = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        return slice;
    }

    /// One more number of a repeated field, or many packed ones; each goes to the sink. Null keeps
    /// none.
    void integers(@Nullable Sink sink) {
        if (is(VARINT)) {
            long one = varint();
            if (sink != null) sink.take(one);
            return;
        }
        var packed = new Wire(slice(), budget, depth);
        if (sink == null) return;
        while (packed.bytes.hasRemaining()) sink.take(packed.varint());
    }

    /// Takes numbers one by one.
    interface Sink {
        void take(long number);
    }

    private void expect(int wireType) {
        if (type != wireType) throw damaged("a field has the wrong wire type");
    }

    private int length() {
        long length = varint();
        if (length < 0 || length > bytes.remaining())
            throw damaged("a part claims " + length + " bytes, " + bytes.remaining() + " are left");
        return (int) length;
    }

    private void advance(int count) {
        if (count > bytes.remaining()) throw damaged("it ends in the middle of a number");
        bytes.position(bytes.position() + count);
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (!bytes.hasRemaining()) throw damaged("it ends in the middle of a number");
            byte b = bytes.get();
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) return value;
        }
        throw damaged("a number has more than 64 bits");
    }

    private static Problem damaged(String why) {
        return Refused.damaged(why);
    }
}
