package dev.davy.serving.oip;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.davy.runtime.TensorSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The messages of the protocol's gRPC service, written and read field by field: there are few, and
/// the tensors in them go straight to where they are needed.
///
/// Field numbers are those of the published interface. Fields that are not known are skipped.
final class GrpcMessages {
    private GrpcMessages() {}

    /// Writes the fields of one message.
    interface Content {
        void to(CodedOutputStream out) throws IOException;
    }

    static byte[] message(Content content) {
        var bytes = new ByteArrayOutputStream(256);
        var out = CodedOutputStream.newInstance(bytes);
        try {
            content.to(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static void nested(CodedOutputStream out, int field, Content content) throws IOException {
        out.writeByteArray(field, message(content));
    }

    static byte[] flag(boolean value) {
        return message(out -> {
            if (value) out.writeBool(1, true);
        });
    }

    /// A string in an `InferParameter`.
    static void parameter(CodedOutputStream out, int field, String key, String value)
            throws IOException {
        nested(
                out,
                field,
                entry -> {
                    entry.writeString(1, key);
                    nested(entry, 2, parameter -> parameter.writeString(3, value));
                });
    }

    static void tensorMetadata(CodedOutputStream out, int field, TensorSpec spec)
            throws IOException {
        nested(
                out,
                field,
                tensor -> {
                    tensor.writeString(1, spec.name());
                    tensor.writeString(2, spec.datatype().name());
                    shape(tensor, 3, spec.shape());
                });
    }

    static void shape(CodedOutputStream out, int field, List<Long> shape) throws IOException {
        if (shape.isEmpty()) return;
        nested(
                out,
                field,
                packed -> {
                    for (long dimension : shape) packed.writeInt64NoTag(dimension);
                });
    }

    /// Reads fields of a message until its end.
    interface Fields {
        /// Reads the field, or returns false to have it skipped.
        boolean read(int field, CodedInputStream in) throws IOException;
    }

    /// @throws dev.davy.strict.Problem MALFORMED for what is no such message
    static void read(CodedInputStream in, Fields fields) {
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag())
                if (!fields.read(WireFormat.getTagFieldNumber(tag), in)) in.skipField(tag);
        } catch (IOException malformed) {
            throw InferProblems.bad(
                    "message-malformed",
                    "The message can't be read.",
                    "It is not what the service's interface says.",
                    "Use a client of the Open Inference Protocol.");
        }
    }

    /// Reads a message inside another.
    static void nested(CodedInputStream in, Fields fields) throws IOException {
        int length = in.readRawVarint32();
        int before = in.pushLimit(length);
        read(in, fields);
        in.popLimit(before);
    }

    /// The fields of a message that are strings, by number.
    static Map<Integer, String> strings(byte[] message) {
        var strings = new LinkedHashMap<Integer, String>();
        var in = CodedInputStream.newInstance(message);
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED)
                    strings.put(WireFormat.getTagFieldNumber(tag), in.readStringRequireUtf8());
                else in.skipField(tag);
            }
        } catch (IOException malformed) {
            throw InferProblems.bad(
                    "message-malformed",
                    "The message can't be read.",
                    "It is not what the service's interface says.",
                    "Use a client of the Open Inference Protocol.");
        }
        return strings;
    }

    /// A repeated int64 field, packed or not.
    static void int64s(CodedInputStream in, boolean packed, List<Long> into, int most)
            throws IOException {
        if (!packed) {
            into.add(in.readInt64());
            return;
        }
        int before = in.pushLimit(in.readRawVarint32());
        while (in.getBytesUntilLimit() > 0) {
            if (into.size() > most) throw new IOException("too many dimensions");
            into.add(in.readInt64());
        }
        in.popLimit(before);
    }
}
