package dev.davy.bench;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// ONNX Runtime as fast as its Java API goes, for one thread: one float tensor in, one out, both
/// made once per number of rows on direct buffers, the output pinned, one thread, no spinning.
final class BareModel implements AutoCloseable {
    private static final int ROWS_MAX = 64;

    private final OrtSession session;
    private final String inputName;
    private final String outputName;
    private final long[] inputShape;
    private final long[] outputShape;
    private final @Nullable Rows[] byRows = new @Nullable Rows[ROWS_MAX + 1];

    BareModel(Path file) throws OrtException {
        // First the environment: options made without one crash the process.
        var environment = OrtEnvironment.getEnvironment();
        var options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        session = environment.createSession(file.toString(), options);
        var input = session.getInputInfo().values().iterator().next();
        var output = session.getOutputInfo().values().iterator().next();
        inputName = input.getName();
        outputName = output.getName();
        inputShape = shape(input);
        outputShape = shape(output);
    }

    private static long[] shape(NodeInfo node) {
        return ((TensorInfo) node.getInfo()).getShape();
    }

    String inputName() {
        return inputName;
    }

    String outputName() {
        return outputName;
    }

    /// Whether `given` is this model's input shape with some number of rows that we have room for.
    boolean takes(long[] given) {
        if (given.length != inputShape.length || given[0] < 1 || given[0] > ROWS_MAX) return false;
        for (int i = 1; i < given.length; i++) if (given[i] != inputShape[i]) return false;
        return true;
    }

    int inputsPerRow() {
        return elements(inputShape);
    }

    /// How many numbers an answer has per row.
    int outputsPerRow() {
        return elements(outputShape);
    }

    private static int elements(long[] shape) {
        int elements = 1;
        for (int i = 1; i < shape.length; i++) elements *= (int) shape[i];
        return elements;
    }

    /// The reused tensors for so many rows: write `input`, call `run`, read `output`.
    Rows rows(int rows) throws OrtException {
        var made = byRows[rows];
        if (made == null) byRows[rows] = made = new Rows(rows);
        return made;
    }

    @Override
    public void close() throws OrtException {
        for (var each : byRows) if (each != null) each.close();
        session.close();
    }

    final class Rows implements AutoCloseable {
        private final ByteBuffer inputBytes;
        private final ByteBuffer outputBytes;
        private final FloatBuffer input;
        private final FloatBuffer output;
        private final OnnxTensor inputTensor;
        private final OnnxTensor outputTensor;
        private final Map<String, OnnxTensor> inputs;
        private final Map<String, OnnxValue> outputs;

        private Rows(int rows) throws OrtException {
            inputBytes = direct(rows * inputsPerRow());
            input = inputBytes.asFloatBuffer();
            outputBytes = direct(rows * outputsPerRow());
            output = outputBytes.asFloatBuffer();
            inputTensor = tensor(input, inputShape, rows);
            outputTensor = tensor(output, outputShape, rows);
            inputs = Map.of(inputName, inputTensor);
            outputs = Map.of(outputName, outputTensor);
        }

        private static ByteBuffer direct(int floats) {
            return ByteBuffer.allocateDirect(4 * floats).order(ByteOrder.nativeOrder());
        }

        private static OnnxTensor tensor(FloatBuffer data, long[] shape, int rows)
                throws OrtException {
            var fixed = shape.clone();
            fixed[0] = rows;
            return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), data, fixed);
        }

        /// The input as bytes in native order, for a binary tensor.
        ByteBuffer inputBytes() {
            return inputBytes;
        }

        /// The output as bytes in native order.
        ByteBuffer outputBytes() {
            return outputBytes;
        }

        FloatBuffer input() {
            return input;
        }

        FloatBuffer output() {
            return output;
        }

        void run() throws OrtException {
            session.run(inputs, Set.of(), outputs).close();
        }

        @Override
        public void close() {
            inputTensor.close();
            outputTensor.close();
        }
    }
}
