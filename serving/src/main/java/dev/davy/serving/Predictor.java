package dev.davy.serving;

import dev.davy.schema.Row;
import dev.davy.storage.Ids;
import dev.davy.storage.Log;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/// Answers predictions: by rows here, by tensors through lanes. Whatever the way in, each row gets
/// an id, is assigned to an arm, and is in the log before its answer is given.
public final class Predictor implements AutoCloseable {

    private static final byte[] NO_REQUEST = new byte[0];

    private final Endpoints endpoints;
    private final Log log;
    private final Ids ids;
    private final InstantSource clock;
    private final Privacy privacy;
    private final Limits limits;
    private final Workers workers;
    private final ConcurrentLinkedDeque<Recorder> idle = new ConcurrentLinkedDeque<>();
    private final ConcurrentHashMap<LoadedModel, WorkerLane> lanes = new ConcurrentHashMap<>();

    public Predictor(
            Endpoints endpoints,
            Log log,
            Ids ids,
            InstantSource clock,
            Privacy privacy,
            Limits limits) {
        this.endpoints = endpoints;
        this.log = log;
        this.ids = ids;
        this.clock = clock;
        this.privacy = privacy;
        this.limits = limits;
        workers =
                new Workers(
                        Math.max(2, Runtime.getRuntime().availableProcessors()),
                        limits.queueLength());
        endpoints.onClose(model -> {
            var lane = lanes.remove(model);
            if (lane != null) lane.close();
        });
    }

    /// The threads for work in rows and for slow models.
    public Workers workers() {
        return workers;
    }

    /// A new prediction id.
    public UUID nextId() {
        return ids.next();
    }

    /// A thread's own way into the log.
    public Recorder recorder() {
        return new Recorder(log, ids, clock, privacy, limits);
    }

    /// One thread's way to answer many rows that nobody waits for.
    ///
    /// @param routing from [#routing]: the arms that are asked as long as it is open
    public Scorer scorer(Routing routing, Scorer.Purpose purpose) {
        return new Scorer(routing, purpose, recorder());
    }

