package dev.davy.monitoring.pipeline;

import dev.davy.serving.Component;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Rerun;
import dev.davy.serving.Stood;
import dev.davy.storage.Log;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// Finds which part of a pipeline became other. It costs a model's loading and some hundred
/// predictions, on a thread of its own and in child processes; one at a time.
public final class Attributions implements AutoCloseable {
    private static final Duration READING = Duration.ofMinutes(1);

    /// For the rows of either side; those that are not done by then are not asked again.
    private static final Duration ASKING = Duration.ofMinutes(2);

    /// What the endpoint itself does: it picks its outputs among those of its components.
    static final String OUTPUTS = "(outputs)";

    private final Endpoints endpoints;
    private final Sampler sampler;
    private final Semaphore one = new Semaphore(1);
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("davy-attribution").factory());

    public Attributions(Log log, Endpoints endpoints) {
        this.endpoints = endpoints;
        this.sampler = new Sampler(log, endpoints);
    }

    /// Compares a stretch with a reference.
    ///
    /// @throws Problem NOT_FOUND `endpoint-unknown`, `nothing-to-attribute`; OVERLOADED `too-busy`
    ///   while another one runs; DEADLINE; or why the reference's components can't be loaded
    public Verdict verdict(Asked asked) {
        return of(asked).finding().verdict();
    }

    Attribution of(Asked asked) {
        endpoints.standing(asked.endpoint());
        if (!one.tryAcquire())
            throw new Problem(
                    Problem.Kind.OVERLOADED,
                    "too-busy",
                    "The endpoint can't be looked into now.",
                    "Another attribution runs, and there is one at a time.",
                    "Try again in a minute.");
        try {
            // Models are native code, which would hold the carrier of a virtual thread.
            return thread.submit(() -> found(asked)).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            if (e.getCause() instanceof Error cause) throw cause;
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during an attribution", e);
        } finally {
            one.release();
        }
    }

    private Attribution found(Asked asked) {
        long began = System.nanoTime();
        var drawn = sampler.draw(asked, within(READING));
        try (var rerun = endpoints.rerun(drawn.stoodThen())) {
            refuseHidden(asked, drawn.then(), rerun);
            refuseHidden(asked, drawn.now(), rerun);
            var then = Reexecution.of(rerun, drawn.then().whole(), within(ASKING));
            var now = Reexecution.of(rerun, drawn.now().whole(), within(ASKING));
            var evidence =
                    new Evidence(
                            side(drawn.then(), then),
                            side(drawn.now(), now),
                            parts(rerun, drawn, then, now));
            return new Attribution(
                    asked,
                    Judge.judge(evidence, asked.rows()),
                    drawn.stoodThen(),
                    drawn.stoodNow(),
                    drawing(drawn.then(), then),
                    drawing(drawn.now(), now),
                    drawn.otherwise(),
                    Duration.ofNanos(System.nanoTime() - began));
        }
    }

    /// Where no row at all can be asked again, no later one can either.
    private static void refuseHidden(Asked asked, Sample sample, Rerun rerun) {
        var hidden = new TreeSet<String>();
        for (var each : sample.whole()) {
            var here = each.hidden(rerun.inputs());
            if (here.isEmpty()) return;
            hidden.addAll(here);
        }
        if (hidden.isEmpty()) return;
        throw new Problem(
                Problem.Kind.UNACCEPTABLE,
                "inputs-hidden",
                "The components of endpoint '" + asked.endpoint() + "' can't be asked again.",
                "They look at "
                        + hidden
                        + ", of which the log has no values: they are hashed or withheld, or tensors"
                        + " were sent in place of columns.",
                "Send rows, and let the log keep what the components look at, if that may be.");
    }

    private static long within(Duration duration) {
        return System.nanoTime() + duration.toNanos();
    }

    private static Evidence.Side side(Sample sample, Reexecution.Came came) {
        var inputs = new Columns();
        var logged = new Columns();
        for (var each : sample.measured()) {
            inputs.inputs(each.prediction().inputs(), each.schema());
            logged.said(each.prediction().answers());
        }
        return new Evidence.Side(inputs, logged, came.again(), came.whole());
    }

    private static Attribution.Drawing drawing(Sample sample, Reexecution.Came came) {
        return new Attribution.Drawing(
                sample.seen(),
                sample.failed(),
                sample.notKept(),
                sample.measured().size(),
                came.asked(),
                came.whole());
    }

    private static List<Evidence.Part> parts(
            Rerun rerun, Sampler.Drawn drawn, Reexecution.Came then, Reexecution.Came now) {
        var versions = versions(rerun, drawn.now());
        var before = declared(drawn.stoodThen());
        var after = declared(drawn.stoodNow());
        var parts = new ArrayList<Evidence.Part>();
        for (int i = 0; i < rerun.parts().size(); i++) {
            var part = rerun.parts().get(i);
            var was = before.get(part.name());
            var is = after.get(part.name());
            parts.add(
                    new Evidence.Part(
                            part.name(),
                            part.version(),
                            versions.getOrDefault(part.name(), ""),
                            was != null && is != null && !was.sameBut(is),
                            part.remote(),
                            now.answered().get(i),
                            then.agreements().get(i),
                            now.agreements().get(i)));
            versions.remove(part.name());
        }
        versions.forEach((name, version) ->
                parts.add(
                        new Evidence.Part(
                                name,
                                "",
                                version,
                                true,
                                false,
                                0,
                                Agreement.NONE,
                                Agreement.NONE)));
        int last = rerun.parts().size();
        parts.add(
                new Evidence.Part(
                        OUTPUTS,
                        "outputs",
                        "outputs",
                        !drawn.stoodThen()
                                .endpoint()
                                .output()
                                .equals(drawn.stoodNow().endpoint().output()),
                        false,
                        now.answered().get(last),
                        then.agreements().get(last),
                        now.agreements().get(last)));
        return parts;
    }

    /// What stood behind each component of the stretch, as its rows say themselves: where that is
    /// not one thing, the most frequent that is not the reference's.
    private static Map<String, String> versions(Rerun rerun, Sample now) {
        var then = new LinkedHashMap<String, String>();
        for (var part : rerun.parts()) then.put(part.name(), part.version());
        var counts = new LinkedHashMap<String, Map<String, Integer>>();
        for (var each : now.measured())
            for (var answer : each.prediction().answers())
                counts.computeIfAbsent(answer.component(), any -> new HashMap<>())
                        .merge(answer.version(), 1, Integer::sum);
        // Where nothing is known, nothing is said to have gone.
        if (counts.isEmpty()) return then;
        var versions = new LinkedHashMap<String, String>();
        counts.forEach((component, of) ->
                versions.put(
                        component,
                        of.entrySet().stream()
                                .filter(each -> !each.getKey().equals(then.get(component)))
                                .max(Map.Entry.comparingByValue())
                                .map(Map.Entry::getKey)
                                .orElseGet(() -> then.getOrDefault(component, ""))));
        return versions;
    }

    private static Map<String, Component> declared(Stood stood) {
        var declared = new HashMap<String, Component>();
        for (var each : stood.endpoint().pipeline()) declared.put(each.name(), each);
        return declared;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
