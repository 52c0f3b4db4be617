package dev.davy.serving.oip;

import dev.davy.runtime.Datatype;
import dev.davy.runtime.Signature;
import dev.davy.runtime.Tensor;
import dev.davy.serving.RowJson;
import dev.davy.serving.TensorSource;
import dev.davy.strict.JsonCursor;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decodes infer requests of one signature, JSON with or without raw tensors behind it, into memory
/// that is used again. For one thread.
///
/// Shapes, datatypes and sizes are checked here against the signature, before anything is allocated
/// by what a caller merely claims.
final class InferRequest implements TensorSource {

    private static final byte[] ID = ascii("id");
    private static final byte[] PARAMETERS = ascii("parameters");
    private static final byte[] INPUTS = ascii("inputs");
    private static final byte[] OUTPUTS = ascii("outputs");
    private static final byte[] NAME = ascii("name");
    private static final byte[] SHAPE = ascii("shape");
    private static final byte[] DATATYPE = ascii("datatype");
    private static final byte[] DATA = ascii("data");
    private static final byte[] BINARY_DATA = ascii("binary_data");
    private static final byte[] BINARY_DATA_SIZE = ascii("binary_data_size");
    private static final byte[] BINARY_DATA_OUTPUT = ascii("binary_data_output");
    private static final byte[] TIMEOUT = ascii("timeout");
    private static final byte[] ENTITY = ascii("entity");

    private static final int UNSAID = -1;

    final Signature signature;
    final TensorScratch[] inputs;
    private final Limits limits;
    private final JsonCursor json = new JsonCursor();
    private final JsonCursor data = new JsonCursor();
    private final long[] dims;

    /// As the caller gave it.
    @Nullable String id;

    /// The entity, when the caller names it beside the tensors.
    @Nullable String entity;

    /// From the caller's `timeout` in microseconds; 0: none said.
    long timeoutMicros;

    /// Indices of the outputs in the order asked for.
    int[] outputs;

    /// Whether the output at the same place goes out raw.
    boolean[] rawOutput;

    int outputCount;

    private long[] binarySizes = new long[8];
    private int binaries;
    private final int[] binaryInputs;
    private boolean rawByDefault;
    private final byte[] asked; // per output: 0 not asked, 1 JSON, 2 raw, 3 as the default says

    InferRequest(Signature signature, Limits limits) {
        this.signature = signature;
        this.limits = limits;
        inputs = new TensorScratch[signature.inputs().size()];
        for (int i = 0; i < inputs.length; i++)
            inputs[i] = new TensorScratch(signature.inputs().get(i));
        binaryInputs = new int[inputs.length];
        outputs = new int[signature.outputs().size()];
        rawOutput = new boolean[outputs.length];
        asked = new byte[outputs.length];
        dims = new long[limits.tensorRank()];
    }

    @Override
    public long[] shape(int input) {
        return inputs[input].shape;
    }

    @Override
    public void copyTo(int input, ByteBuffer space) {
        inputs[input].copyTo(space);
    }

    @Override
    public byte[][] strings(int input) {
        return inputs[input].strings();
    }

    /// Decodes a body.
    ///
    /// @param jsonLength the length of the JSON part; the rest are raw tensors
    void decode(byte[] body, int from, int to, int jsonLength) {
        clear();
        json.reset(body, from, from + jsonLength);
        json.beginObject();
        boolean sawId = false, sawInputs = false, sawOutputs = false, sawParameters = false;
        while (json.nextField()) {
            if (json.fieldIs(INPUTS)) {
                sawInputs = once(sawInputs, "inputs");
                readInputs(body);
            } else if (json.fieldIs(ID)) {
                sawId = once(sawId, "id");
                id = checkedId(json.string());
            } else if (json.fieldIs(OUTPUTS)) {
                sawOutputs = once(sawOutputs, "outputs");
                readOutputs();
            } else if (json.fieldIs(PARAMETERS)) {
                sawParameters = once(sawParameters, "parameters");
                readParameters();
            } else {
                json.skip();
            }
        }
        json.end();
        if (!sawInputs)
            throw InferProblems.bad(
                    "inputs-missing",
                    "The request has no 'inputs'.",
                    "There is nothing to predict from.",
                    "Add 'inputs': a list of tensors with name, shape, datatype and data.");
        takeRaw(body, from + jsonLength, to);
        complete();
    }

    /// Takes the id that a caller gave.
    void id(String given) {
        id = given.isEmpty() ? null : checkedId(given);
    }

