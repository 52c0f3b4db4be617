package dev.davy.runtime;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Requests and answers of the Open Inference Protocol, seen by a caller.
final class OipText {
    private OipText() {}

    /// Raw tensors behind a JSON header.
    static RemoteServer.Body binary(Signature signature, List<Tensor> inputs) {
        var json = Json.object();
        var raw = new ByteArrayOutputStream();
        var list = json.putArray("inputs");
        for (int at = 0; at < inputs.size(); at++) {
            int before = raw.size();
            write(inputs.get(at), raw);
            head(list.addObject(), signature.inputs().get(at), inputs.get(at))
                    .putObject("parameters")
                    .put("binary_data_size", raw.size() - before);
        }
        var outputs = json.putArray("outputs");
        for (var output : signature.outputs())
            outputs.addObject()
                    .put("name", output.name())
                    .putObject("parameters")
                    .put("binary_data", true);
        var header = Json.write(json);
        var body = Arrays.copyOf(header, header.length + raw.size());
        System.arraycopy(raw.toByteArray(), 0, body, header.length, raw.size());
        return new RemoteServer.Body(body, OptionalInt.of(header.length));
    }

    private static ObjectNode head(ObjectNode json, TensorSpec spec, Tensor tensor) {
        json.put("name", spec.name()).put("datatype", spec.datatype().name());
        var shape = json.putArray("shape");
        for (long axis : tensor.shape()) shape.add(axis);
        return json;
    }

    private static void write(Tensor tensor, ByteArrayOutputStream raw) {
        if (tensor.datatype() == Datatype.BYTES) {
            for (var element : tensor.bytes()) {
                var length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                raw.writeBytes(length.putInt(element.length).array());
                raw.writeBytes(element);
            }
            return;
        }
        var copy = new byte[tensor.data().capacity()];
        tensor.data().get(0, copy);
        raw.writeBytes(copy);
    }

    /// All as JSON.
    static RemoteServer.Body json(Signature signature, List<Tensor> inputs) {
        var json = Json.object();
        var list = json.putArray("inputs");
        for (int at = 0; at < inputs.size(); at++) {
            var tensor = inputs.get(at);
            var data = head(list.addObject(), signature.inputs().get(at), tensor).putArray("data");
            for (int k = 0; k < tensor.elements(); k++)
                switch (tensor.datatype()) {
                    case BYTES -> data.add(tensor.text(k));
                    case BOOL -> data.add(tensor.int64(k) != 0);
                    case FP32 -> data.add(finite(tensor.float32(k)));
                    case FP64 -> data.add(finite(tensor.float64(k)));
                    case FP16, BF16 ->
                            throw Shapes.notAllowed(
                                    "the remote server takes no binary tensors, and JSON has no "
                                            + tensor.datatype());
                    case UINT64 -> data.add(new BigInteger(Long.toUnsignedString(tensor.int64(k))));
                    case UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 ->
                            data.add(tensor.int64(k));
                }
        }
        return new RemoteServer.Body(Json.write(json), OptionalInt.empty());
    }

    private static float finite(float number) {
        if (!Float.isFinite(number)) throw notFinite();
        return number;
    }

    private static double finite(double number) {
        if (!Double.isFinite(number)) throw notFinite();
        return number;
    }

    private static Problem notFinite() {
        return Shapes.notAllowed("NaN and infinite numbers cannot be sent to this remote server");
    }

