package dev.davy.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// ONNX Runtime on arrays that are there already: a session for each core, batches of the size that
/// batch prediction uses, and nothing done with the answers but taking them.
final class BareTrees {
    private static final int ROWS = 4_096;

    private BareTrees() {}

    static double rowsPerSecond(Path model, boolean quick) throws Exception {
        int cores = Runtime.getRuntime().availableProcessors();
        measure(model, cores, 50); // warm
        double best = 0;
        for (int turn = 0; turn < 3; turn++)
            best = Math.max(best, measure(model, cores, quick ? 150 : 600));
        return best;
    }

    private static double measure(Path model, int cores, int batches) throws Exception {
        var failures = new ArrayList<Throwable>();
        var threads = new ArrayList<Thread>();
        var sessions = new ArrayList<OrtSession>();
        var options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        for (int core = 0; core < cores; core++)
            sessions.add(OrtEnvironment.getEnvironment().createSession(model.toString(), options));
        long begun = System.nanoTime();
        for (int core = 0; core < cores; core++) {
            var session = sessions.get(core);
            int seed = core;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    ask(session, seed, batches);
                                } catch (OrtException e) {
                                    synchronized (failures) {
                                        failures.add(e);
                                    }
                                }
                            }));
        }
        for (var thread : threads) thread.join();
        double seconds = (System.nanoTime() - begun) / 1e9;
        for (var session : sessions) session.close();
        if (!failures.isEmpty()) throw new Unmeasurable("ONNX Runtime failed: " + failures);
        return (double) ROWS * batches * cores / seconds;
    }

    private static void ask(OrtSession session, int seed, int batches) throws OrtException {
        var random = new Random(seed);
        var sets = new ArrayList<Map<String, OnnxTensor>>();
        for (int set = 0; set < 8; set++) {
            var tensors = new HashMap<String, OnnxTensor>();
            for (var column : Batch.COLUMNS) {
                var floats =
                        ByteBuffer.allocateDirect(4 * ROWS)
                                .order(ByteOrder.nativeOrder())
                                .asFloatBuffer();
                for (int row = 0; row < ROWS; row++) floats.put(row, random.nextFloat());
                tensors.put(
                        column,
                        OnnxTensor.createTensor(
                                OrtEnvironment.getEnvironment(), floats, new long[] {ROWS, 1}));
            }
            sets.add(tensors);
        }
        for (int batch = 0; batch < batches; batch++)
            session.run(sets.get(batch % sets.size())).close();
        sets.forEach(set -> List.copyOf(set.values()).forEach(OnnxTensor::close));
    }
}