    /// An input that is about to be filled, with the shape it claims.
    TensorScratch claim(String name, Datatype datatype, List<Long> shape) {
        var input = find(name);
        if (input == null) throw unknownInput(name);
        if (input.claimed) throw twice("input '" + name + "'");
        if (shape.size() > dims.length) throw rankTooHigh();
        for (int i = 0; i < shape.size(); i++) dims[i] = shape.get(i);
        take(input, datatype, shape.size());
        input.claimed = true;
        return input;
    }

    /// Asks for an output.
    void ask(String name) {
        int index = outputIndex(name);
        if (index == UNSAID) throw unknownOutput(name);
        if (asked[index] != 0) throw twice("output '" + name + "'");
        asked[index] = 3;
        outputs[outputCount++] = index;
    }

    /// All is read: is all there?
    void complete() {
        for (var input : inputs)
            if (!input.given)
                throw InferProblems.bad(
                        "input-missing",
                        "Input '" + input.spec.name() + "' is missing.",
                        "The model takes "
                                + signature.inputs().size()
                                + " input(s) and each must be there.",
                        "Add it with datatype "
                                + input.spec.datatype()
                                + " and shape "
                                + input.spec.shape()
                                + ".");
        settleOutputs();
    }

    /// How many predictions the request is: its rows, where rows are told apart, else one.
    ///
    /// @throws Problem when the inputs disagree about it
    int rows(boolean byRow) {
        if (!byRow) return 1;
        long rows = inputs[0].shape[0];
        for (var input : inputs)
            if (input.shape[0] != rows)
                throw InferProblems.bad(
                        "rows-disagree",
                        "Input '" + input.spec.name() + "' has " + input.shape[0] + " rows.",
                        "Input '" + inputs[0].spec.name() + "' has " + rows + ".",
                        "Send as many rows in each input.");
        if (rows > limits.callRows()) throw RowJson.tooMany(rows, limits);
        return Math.toIntExact(rows);
    }

    /// One input as a tensor of its own.
    Tensor tensor(int input) {
        var scratch = inputs[input];
        if (scratch.spec.datatype() == Datatype.BYTES)
            return Tensor.ofBytes(scratch.shape.clone(), scratch.strings());
        var tensor = Tensor.direct(scratch.spec.datatype(), scratch.shape);
        var data = tensor.data();
        scratch.copyTo(data.duplicate().order(data.order()));
        return tensor;
    }

    void clear() {
        id = null;
        entity = null;
        timeoutMicros = 0;
        outputCount = 0;
        binaries = 0;
        rawByDefault = false;
        Arrays.fill(asked, (byte) 0);
        for (var input : inputs) input.clear();
    }

    private static boolean once(boolean seen, String field) {
        if (seen) throw twice("member '" + field + "'");
        return true;
    }

    private static RuntimeException twice(String what) {
        return InferProblems.bad(
                "given-twice",
                "The request gives " + what + " twice.",
                "Readers would disagree about which one counts.",
                "Give it once.");
    }

    private String checkedId(String given) {
        if (given.length() > limits.idBytes())
            throw InferProblems.bad(
                    "id-too-long",
                    "The 'id' has " + given.length() + " characters.",
                    "The limit is " + limits.idBytes() + " bytes.",
                    "Use a shorter id.");
        for (int i = 0; i < given.length(); i++)
            if (given.charAt(i) < ' ' || given.charAt(i) == 0x7f)
                throw InferProblems.bad(
                        "id-not-allowed", "The 'id' holds a control character.",
                        "It is sent back in a header and kept in the log.",
                                "Use printable characters.");
        return given;
    }

    private void readInputs(byte[] body) {
        json.beginArray();
        int seen = 0;
        while (json.nextElement()) {
            if (++seen > limits.tensors())
                throw InferProblems.bad(
                        "too-many-inputs",
                        "The request has more than " + limits.tensors() + " inputs.",
                        "That is the limit.",
                        "Send fewer.");
            readInput(body);
        }
    }

