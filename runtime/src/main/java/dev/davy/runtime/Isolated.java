package dev.davy.runtime;

import dev.davy.strict.Problem;
import dev.davy.strict.SafePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A model in a child process: when it crashes, hangs or takes too much memory, the caller gets a
/// problem and the child is replaced.
///
/// A child that died is replaced at once; when it dies again and again, after a pause that doubles
/// up to half a minute. During the pause callers get `model-unavailable` without waiting.
public final class Isolated implements Model {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    /// A child that lived for so long was well: the pauses begin anew.
    private static final Duration WELL = Duration.ofMinutes(1);

    private final Path file;
    private final Signature signature;
    private final List<OutputForm> forms;
    private final boolean batches;
    private final Settings settings;
    private final boolean urgent;
    private final Consumer<Process> launched;
    private final Set<IsolatedSession> open = new HashSet<>();
    private @Nullable CompletableFuture<ChildProcess> child;
    private @Nullable ChildProcess running;
    private long startedNanos;
    private long notBeforeNanos;
    private int deaths;
    private boolean closed;

    /// @param memoryBytes what the model may take, above what its process needs
    /// @param startWithin for how long its process may load it
    public record Settings(long memoryBytes, Duration startWithin) {
        /// For a model file: 256 MiB, and four times its size with the files beside it.
        public static Settings of(Bundle bundle) {
            return new Settings((256L << 20) + 4 * size(bundle), Duration.ofSeconds(60));
        }

        private static long size(Bundle bundle) {
            try {
                long size = Files.size(bundle.model());
                for (var name : bundle.inspection().external())
                    size += Files.size(SafePath.inside(folder(bundle.model()), name));
                return size;
            } catch (IOException e) {
                throw new Problem(
                        Problem.Kind.UNACCEPTABLE,
                        "model-not-loadable",
                        "The model cannot be loaded.",
                        "Its file is not there or cannot be read.",
                        "Push it again.");
            }
        }

        private static Path folder(Path model) {
            var folder = model.toAbsolutePath().getParent();
            return folder == null ? model : folder;
        }
    }

    private Isolated(
            Path file,
            Signature signature,
            List<OutputForm> forms,
            boolean batches,
            Settings settings,
            boolean urgent,
            Consumer<Process> launched) {
        this.file = file;
        this.signature = signature;
        this.forms = List.copyOf(forms);
        this.batches = batches;
        this.settings = settings;
        this.urgent = urgent;
        this.launched = launched;
    }

    /// Starts a child with the model of a tried bundle.
    ///
    /// @throws dev.davy.strict.Problem `UNACCEPTABLE` when the model cannot be loaded,
    ///   `UNAVAILABLE` when no child can be started
    public static Isolated open(Bundle bundle, Trial.Report report) {
        return open(bundle, report, Settings.of(bundle));
    }

    /// As above, with limits of its own.
    public static Isolated open(Bundle bundle, Trial.Report report, Settings settings) {
        var model =
                new Isolated(
                        bundle.model(),
                        report.signature(),
                        Onnx.forms(report.signature(), bundle.batch(), Set.of()),
                        report.batches(),
                        settings,
                        true,
                        _ -> {});
        model.child(System.nanoTime() + settings.startWithin().toNanos());
        return model;
    }

    /// A model whose outputs are passed on as they come: for its trial.
    ///
    /// @param launched is told of its process
    static Isolated raw(Bundle bundle, Settings settings, Consumer<Process> launched) {
        var signature = bundle.signature();
        var forms = signature.outputs().stream().map(o -> new OutputForm(o, false, false)).toList();
        return new Isolated(bundle.model(), signature, forms, false, settings, false, launched);
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
        var session = new IsolatedSession(this, forms);
        open.add(session);
        return session;
    }

    /// The child that runs, started if there is none; waits for it no longer than until the
    /// deadline.
    ChildProcess child(long deadlineNanos) {
        var coming = coming();
        try {
            long left =
                    deadlineNanos == Long.MAX_VALUE
                            ? deadlineNanos
                            : deadlineNanos - System.nanoTime();
            return coming.get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw Failures.late();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.closed();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Problem problem) throw problem;
            throw new IllegalStateException(e.getCause());
        }
    }

    private synchronized CompletableFuture<ChildProcess> coming() {
        if (closed) throw Failures.closed();
        if (child != null) return child;
        long now = System.nanoTime();
        if (deaths > 0 && now - notBeforeNanos < 0) throw unavailable(notBeforeNanos - now);
        var coming = new CompletableFuture<ChildProcess>();
        child = coming;
        startedNanos = now;
        Thread.ofPlatform().daemon().name("davy-child-start").start(() -> start(coming));
        return coming;
    }

    private void start(CompletableFuture<ChildProcess> coming) {
        try {
            var started =
                    ChildProcess.start(
                            file, settings.memoryBytes(), settings.startWithin(), urgent, launched);
            boolean late;
            synchronized (this) {
                late = closed;
                running = started;
            }
            if (late) started.close();
            coming.complete(started);
        } catch (RuntimeException e) {
            count();
            coming.completeExceptionally(e);
        }
    }

    /// Called by whoever finds that a child is gone, any number of times for one child.
    void died(ChildProcess gone) {
        synchronized (this) {
            if (gone.equals(running)) count();
        }
        gone.close();
    }

    /// Counts a death and settles when the next child may be started.
    private synchronized void count() {
        running = null;
        child = null;
        long now = System.nanoTime();
        if (now - startedNanos > WELL.toNanos()) deaths = 0;
        deaths++;
        // The first death is forgiven at once.
        long pause = deaths == 1 ? 0 : FIRST_PAUSE.toNanos() << Math.min(deaths - 2, 10);
        notBeforeNanos = now + Math.min(pause, LONGEST_PAUSE.toNanos());
    }

    private static Problem unavailable(long nanos) {
        return new Problem(
                Problem.Kind.UNAVAILABLE,
                "model-unavailable",
                "The model does not run at the moment.",
                "Its process has ended again and again; it is started anew in %.1f s."
                        .formatted(nanos / 1e9),
                "Ask again then. If this goes on, roll back to the version before.");
    }

    synchronized void closed(IsolatedSession session) {
        open.remove(session);
    }

    @Override
    public void close() {
        List<IsolatedSession> left;
        CompletableFuture<ChildProcess> last;
        synchronized (this) {
            if (closed) return;
            closed = true;
            left = List.copyOf(open);
            last = child;
        }
        if (last != null && last.isDone() && !last.isCompletedExceptionally()) last.join().close();
        left.forEach(IsolatedSession::close);
    }
}
