package dev.davy.serving;

import dev.davy.runtime.Answer;
import dev.davy.runtime.Bundle;
import dev.davy.runtime.Model;
import dev.davy.runtime.Reading;
import dev.davy.runtime.Rendering;
import dev.davy.runtime.RowSession;
import dev.davy.runtime.Signature;
import dev.davy.runtime.TensorSpec;
import dev.davy.schema.Row;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;

/// A model version that is loaded, and shared by the arms and threads that ask it.
///
/// Sessions for rows are borrowed and given back, so that there are as many as threads that ask at
/// once and no more.
public final class LoadedModel implements AutoCloseable {

    /// A run that takes longer than this is not done on an event loop, where all others wait.
    static final long QUICK_NANOS = 200_000;

    private final String version;
    private final byte[] versionUtf8;
    private final String number;
    private final long digest;
    private final Bundle bundle;
    private final Model model;
    private final Optional<Rendering> rendering;
    private final Reading reading;
    private final boolean byRow;
    private final long[] rowElements;
    private final boolean gathers;
    private final boolean inProcess;
    private volatile long runNanos;
    private volatile boolean givesWay;
    private final ConcurrentLinkedDeque<RowSession> idle = new ConcurrentLinkedDeque<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /// @param version `name/7`, or the address of a remote model
    /// @param number `7`
    /// @param digest the first 64 bits of the bundle's digest
    /// @param runNanos how long one row takes, as its trial measured it
    LoadedModel(
            String version,
            String number,
            long digest,
            Bundle bundle,
            Model model,
            boolean inProcess,
            long runNanos) {
        this.version = version;
        this.versionUtf8 = version.getBytes(StandardCharsets.UTF_8);
        this.number = number;
        this.digest = digest;
        this.bundle = bundle;
        this.model = model;
        this.reading = Reading.of(bundle);
        rendering = Rendering.of(bundle);
        this.inProcess = inProcess;
        this.runNanos = runNanos;
        byRow = Gather.fits(model.signature());
        rowElements =
                model.signature().inputs().stream().mapToLong(TensorSpec::rowElements).toArray();
        gathers = model.batches() && byRow;
    }

    public String version() {
        return version;
    }

    public byte[] versionUtf8() {
        return versionUtf8;
    }

    public String number() {
        return number;
    }

    public long digest() {
        return digest;
    }

    public Bundle bundle() {
        return bundle;
    }

    public Model model() {
        return model;
    }

    public Signature signature() {
        return model.signature();
    }

    /// How a person's decision is written as its tensors; empty where it can't be.
    public Optional<Rendering> rendering() {
        return rendering;
    }

    public Reading reading() {
        return reading;
    }

    /// Whether the rows of a request can be told apart, so that each is a prediction of its own.
    public boolean byRow() {
        return byRow;
    }

    /// The elements of one row of an input.
    public long rowElements(int input) {
        return rowElements[input];
    }

    /// Whether rows of different requests may share a run.
    public boolean gathers() {
        return gathers;
    }

    /// Whether a run is short enough to be done on an event loop: one that waits for a child or
    /// another server never is.
    public boolean quick() {
        return inProcess && runNanos < QUICK_NANOS;
    }

    /// How long a row took lately.
    long runNanos() {
        return runNanos;
    }

    /// How many rows an event loop may run at once without keeping the others waiting.
    public int quickRows(int most) {
        return Math.clamp(4 * QUICK_NANOS / Math.max(1, runNanos), 1, most);
    }

    /// Takes note of how long a row took: the trial's child was cold, and inputs may grow. A mean
    /// over the last hundred or so runs, of which an update may be lost between threads.
    void ran(long nanosPerRow) {
        long before = runNanos;
        runNanos = before + (nanosPerRow - before) / 64;
    }

    /// Starts that mean anew.
    void measured(long nanosPerRow) {
        runNanos = nanosPerRow;
    }

    /// Its runs give way to all that is more urgent on this machine; said before the first one.
    void giveWay() {
        givesWay = true;
    }

    /// Answers to rows.
    ///
    /// @param nanos in the model, of all rows together; not on the way to its process
    record Answers(List<Answer> answers, long nanos) {}

    /// Asks for answers to rows; blocks.
    Answers ask(List<Row> rows, long deadlineNanos) {
        var session = idle.pollFirst();
        if (session == null) {
            session = RowSession.open(bundle, model);
            if (givesWay) session.giveWay();
        }
        try {
            long began = System.nanoTime();
            long way = session.wayNanos();
            var answers = session.ask(rows, deadlineNanos);
            return new Answers(answers, System.nanoTime() - began - (session.wayNanos() - way));
        } finally {
            // After a failure too: a session is still good when a model refused a row.
            idle.offerFirst(session);
            if (closed.get()) closeIdle();
        }
    }

    private void closeIdle() {
        for (var session = idle.pollFirst(); session != null; session = idle.pollFirst())
            session.close();
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) return;
        closeIdle();
        model.close();
    }
}