    private void readInput(byte[] body) {
        String name = null;
        Datatype datatype = null;
        int rank = UNSAID;
        int dataFrom = UNSAID, dataTo = UNSAID;
        long binarySize = UNSAID;
        boolean sawParameters = false;
        json.beginObject();
        while (json.nextField()) {
            if (json.fieldIs(NAME)) {
                if (name != null) throw twice("'name' of an input");
                name = json.string();
            } else if (json.fieldIs(SHAPE)) {
                if (rank != UNSAID) throw twice("'shape' of an input");
                rank = readShape();
            } else if (json.fieldIs(DATATYPE)) {
                if (datatype != null) throw twice("'datatype' of an input");
                datatype = datatype(json.string());
            } else if (json.fieldIs(DATA)) {
                if (dataFrom != UNSAID) throw twice("'data' of an input");
                var type = datatype;
                var input = name == null || rank == UNSAID ? null : find(name);
                if (input != null && type != null && !input.given) {
                    take(input, type, rank); // the usual order: read it where it stands
                    fill(input, json);
                    dataFrom = dataTo = json.position();
                } else {
                    dataFrom = json.position();
                    json.skip();
                    dataTo = json.position();
                }
            } else if (json.fieldIs(PARAMETERS)) {
                sawParameters = once(sawParameters, "parameters");
                binarySize = readBinarySize();
            } else {
                json.skip();
            }
        }
        if (name == null)
            throw InferProblems.bad(
                    "input-without-name",
                    "An input has no 'name'.",
                    "Tensors are found by name.",
                    "Name it.");
        var input = find(name);
        if (input == null)
            throw InferProblems.bad(
                    "input-unknown",
                    "Input '" + shown(name) + "' is not in the signature.",
                    "The inputs are " + names(signature) + ".",
                    "Correct the name or leave it out.");
        if (dataFrom != UNSAID && dataTo == dataFrom && input.given) {
            if (binarySize != UNSAID) throw both(name);
            return;
        }
        if (input.given || isBinary(input)) throw twice("input '" + name + "'");
        if (rank == UNSAID)
            throw InferProblems.bad(
                    "shape-missing",
                    "Input '" + name + "' has no 'shape'.",
                    "Flat data can't be read without it.",
                    "Add 'shape'.");
        if (datatype == null)
            throw InferProblems.bad(
                    "datatype-missing",
                    "Input '" + name + "' has no 'datatype'.",
                    "Numbers can't be read without it.",
                    "Add 'datatype': \"" + input.spec.datatype() + "\".");
        take(input, datatype, rank);
        if (dataFrom != UNSAID) {
            if (binarySize != UNSAID) throw both(name);
            data.reset(body, dataFrom, dataTo);
            fill(input, data);
            data.end();
        } else if (binarySize != UNSAID) {
            binaryInputs[binaries] = indexOf(input);
            if (binaries == binarySizes.length)
                binarySizes = Arrays.copyOf(binarySizes, binaries * 2);
            binarySizes[binaries++] = binarySize;
        } else {
            throw TensorScratch.noData(name);
        }
    }

    /// Reads an input's data; what is wrong with them says whose they are.
    private static void fill(TensorScratch input, JsonCursor from) {
        try {
            input.read(from);
        } catch (Problem problem) {
            var named = "'" + input.spec.name() + "'";
            if (String.valueOf(problem.getMessage()).contains(named)) throw problem;
            throw new Problem(
                    problem.kind(),
                    problem.code(),
                    "The data of input " + named + " can't be read.",
                    problem.what() + " " + problem.why(),
                    problem.todo());
        }
    }

    private RuntimeException unknownInput(String name) {
        return InferProblems.bad(
                "input-unknown",
                "Input '" + shown(name) + "' is not in the signature.",
                "The inputs are " + names(signature) + ".",
                "Correct the name or leave it out.");
    }

    private RuntimeException unknownOutput(String name) {
        return InferProblems.bad(
                "output-unknown",
                "Output '" + shown(name) + "' is not in the signature.",
                "The outputs are " + outputNames() + ".",
                "Correct the name or leave 'outputs' out for all.");
    }

    private RuntimeException rankTooHigh() {
        return InferProblems.bad(
                "rank-too-high",
                "A shape has more than " + dims.length + " dimensions.",
                "That is the limit.",
                "Send a tensor of the rank in the model's metadata.");
    }

    private static RuntimeException both(String name) {
        return InferProblems.bad(
                "data-given-twice",
                "Input '" + name + "' has both 'data' and binary_data_size.",
                "Only one of them can be the data.",
                "Leave one out.");
    }

    private boolean isBinary(TensorScratch input) {
        for (int i = 0; i < binaries; i++) if (inputs[binaryInputs[i]] == input) return true;
        return false;
    }

    private int indexOf(TensorScratch input) {
        for (int i = 0; i < inputs.length; i++) if (inputs[i] == input) return i;
        throw new IllegalStateException("not an input");
    }

    private @Nullable TensorScratch find(String name) {
        for (var input : inputs) if (input.spec.name().equals(name)) return input;
        return null;
    }

    private int readShape() {
        int rank = 0;
        json.beginArray();
        while (json.nextElement()) {
            if (rank == dims.length)
                throw InferProblems.bad(
                        "rank-too-high",
                        "A shape has more than " + dims.length + " dimensions.",
                        "That is the limit.",
                        "Send a tensor of the rank in the model's metadata.");
            dims[rank++] = json.int64(Long.MIN_VALUE, Long.MAX_VALUE);
        }
        return rank;
    }

