package dev.davy.serving.oip;

import com.google.protobuf.CodedInputStream;
import dev.davy.runtime.Datatype;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Collects the typed elements of a gRPC input, of which there must be exactly as many as its shape
/// says.
final class TypedContents {

    private static final int BOOL = 1, INT = 2, INT64 = 3, UINT = 4, UINT64 = 5, FP32 = 6, FP64 = 7;

    private final TensorScratch input;
    private final List<byte[]> strings = new ArrayList<>();
    private int taken;

    TypedContents(TensorScratch input) {
        this.input = input;
        input.prepare();
    }

    void take(int field, CodedInputStream in) throws IOException {
        if (field != field(input.spec.datatype())) throw wrongList();
        if (taken >= input.count) throw wrongCount(">" + input.count);
        int at = taken++;
        switch (field) {
            case BOOL -> input.set(at, in.readBool() ? 1 : 0);
            case INT -> input.set(at, in.readInt32());
            case INT64 -> input.set(at, in.readInt64());
            case UINT -> input.set(at, Integer.toUnsignedLong(in.readUInt32()));
            case UINT64 -> input.set(at, in.readUInt64());
            case FP32 -> input.set(at, in.readFloat());
            default -> input.set(at, in.readDouble());
        }
    }

    void bytes(byte[] element) {
        if (input.spec.datatype() != Datatype.BYTES) throw wrongList();
        if (strings.size() >= input.count) throw wrongCount(">" + input.count);
        strings.add(element);
    }

    void done() {
        int count = input.spec.datatype() == Datatype.BYTES ? strings.size() : taken;
        if (count != input.count) throw wrongCount(Integer.toString(count));
        input.typed(strings.toArray(byte[][]::new));
    }

    private static int field(Datatype datatype) {
        return switch (datatype) {
            case BOOL -> BOOL;
            case INT8, INT16, INT32 -> INT;
            case INT64 -> INT64;
            case UINT8, UINT16, UINT32 -> UINT;
            case UINT64 -> UINT64;
            case FP32 -> FP32;
            case FP64 -> FP64;
            case FP16, BF16, BYTES -> 0;
        };
    }

    private RuntimeException wrongList() {
        return InferProblems.bad(
                "contents-type-wrong",
                "The contents of input '" + input.spec.name() + "' are in a list of another type.",
                "Its datatype is " + input.spec.datatype() + ".",
                "Use the list of that type, or raw_input_contents.");
    }

    private RuntimeException wrongCount(String count) {
        return InferProblems.bad(
                "tensor-size-wrong",
                "Input '" + input.spec.name() + "' has " + count + " elements.",
                "Its shape comes to " + input.count + ".",
                "Make them agree.");
    }
}
