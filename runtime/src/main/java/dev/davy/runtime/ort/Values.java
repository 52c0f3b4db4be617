package dev.davy.runtime.ort;

import static dev.davy.runtime.ort.Native.LONG;
import static dev.davy.runtime.ort.Native.address;
import static dev.davy.runtime.ort.Native.call1;
import static dev.davy.runtime.ort.Native.call2;
import static dev.davy.runtime.ort.Native.call3;
import static dev.davy.runtime.ort.Native.call4;
import static dev.davy.runtime.ort.Native.call5;
import static dev.davy.runtime.ort.Native.call7;
import static dev.davy.runtime.ort.Native.text;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Tensors, sequences and maps; a handle that was made here is to be released here.
public final class Values {
    private Values() {}

    /// A tensor over memory that stays the caller's and must outlive it.
    ///
    /// @param type ONNX's number of the element type
    public static long tensor(MemorySegment memory, int type, long[] shape) throws OrtFailure {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(LONG);
            Table.check(
                    call7(
                            Table.function(Table.CREATE_TENSOR_WITH_DATA),
                            Table.CPU,
                            memory.address(),
                            memory.byteSize(),
                            arena.allocateFrom(LONG, shape).address(),
                            shape.length,
                            type,
                            out.address()));
            return out.get(LONG, 0);
        }
    }

    /// A tensor of the runtime's own memory: for texts.
    public static long tensor(int type, long[] shape) throws OrtFailure {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(LONG);
            Table.check(
                    call5(
                            Table.function(Table.CREATE_TENSOR),
                            Table.ALLOCATOR,
                            arena.allocateFrom(LONG, shape).address(),
                            shape.length,
                            type,
                            out.address()));
            return out.get(LONG, 0);
        }
    }

    public static void release(long value) {
        call1(Table.function(Table.RELEASE_VALUE), value);
    }

    /// Writes all elements of a tensor of texts, byte for byte.
    public static void fill(long tensor, byte[][] texts) throws OrtFailure {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(LONG);
            for (int at = 0; at < texts.length; at++) {
                var text = texts[at];
                Table.check(
                        call4(
                                Table.function(Table.RESIZED_TEXT),
                                tensor,
                                at,
                                text.length,
                                out.address()));
                var into = address(out.get(LONG, 0)).reinterpret(text.length);
                MemorySegment.copy(text, 0, into, ValueLayout.JAVA_BYTE, 0, text.length);
            }
        }
    }

    /// All elements of a tensor of texts.
    public static byte[][] texts(long tensor, int count) throws OrtFailure {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(LONG);
            Table.check(call2(Table.function(Table.TEXTS_LENGTH), tensor, out.address()));
            long bytes = out.get(LONG, 0);
            var content = arena.allocate(Math.max(bytes, 1));
            var offsets = arena.allocate(LONG, Math.max(count, 1));
            if (count > 0)
                Table.check(
                        call5(
                                Table.function(Table.TEXTS_CONTENT),
                                tensor,
                                content.address(),
                                bytes,
                                offsets.address(),
                                count));
            var texts = new byte[count][];
            for (int at = 0; at < count; at++) {
                long from = offsets.getAtIndex(LONG, at);
                long to = at + 1 < count ? offsets.getAtIndex(LONG, at + 1) : bytes;
                texts[at] = content.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE);
            }
            return texts;
        }
    }

    /// Element type and shape of a tensor.
    ///
    /// @param type ONNX's number of the element type
    @SuppressWarnings("ArrayRecordComponent") // made for one look, never compared
    public record Form(int type, long[] shape) {}

    /// Element type and shape of a tensor that a run made.
    public static Form form(long tensor) throws OrtFailure {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(LONG);
            Table.check(call2(Table.function(Table.TYPE_AND_SHAPE), tensor, out.address()));
            long info = out.get(LONG, 0);
            try {
                out.set(LONG, 0, 0);
                Table.check(call2(Table.function(Table.ELEMENT_TYPE), info, out.address()));
                int type = out.get(ValueLayout.JAVA_INT, 0);
                Table.check(call2(Table.function(Table.DIMENSIONS_COUNT), info, out.address()));
                int rank = Math.toIntExact(out.get(LONG, 0));
                var shape = arena.allocate(LONG, Math.max(rank, 1));
                Table.check(call3(Table.function(Table.DIMENSIONS), info, shape.address(), rank));
                return new Form(type, shape.asSlice(0, rank * LONG.byteSize()).toArray(LONG));
            } finally {
                call1(Table.function(Table.RELEASE_TYPE_AND_SHAPE), info);
            }
        }
    }

    /// The numbers of a tensor; they are the tensor's.
    public static MemorySegment data(long tensor, long bytes) throws OrtFailure {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(LONG);
            Table.check(call2(Table.function(Table.TENSOR_DATA), tensor, out.address()));
            return address(out.get(LONG, 0)).reinterpret(bytes);
        }
    }

    /// How many values a sequence has; of a map always 2, keys and values.
    public static int count(long value) throws OrtFailure {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(LONG);
            Table.check(call2(Table.function(Table.GET_VALUE_COUNT), value, out.address()));
            return Math.toIntExact(out.get(LONG, 0));
        }
    }

    /// An element of a sequence, or the keys (0) or values (1) of a map; to be released.
    public static long element(long value, int at) throws OrtFailure {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(LONG);
            Table.check(
                    call4(
                            Table.function(Table.GET_VALUE),
                            value,
                            at,
                            Table.ALLOCATOR,
                            out.address()));
            return out.get(LONG, 0);
        }
    }
}