    private long readBinarySize() {
        long size = UNSAID;
        json.beginObject();
        while (json.nextField()) {
            if (json.fieldIs(BINARY_DATA_SIZE)) {
                if (size != UNSAID) throw twice("'binary_data_size'");
                size = json.int64(0, Integer.MAX_VALUE);
            } else {
                json.skip();
            }
        }
        return size;
    }

    private void take(TensorScratch input, Datatype datatype, int rank) {
        if (input.shape.length != rank) input.shape = new long[rank];
        System.arraycopy(dims, 0, input.shape, 0, rank);
        input.count = Shapes.checked(input.spec, datatype, input.shape, limits);
    }

    static Datatype datatype(String name) {
        for (var datatype : Datatype.values()) if (datatype.name().equals(name)) return datatype;
        throw InferProblems.bad(
                "datatype-unknown",
                "'" + shown(name) + "' is not a datatype.",
                "The datatypes are BOOL, UINT8…UINT64, INT8…INT64, FP16, FP32, FP64 and BYTES, in capitals.",
                "See the model's metadata.");
    }

    private void readParameters() {
        json.beginObject();
        while (json.nextField()) {
            if (json.fieldIs(BINARY_DATA_OUTPUT)) rawByDefault = json.bool();
            else if (json.fieldIs(TIMEOUT) && json.peek() == JsonCursor.Kind.NUMBER)
                timeoutMicros = json.int64(0, Long.MAX_VALUE);
            else if (json.fieldIs(ENTITY) && json.peek() == JsonCursor.Kind.STRING)
                entity = checkedId(json.string());
            else json.skip();
        }
    }

    private void readOutputs() {
        json.beginArray();
        while (json.nextElement()) {
            String name = null;
            byte form = 3;
            json.beginObject();
            while (json.nextField()) {
                if (json.fieldIs(NAME)) name = json.string();
                else if (json.fieldIs(PARAMETERS)) form = readForm();
                else json.skip();
            }
            int index = name == null ? UNSAID : outputIndex(name);
            if (index == UNSAID)
                throw InferProblems.bad(
                        "output-unknown",
                        "Output '" + shown(name == null ? "" : name) + "' is not in the signature.",
                        "The outputs are " + outputNames() + ".",
                        "Correct the name or leave 'outputs' out for all.");
            if (asked[index] != 0) throw twice("output '" + name + "'");
            asked[index] = form;
            outputs[outputCount++] = index;
        }
    }

    private byte readForm() {
        byte form = 3;
        json.beginObject();
        while (json.nextField()) {
            if (json.fieldIs(BINARY_DATA)) form = (byte) (json.bool() ? 2 : 1);
            else json.skip();
        }
        return form;
    }

    private void settleOutputs() {
        if (outputCount == 0) {
            for (int i = 0; i < outputs.length; i++) {
                outputs[i] = i;
                asked[i] = 3;
            }
            outputCount = outputs.length;
        }
        for (int i = 0; i < outputCount; i++)
            rawOutput[i] = asked[outputs[i]] == 2 || (asked[outputs[i]] == 3 && rawByDefault);
    }

    private void takeRaw(byte[] body, int from, int to) {
        long total = 0;
        for (int i = 0; i < binaries; i++) total += binarySizes[i];
        if (total != to - from)
            throw InferProblems.bad(
                    "binary-size-wrong",
                    (to - from) + " bytes follow the JSON part.",
                    "The binary_data_size of the inputs come to " + total + ".",
                    "Make Inference-Header-Content-Length, the sizes and the body agree.");
        int at = from;
        for (int i = 0; i < binaries; i++) {
            inputs[binaryInputs[i]].raw(body, at, (int) binarySizes[i]);
            at += (int) binarySizes[i];
        }
    }

    private int outputIndex(String name) {
        for (int i = 0; i < outputs.length; i++)
            if (signature.outputs().get(i).name().equals(name)) return i;
        return UNSAID;
    }

    private String outputNames() {
        return signature.outputs().stream()
                .map(spec -> "'" + spec.name() + "'")
                .toList()
                .toString();
    }

    private static String names(Signature signature) {
        return signature.inputs().stream().map(spec -> "'" + spec.name() + "'").toList().toString();
    }

    /// A name that a caller made up, short enough for a message.
    static String shown(String name) {
        return name.length() <= 128 ? name : name.substring(0, 128) + "…";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
