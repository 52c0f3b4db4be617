package dev.davy.runtime;

import dev.davy.runtime.ort.Ort;
import dev.davy.runtime.ort.OrtFailure;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// An ONNX model in this process.
///
/// A session of its own for each caller scales (one shared by two threads is slower than one
/// thread, for small models); a large model is loaded once and shared, for the memory.
final class OnnxModel implements Model {
    /// Above this a copy of the weights per caller costs more than sharing does.
    private static final long SHARED_FROM_BYTES = 32L << 20;

    private final Path file;
    private final Signature signature;
    private final List<OutputForm> forms;
    private final List<OutputSets.Fetch> fetches;
    private final boolean batches;
    private final boolean shared;
    private final Set<OnnxSession> open = new HashSet<>();
    private long handle;
    private boolean closed;

    /// Loads the model once, so that one that cannot be loaded says so here.
    OnnxModel(
            Path file,
            Signature signature,
            Inspection inspection,
            List<OutputForm> forms,
            boolean batches) {
        this.file = file;
        this.signature = signature;
        this.forms = List.copyOf(forms);
        this.batches = batches;
        fetches = fetches(signature, inspection);
        shared = size(file) > SHARED_FROM_BYTES;
        handle = load();
    }

    private static List<OutputSets.Fetch> fetches(Signature signature, Inspection inspection) {
        var fetches = new ArrayList<OutputSets.Fetch>();
        for (var output : signature.outputs()) {
            if (inspection.maps().contains(output.name()))
                fetches.add(new OutputSets.Fetch.Maps(order(inspection, output.name())));
            else if (output.datatype() == Datatype.BYTES) fetches.add(new OutputSets.Fetch.Texts());
            else fetches.add(new OutputSets.Fetch.Numbers());
        }
        return fetches;
    }

    /// For each class the place of its key among the sorted keys, as the runtime's maps have them:
    /// numbers by value, texts by their bytes.
    private static int[] order(Inspection inspection, String output) {
        var classes = inspection.classes().getOrDefault(output, List.of());
        var sorted = IntStream.range(0, classes.size()).boxed().toList();
        boolean numbers = inspection.numbered().contains(output);
        sorted =
                sorted.stream()
                        .sorted((a, b) ->
                                numbers
                                        ? Long.compare(
                                                Long.parseLong(classes.get(a)),
                                                Long.parseLong(classes.get(b)))
                                        : Arrays.compareUnsigned(
                                                utf8(classes.get(a)), utf8(classes.get(b))))
                        .toList();
        var order = new int[classes.size()];
        for (int place = 0; place < order.length; place++) order[sorted.get(place)] = place;
        return order;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw gone();
        }
    }

    private static Problem gone() {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "model-not-loadable",
                "The model cannot be loaded.",
                "Its file is not there or cannot be read.",
                "Push it again.");
    }

    private long load() {
        try {
            return Ort.session(file, 1);
        } catch (OrtFailure e) {
            throw e.code() == 3 ? gone() : Failures.load(e);
        }
    }

    List<OutputForm> forms() {
        return forms;
    }

    List<OutputSets.Fetch> fetches() {
        return fetches;
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public boolean batches() {
        return batches;
    }

    @Override
    public synchronized Session open() {
        if (closed) throw Failures.closed();
        // The first caller gets what was loaded to see whether it can be.
        long own = shared || handle != 0 ? handle : load();
        if (!shared) handle = 0;
        try {
            var session = new OnnxSession(this, own);
            open.add(session);
            return session;
        } catch (OrtFailure e) {
            if (!shared) Ort.releaseSession(own);
            throw Failures.run(e);
        }
    }

    /// Called by a session that was closed and runs no more.
    synchronized void closed(OnnxSession session, long own) {
        open.remove(session);
        if (!shared) Ort.releaseSession(own);
    }

    @Override
    public void close() {
        List<OnnxSession> left;
        synchronized (this) {
            if (closed) return;
            closed = true;
            left = List.copyOf(open);
        }
        left.forEach(OnnxSession::close);
        synchronized (this) {
            if (handle != 0) Ort.releaseSession(handle);
            handle = 0;
        }
    }
}