    /// The outputs of an answer, in the order of the signature.
    static List<Tensor> outputs(Signature signature, RemoteServer.Body answer, List<Tensor> last) {
        var bytes = answer.bytes();
        int length = answer.jsonLength().orElse(bytes.length);
        if (length > bytes.length) throw wrong("its JSON is shorter than it says");
        JsonNode json;
        try {
            json = Json.read(bytes, 0, length, Limits.DEFAULT);
        } catch (Problem problem) {
            throw wrong("it is not JSON");
        }
        var raw =
                ByteBuffer.wrap(bytes, length, bytes.length - length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        var found = new Tensor[signature.outputs().size()];
        for (var output : json.path("outputs").values()) {
            var place = signature.output(output.path("name").asString(""));
            var size = output.path("parameters").path("binary_data_size");
            var part = size.isMissingNode() ? null : slice(raw, size.asInt(-1));
            if (place.isEmpty()) continue;
            int at = place.getAsInt();
            var tensor = empty(output, at < last.size() ? List.of(last.get(at)) : List.of());
            if (part == null) fill(tensor, output.path("data"));
            else fill(tensor, part);
            found[at] = tensor;
        }
        for (int at = 0; at < found.length; at++)
            if (found[at] == null)
                throw wrong("output '" + signature.outputs().get(at).name() + "' is missing");
        return List.of(found);
    }

    private static ByteBuffer slice(ByteBuffer raw, int size) {
        if (size < 0 || size > raw.remaining())
            throw wrong("a binary output is shorter than it says");
        var part = raw.slice(raw.position(), size).order(ByteOrder.LITTLE_ENDIAN);
        raw.position(raw.position() + size);
        return part;
    }

    private static Tensor empty(JsonNode output, List<Tensor> last) {
        var datatype =
                Datatype.named(output.path("datatype").asString(""))
                        .orElseThrow(() -> wrong("an output has an unknown datatype"));
        var shape = new ArrayList<Long>();
        double elements = 1;
        for (var axis : output.path("shape").values()) {
            long length = axis.isIntegralNumber() ? axis.asLong(-1) : -1;
            if (length < 0) throw wrong("an output has an axis that is no length");
            shape.add(length);
            elements *= length;
        }
        if (elements > Limits.DEFAULT.tensorElements())
            throw wrong("an output has too many elements");
        var axes = shape.stream().mapToLong(Long::longValue).toArray();
        for (var old : last) if (old.datatype() == datatype && old.hasShape(axes)) return old;
        return Tensor.direct(datatype, axes);
    }

    private static void fill(Tensor tensor, ByteBuffer raw) {
        if (tensor.datatype() != Datatype.BYTES) {
            if (raw.remaining() != tensor.data().capacity())
                throw wrong("an output has another size than its shape");
            tensor.fill(raw);
            return;
        }
        for (int at = 0; at < tensor.elements(); at++) {
            if (raw.remaining() < Integer.BYTES) throw wrong("an output has too few texts");
            int length = raw.getInt();
            if (length < 0 || length > raw.remaining())
                throw wrong("a text is shorter than it says");
            var element = new byte[length];
            raw.get(element);
            tensor.bytes()[at] = element;
        }
    }

    private static void fill(Tensor tensor, JsonNode data) {
        var flat = new ArrayList<JsonNode>();
        flatten(data, flat);
        if (flat.size() != tensor.elements())
            throw wrong(
                    "an output has "
                            + flat.size()
                            + " values for "
                            + tensor.elements()
                            + " places");
        for (int at = 0; at < flat.size(); at++) {
            var value = flat.get(at);
            boolean fits =
                    switch (tensor.datatype()) {
                        case BYTES -> value.isString();
                        case BOOL -> value.isBoolean() || value.isIntegralNumber();
                        case FP16, BF16, FP32, FP64 -> value.isNumber() || value.isNull();
                        case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 ->
                                value.isIntegralNumber();
                    };
            if (!fits) throw wrong("an output has a value that is no " + tensor.datatype());
            if (tensor.datatype() == Datatype.BYTES)
                tensor.bytes()[at] = value.stringValue().getBytes(StandardCharsets.UTF_8);
            else if (value.isBoolean()) tensor.int64(at, value.booleanValue() ? 1 : 0);
            else if (tensor.datatype().isFloat())
                tensor.float64(at, value.isNull() ? Double.NaN : value.doubleValue());
            else tensor.int64(at, value.bigIntegerValue().longValue());
        }
    }

    private static void flatten(JsonNode data, List<JsonNode> into) {
        if (!data.isArray()) {
            if (!data.isMissingNode()) into.add(data);
            return;
        }
        for (var each : data.values()) flatten(each, into);
    }

    private static Problem wrong(String how) {
        return new Problem(
                Problem.Kind.MODEL_FAILED,
                "remote-failed",
                "The remote server's answer cannot be used.",
                Character.toUpperCase(how.charAt(0)) + how.substring(1) + ".",
                "Check that the server speaks the Open Inference Protocol v2 and serves this model.");
    }
}
