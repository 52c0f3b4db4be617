package dev.davy.serving.oip;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decodes `ModelInferRequest` into the memory of an [InferRequest].
final class GrpcInfer {

    private static final int UNSAID = -1;

    private GrpcInfer() {}

    /// What must be known before the tensors can be decoded: which model.
    record Addressed(String model, String version) {}

    static Addressed addressed(byte[] message) {
        var found = new String[] {"", ""};
        GrpcMessages.read(
                CodedInputStream.newInstance(message),
                (field, in) -> {
                    switch (field) {
                        case 1 -> found[0] = in.readStringRequireUtf8();
                        case 2 -> found[1] = in.readStringRequireUtf8();
                        default -> {
                            return false;
                        }
                    }
                    return true;
                });
        return new Addressed(found[0], found[1]);
    }

    static void decode(byte[] message, InferRequest into) {
        into.clear();
        var raw = new ArrayList<int[]>(); // offset and length in the message
        var order = new ArrayList<TensorScratch>();
        var contents = new boolean[1];
        var bytes = CodedInputStream.newInstance(message);
        GrpcMessages.read(
                bytes,
                (field, in) -> {
                    switch (field) {
                        case 3 -> into.id(in.readStringRequireUtf8());
                        case 4 ->
                                GrpcMessages.nested(in, (entry, of) -> parameter(entry, of, into));
                        case 5 -> input(in, into, order, contents);
                        case 6 -> output(in, into);
                        case 7 -> {
                            int length = in.readRawVarint32();
                            int at = in.getTotalBytesRead();
                            in.skipRawBytes(length);
                            raw.add(new int[] {at, length});
                        }
                        default -> {
                            return false;
                        }
                    }
                    return true;
                });
        if (!raw.isEmpty() && contents[0])
            throw InferProblems.bad(
                    "contents-mixed",
                    "The request has both raw_input_contents and contents.",
                    "Either all inputs are raw, or none.",
                    "Use one form.");
        if (!raw.isEmpty() && raw.size() != order.size())
            throw InferProblems.bad(
                    "raw-contents-count",
                    "The request has "
                            + order.size()
                            + " inputs and "
                            + raw.size()
                            + " raw_input_contents.",
                    "There must be one for each, in order.",
                    "Send as many.");
        for (int i = 0; i < raw.size(); i++)
            order.get(i).raw(message, raw.get(i)[0], raw.get(i)[1]);
        into.complete();
    }

    private static final ThreadLocal<@Nullable String> KEY = new ThreadLocal<>();

    private static boolean parameter(int field, CodedInputStream in, InferRequest into)
            throws IOException {
        if (field == 1) {
            KEY.set(in.readStringRequireUtf8());
            return true;
        }
        if (field != 2) return false;
        var key = KEY.get();
        GrpcMessages.nested(
                in,
                (kind, value) -> {
                    if (kind == 3 && "entity".equals(key))
                        into.entity = value.readStringRequireUtf8();
                    else if (kind == 2 && "timeout".equals(key))
                        into.timeoutMicros = Math.max(0, value.readInt64());
                    else return false;
                    return true;
                });
        return true;
    }

    private static void input(
            CodedInputStream in,
            InferRequest into,
            List<TensorScratch> order,
            boolean[] anyContents)
            throws IOException {
        var name = new String[] {""};
        var datatype = new String[] {""};
        var shape = new ArrayList<Long>();
        var contents = new int[] {UNSAID, 0};
        int length = in.readRawVarint32();
        int before = in.pushLimit(length);
        byte[][] held = new byte[1][];
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            boolean packed = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> name[0] = in.readStringRequireUtf8();
                case 2 -> datatype[0] = in.readStringRequireUtf8();
                case 3 -> GrpcMessages.int64s(in, packed, shape, 64);
                case 5 -> {
                    held[0] = in.readByteArray();
                    contents[0] = 0;
                }
                default -> in.skipField(tag);
            }
        }
        in.popLimit(before);
        var input = into.claim(name[0], InferRequest.datatype(datatype[0]), shape);
        order.add(input);
        if (contents[0] == UNSAID) return;
        anyContents[0] = true;
        typed(input, held[0]);
    }

    /// `InferTensorContents`: the elements in the one list that belongs to the datatype.
    private static void typed(TensorScratch input, byte[] message) {
        var values = new TypedContents(input);
        var in = CodedInputStream.newInstance(message);
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                boolean packed =
                        WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
                int field = WireFormat.getTagFieldNumber(tag);
                if (field < 1 || field > 8) {
                    in.skipField(tag);
                } else if (field == 8) {
                    values.bytes(in.readByteArray());
                } else if (packed) {
                    int before = in.pushLimit(in.readRawVarint32());
                    while (in.getBytesUntilLimit() > 0) values.take(field, in);
                    in.popLimit(before);
                } else {
                    values.take(field, in);
                }
            }
        } catch (IOException malformed) {
            throw InferProblems.bad(
                    "message-malformed",
                    "The contents of input '" + input.spec.name() + "' can't be read.",
                    "They are not what the interface says.",
                    "Use raw_input_contents.");
        }
        values.done();
    }

    private static void output(CodedInputStream in, InferRequest into) throws IOException {
        GrpcMessages.nested(
                in,
                (field, of) -> {
                    if (field != 1) return false;
                    into.ask(of.readStringRequireUtf8());
                    return true;
                });
    }
}