    /// How an endpoint is routed now.
    ///
    /// @throws Problem NOT_FOUND `endpoint-unknown`; UNAVAILABLE `endpoint-not-ready`
    public Routing routing(String endpoint) {
        var routing =
                endpoints.table().route(endpoint).orElseThrow(() -> Endpoints.unknown(endpoint));
        if (routing.ready()) return routing;
        if (routing.endpoint().external())
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "endpoint-is-external",
                    "Endpoint '" + endpoint + "' answers nothing here.",
                    "It is served elsewhere and only reported to us.",
                    "Report its predictions to POST /api/v1/predictions.");
        throw new Problem(
                Problem.Kind.UNAVAILABLE,
                "endpoint-not-ready",
                "Endpoint '" + endpoint + "' is not ready.",
                "No arm of it is loaded.",
                "Load it, or see why with: davy get endpoint " + endpoint);
    }

    /// Answers rows on the calling thread, which should not be a virtual one: models are native
    /// code.
    ///
    /// @throws Problem when rows don't fit the endpoint's input, when the model fails or the
    ///   deadline passes; for one row of several, too: then none is answered, and those that were
    ///   predicted are in the log
    public List<Predicted> predict(String endpoint, List<Row> rows, Asked asked) {
        return predict(routing(endpoint), rows, asked);
    }

    private List<Predicted> predict(Routing routing, List<Row> rows, Asked asked) {
        check(routing, rows);
        long began = System.nanoTime();
        var only = asked.pinned().isEmpty() ? routing.only() : null;
        if (only != null) return answer(routing, only, rows, asked, began);
        // Rows of one request may belong to different arms: each arm's rows go together.
        var byArm = new LinkedHashMap<Arm, List<Integer>>();
        for (int i = 0; i < rows.size(); i++)
            byArm.computeIfAbsent(arm(routing, asked, rows.get(i), i), any -> new ArrayList<>())
                    .add(i);
        var predicted = new Predicted[rows.size()];
        byArm.forEach((arm, places) -> {
            var answers =
                    answer(routing, arm, places.stream().map(rows::get).toList(), asked, began);
            for (int i = 0; i < places.size(); i++) predicted[places.get(i)] = answers.get(i);
        });
        return List.of(predicted);
    }

    private static Arm arm(Routing routing, Asked asked, Row row, int index) {
        if (asked.pinned().isPresent()) {
            var role = asked.pinned().get();
            return routing.arms().stream()
                    .filter(arm -> arm.role() == role)
                    .findFirst()
                    .orElseThrow(() ->
                            new Problem(
                                    Problem.Kind.UNACCEPTABLE,
                                    "arm-unknown",
                                    "Endpoint '"
                                            + routing.endpoint().name()
                                            + "' has no arm '"
                                            + role.word()
                                            + "'.",
                                    "Its arms are "
                                            + routing.arms().stream()
                                                    .map(arm -> arm.role().word())
                                                    .toList()
                                            + ".",
                                    "Leave the pin out, or name one of these."));
        }
        var entity = Recorder.entityOf(routing.shape(), asked, row);
        return routing.armOf(entity != null ? entity : asked.request().orElse("") + "#" + index);
    }

    private static void check(Routing routing, List<Row> rows) {
        var schema = routing.shape().rows();
        List<String> found = null;
        for (int i = 0; i < rows.size(); i++) {
            var violations = schema.violations(rows.get(i));
            if (violations.isEmpty()) continue;
            if (found == null) found = new ArrayList<>();
            for (var violation : violations)
                if (found.size() < 20)
                    found.add(rows.size() == 1 ? violation : "row " + i + ": " + violation);
        }
        if (found != null)
            throw new Problem(
                    Problem.Kind.MALFORMED,
                    "input-does-not-fit",
                    "The input does not fit endpoint '" + routing.endpoint().name() + "'.",
                    found,
                    "See what it takes with: davy get endpoint " + routing.endpoint().name());
    }

    private List<Predicted> answer(
            Routing routing, Arm arm, List<Row> rows, Asked asked, long began) {
        var program = arm.program();
        var statistics = routing.statistics();
        long start = System.nanoTime();
        var said = program.run(rows, asked.deadlineNanos());
        long ran = System.nanoTime();
        var request =
                asked.request().map(id -> id.getBytes(StandardCharsets.UTF_8)).orElse(NO_REQUEST);
        var predicted = new ArrayList<Predicted>(rows.size());
        Problem failed = null;
        var recorder = idle.pollFirst();
        if (recorder == null) recorder = recorder();
        try {
            recorder.begin();
            for (int i = 0; i < rows.size(); i++) {
                var each = said.get(i);
                var id = recorder.row(routing, arm, arm, asked, request, rows.get(i), each);
                var problem = problem(each);
                if (problem != null)
                    failed = rows.size() == 1 ? problem : problem.at("rows[" + i + "]");
                else
                    predicted.add(
                            new Predicted(
                                    id,
                                    arm.role(),
                                    program.version(),
                                    program.decide(each),
                                    program.scores(each),
                                    program.confidence(each)));
            }
            recorder.append(routing);
        } finally {
            idle.offerFirst(recorder);
        }
        long end = System.nanoTime();
        (failed == null ? statistics.success : statistics.fail).add(1, end - began);
        statistics.queue.add(1, start - began);
        statistics.ran(rows.size(), 0, ran - start, end - ran, clock.millis());
        if (failed != null) throw failed;
        return predicted;
    }

    private static @Nullable Problem problem(List<Program.Said> said) {
        for (var each : said) if (each.problem() != null) return each.problem();
        return null;
    }

    /// Hands a call to the workers.
    ///
    /// @throws Problem OVERLOADED `too-busy`
    public void submit(TensorCall call, TensorSource source) {
        var lane =
                lanes.computeIfAbsent(
                        call.model(),
                        model ->
                                new WorkerLane(
                                        model,
                                        workers,
                                        this::recorder,
                                        call.routing().endpoint().batching()));
        lane.submit(call, source);
    }

    /// An event loop's own lane through a quick model.
    public InlineLane lane(Routing routing, LoadedModel model, InlineLane.Loop loop) {
        return new InlineLane(model, recorder(), routing.endpoint().batching(), loop);
    }

    /// The deadline of a request that arrived now.
    ///
    /// @param askedNanos what the caller allows; empty: what the endpoint says
    public static long deadline(Routing routing, long nowNanos, Optional<Long> askedNanos) {
        long most = routing.endpoint().deadline().toNanos();
        return nowNanos + askedNanos.map(nanos -> Math.min(nanos, most)).orElse(most);
    }

    @Override
    public void close() {
        workers.close();
        lanes.values().forEach(WorkerLane::close);
    }
}
