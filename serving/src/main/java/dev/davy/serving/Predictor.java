package dev.davy.serving;

import dev.davy.runtime.Tensor;
import dev.davy.schema.Row;
import dev.davy.storage.Ids;
import dev.davy.storage.Log;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/// Answers predictions: by rows here, by tensors through lanes. Whatever the way in, each row gets
/// an id, is assigned to an arm, and is in the log before its answer is given.
public final class Predictor implements AutoCloseable {

    private static final byte[] NO_REQUEST = new byte[0];

    /// They only wait, so there are more of them than processors.
    private static final int WAITING_ON_CHILDREN = 16;

    /// Rows of a long list that nobody waits for: more would keep a caller waiting.
    private static final int ROWS_TOGETHER = 64;

    private final Endpoints endpoints;
    private final Log log;
    private final Ids ids;
    private final InstantSource clock;
    private final Privacy privacy;
    private final Limits limits;
    private final Workers workers;

    /// For arms in child processes: one that hangs keeps nobody else waiting.
    private final Workers apart;

    private final Shadows shadows;
    private final Decisions decisions = new Decisions();
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
        apart = new Workers(WAITING_ON_CHILDREN, limits.queueLength());
        shadows = new Shadows(this::recorder);
        endpoints.onClose(model -> {
            shadows.forget(model);
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
        throw Endpoints.notReady(endpoint);
    }

    /// Runs a task that predicts rows: on a worker, or where an arm in a child process is to be
    /// waited for, on a thread that may wait as long as it takes.
    ///
    /// @throws Problem OVERLOADED `too-busy`
    public void execute(Routing routing, Runnable task) {
        if (routing.waits()) Thread.startVirtualThread(task);
        else workers.execute(task);
    }

    /// As [#predict], for callers that may block: models are native code, which would pin their
    /// thread, so they run on the workers.
    public List<Predicted> call(Routing routing, List<Row> rows, Asked asked) {
        return routing.waits()
                ? predict(routing, rows, asked)
                : workers.call(() -> predict(routing, rows, asked));
    }

    /// Answers rows: models run on the calling thread, or on the workers when it is a virtual one;
    /// those in child processes on threads of their own.
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
        if (routing.automation().mayNotAsk() && isAutomated(asked)) {
            var apart = unasked(routing, rows, asked);
            if (apart != null) return apart;
        }
        var only = asked.pinned().isEmpty() ? routing.only() : null;
        if (only != null) return all(answered(routing, only, rows, asked, List.of(), began));
        // Rows of one request may belong to different arms: each arm's rows go together.
        var byArm = new LinkedHashMap<Arm, List<Integer>>();
        for (int i = 0; i < rows.size(); i++)
            byArm.computeIfAbsent(arm(routing, asked, rows.get(i), i), any -> new ArrayList<>())
                    .add(i);
        var predicted = new Predicted[rows.size()];
        byArm.forEach((arm, places) -> {
            var mine = places.stream().map(rows::get).toList();
            var answers = all(answered(routing, arm, mine, asked, List.of(), began));
            for (int i = 0; i < places.size(); i++) predicted[places.get(i)] = answers.get(i);
        });
        return List.of(predicted);
    }

    /// Traffic as it is: what testers, batches and replays ask goes to no person.
    private static boolean isAutomated(Asked asked) {
        return asked.origin() == Origin.LIVE && asked.pinned().isEmpty();
    }

    /// Rows that are for people alone are kept without asking a model.
    ///
    /// @return null when there are none
    private @Nullable List<Predicted> unasked(Routing routing, List<Row> rows, Asked asked) {
        var live = routing.live().orElseThrow();
        var peoples = new ArrayList<Integer>();
        for (int i = 0; i < rows.size(); i++)
            if (!routing.automation().asks(new RowAsking(live, rows.get(i), List.of())))
                peoples.add(i);
        if (peoples.isEmpty()) return null;
        var predicted = new Predicted[rows.size()];
        var mine = peoples.stream().map(rows::get).toList();
        var by = new Arm[mine.size()];
        Arrays.fill(by, live);
        long now = System.nanoTime();
        var said = mine.stream().map(_ -> List.<Program.Said>of()).toList();
        var outcomes =
                all(
                        recorded(
                                routing,
                                live,
                                by,
                                new @Nullable Instead[mine.size()],
                                mine,
                                asked,
                                List.of(),
                                said,
                                now,
                                now,
                                now));
        for (int i = 0; i < mine.size(); i++) predicted[peoples.get(i)] = outcomes.get(i);
        for (int i = 0; i < rows.size(); i++)
            if (predicted[i] == null)
                predicted[i] = predict(routing, List.of(rows.get(i)), asked).getFirst();
        return List.of(predicted);
    }

    private static List<Predicted> all(List<Outcome> outcomes) {
        var predicted = new ArrayList<Predicted>(outcomes.size());
        for (int i = 0; i < outcomes.size(); i++)
            switch (outcomes.get(i)) {
                case Outcome.Answered(var answer) -> predicted.add(answer);
                case Outcome.Refused(var problem) ->
                        throw outcomes.size() == 1 ? problem : problem.at("rows[" + i + "]");
            }
        return predicted;
    }

    /// Answers rows that are each asked by themselves: one that is refused keeps no other from its
    /// answer. They go through the models a few at a time, so that callers come between.
    ///
    /// @param each what is said of each row
    public List<Outcome> each(Routing routing, List<Row> rows, List<Asked> each) {
        var outcomes = new Outcome[rows.size()];
        var byArm = new LinkedHashMap<Arm, List<Integer>>();
        for (int i = 0; i < rows.size(); i++)
            try {
                check(routing, List.of(rows.get(i)));
                byArm.computeIfAbsent(
                                arm(routing, each.get(i), rows.get(i), i), _ -> new ArrayList<>())
                        .add(i);
            } catch (Problem problem) {
                outcomes[i] = new Outcome.Refused(problem);
            }
        byArm.forEach((arm, places) -> {
            for (int from = 0; from < places.size(); from += ROWS_TOGETHER) {
                var some = places.subList(from, Math.min(from + ROWS_TOGETHER, places.size()));
                var answers = each(routing, arm, some, rows, each);
                for (int i = 0; i < some.size(); i++) outcomes[some.get(i)] = answers.get(i);
            }
        });
        return List.of(outcomes);
    }

    private List<Outcome> each(
            Routing routing, Arm arm, List<Integer> places, List<Row> rows, List<Asked> each) {
        var mine = places.stream().map(rows::get).toList();
        var asked = places.stream().map(each::get).toList();
        try {
            long began = System.nanoTime();
            return routing.waits()
                    ? answered(routing, arm, mine, asked.getFirst(), asked, began)
                    : workers.call(
                            () -> answered(routing, arm, mine, asked.getFirst(), asked, began));
        } catch (Problem problem) {
            return places.stream().<Outcome>map(_ -> new Outcome.Refused(problem)).toList();
        }
    }

    private static Arm arm(Routing routing, Asked asked, Row row, int index) {
        if (asked.pinned().isPresent()) return routing.pinned(asked.pinned().get());
        var entity = Recorder.entityOf(routing.shape(), asked, row);
        if (entity != null) return routing.armOf(entity);
        return routing.armOf(asked.request().map(id -> id + "#" + index).orElse(null));
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

    /// Rows of one arm; where it fails, of the arm that answers for it.
    ///
    /// @param each what is said of each row; none: the same of all
    private List<Outcome> answered(
            Routing routing, Arm arm, List<Row> rows, Asked asked, List<Asked> each, long began) {
        long start = System.nanoTime();
        long until = routing.untilNanos(arm, start, asked.deadlineNanos());
        var said = run(arm, rows, until, asked);
        long ran = System.nanoTime();
        var next = routing.insteadOf(arm).orElse(null);
        var by = new Arm[rows.size()];
        var instead = new @Nullable Instead[rows.size()];
        Arrays.fill(by, arm);
        if (next != null)
            said = answeredInstead(routing, arm, next, rows, asked, said, by, instead);
        return recorded(routing, arm, by, instead, rows, asked, each, said, began, start, ran);
    }

    private List<List<Program.Said>> run(Arm arm, List<Row> rows, long until, Asked asked) {
        if (arm.program().isPeople() && !isAutomated(asked))
            return rows.stream().map(_ -> List.of(new Program.Said(null, 0, peoples()))).toList();
        if (!arm.isolated())
            return Thread.currentThread().isVirtual()
                    ? workers.call(() -> arm.program().run(rows, until))
                    : arm.program().run(rows, until);
        try {
            return apart.call(() -> arm.program().run(rows, until));
        } catch (Problem busy) {
            return rows.stream().map(_ -> List.of(new Program.Said(null, 0, busy))).toList();
        }
    }

    private List<List<Program.Said>> answeredInstead(
            Routing routing,
            Arm arm,
            Arm next,
            List<Row> rows,
            Asked asked,
            List<List<Program.Said>> said,
            Arm[] by,
            @Nullable Instead[] instead) {
        var failed = new ArrayList<Integer>();
        for (int i = 0; i < rows.size(); i++) {
            var problem = problem(arm, said.get(i));
            if (problem == null) continue;
            failed.add(i);
            by[i] = next;
            instead[i] = new Instead(arm.role(), problem.code(), Program.nanos(said.get(i)));
            routing.statistics().instead();
        }
        if (failed.isEmpty()) return said;
        var again =
                run(next, failed.stream().map(rows::get).toList(), asked.deadlineNanos(), asked);
        var all = new ArrayList<>(said);
        for (int i = 0; i < failed.size(); i++) all.set(failed.get(i), again.get(i));
        return all;
    }

    private List<Outcome> recorded(
            Routing routing,
            Arm assigned,
            Arm[] by,
            @Nullable Instead[] instead,
            List<Row> rows,
            Asked asked,
            List<Asked> askedEach,
            List<List<Program.Said>> said,
            long began,
            long start,
            long ran) {
        var request =
                asked.request().map(id -> id.getBytes(StandardCharsets.UTF_8)).orElse(NO_REQUEST);
        var outcomes = new ArrayList<Outcome>(rows.size());
        var ids = new UUID[rows.size()];
        boolean failed = false;
        var recorder = idle.pollFirst();
        if (recorder == null) recorder = recorder();
        try {
            recorder.begin();
            for (int i = 0; i < rows.size(); i++) {
                var each = said.get(i);
                var arm = by[i];
                var one = askedEach.isEmpty() ? asked : askedEach.get(i);
                var deciding =
                        routing.automation().looks() && isAutomated(one)
                                ? routing.automation().decide(new RowAsking(arm, rows.get(i), each))
                                : null;
                ids[i] =
                        recorder.row(
                                routing,
                                assigned,
                                arm,
                                instead[i],
                                one,
                                request,
                                rows.get(i),
                                each,
                                deciding);
                var problem = Program.problem(each);
                failed |= problem != null;
                outcomes.add(outcome(ids[i], arm, each, problem, deciding));
            }
            recorder.append(routing);
            if (asked.origin() == Origin.LIVE)
                for (int i = 0; i < rows.size(); i++) {
                    if (said.get(i).isEmpty() && !shadowsPeople(routing, by[i], rows.get(i))
                            || Program.problem(said.get(i)) != null
                            || !Shadows.wants(routing, by[i], ids[i])) continue;
                    var entity = Recorder.entityOf(routing.shape(), asked, rows.get(i));
                    shadows.answered(
                            routing,
                            by[i],
                            ids[i],
                            recorder.logged(routing, entity),
                            rows.get(i),
                            said.get(i));
                }
        } finally {
            idle.offerFirst(recorder);
        }
        var statistics = routing.statistics();
        long end = System.nanoTime();
        (failed ? statistics.fail : statistics.success).add(1, end - began);
        statistics.queue.add(1, start - began);
        statistics.ran(rows.size(), 0, ran - start, end - ran, clock.millis());
        return outcomes;
    }

    /// Where people answer a shadow may answer beside them, unless no model is to be asked at all.
    private static boolean shadowsPeople(Routing routing, Arm by, Row row) {
        return by.program().isPeople()
                && (!routing.automation().mayNotAsk()
                        || routing.automation().asks(new RowAsking(by, row, List.of())));
    }

    /// What those are told who ask people what nobody is asked for: testers, batches and replays.
    static Problem peoples() {
        return new Problem(
                Problem.Kind.CONFLICT,
                "people-answer",
                "Nothing answers this here but people.",
                "No model has come live at the endpoint, and people are asked by live traffic only.",
                "Bring a model live first: davy rollout start ENDPOINT --to NAME/VERSION");
    }

    private static Outcome outcome(
            UUID id,
            Arm arm,
            List<Program.Said> said,
            @Nullable Problem problem,
            @Nullable Deciding deciding) {
        // Nobody said anything, and nobody is asked: no answer must not look like one.
        if (deciding == null && said.isEmpty()) return new Outcome.Refused(peoples());
        if (deciding == null || deciding.alone())
            return problem != null
                    ? new Outcome.Refused(problem)
                    : new Outcome.Answered(predicted(id, arm, said, Optional.empty()));
        var why = deciding.why();
        return switch (deciding.meanwhile()) {
            case Meanwhile.Refuse _ -> new Outcome.Refused(Decisions.inReview(id, why));
            case Meanwhile.Wait _ -> waiting(id, arm, why, InReview.WAITING, Map.of());
            case Meanwhile.Safe(var outputs) -> waiting(id, arm, why, InReview.SAFE, outputs);
            case Meanwhile.Provisional _ ->
                    said.isEmpty() || problem != null
                            ? waiting(id, arm, why, InReview.WAITING, Map.of())
                            : new Outcome.Answered(
                                    predicted(
                                            id,
                                            arm,
                                            said,
                                            Optional.of(new InReview(why, arm.role().word()))));
        };
    }

    private static Outcome waiting(
            UUID id, Arm arm, String why, String by, Map<String, Object> outputs) {
        return new Outcome.Answered(
                new Predicted(
                        id,
                        arm.role(),
                        arm.program().version(),
                        new LinkedHashMap<>(outputs),
                        Map.of(),
                        OptionalDouble.empty(),
                        Optional.of(new InReview(why, by))));
    }

    private static Predicted predicted(
            UUID id, Arm arm, List<Program.Said> said, Optional<InReview> review) {
        var program = arm.program();
        return new Predicted(
                id,
                arm.role(),
                program.version(),
                program.decide(said),
                program.scores(said),
                program.confidence(said),
                review);
    }

    /// Callers who wait for a person.
    public Decisions decisions() {
        return decisions;
    }

    /// What is asked, once people have decided what is theirs; what they have not by the deadline
    /// is still in review then. For threads that may wait.
    public List<Predicted> settled(List<Predicted> predicted, long deadlineNanos) {
        return predicted.stream()
                .map(each ->
                        each.waits()
                                ? decisions
                                        .await(each.id(), deadlineNanos)
                                        .map(each::with)
                                        .orElse(each)
                                : each)
                .toList();
    }

    /// Keeps a call in tensors without asking a model, if all of its rows are for people alone.
    ///
    /// @return false when they are not; then nothing has happened
    public boolean unasked(TensorCall call, TensorSource source) {
        var automation = call.routing().automation();
        if (!automation.mayNotAsk() || call.pinned) return false;
        var inputs = TensorRun.copies(source, call.model());
        boolean byRow = call.model().byRow();
        for (int i = 0; i < call.rows(); i++)
            if (automation.asks(new TensorAsking(call, inputs, byRow ? i : -1, null))) return false;
        var recorder = idle.pollFirst();
        if (recorder == null) recorder = recorder();
        try {
            recorder.begin();
            for (int i = 0; i < call.rows(); i++)
                recorder.tensors(call, inputs, byRow ? i : -1, i, null, 0, null, true);
            recorder.append(call.routing());
        } finally {
            idle.offerFirst(recorder);
        }
        hold(call, List.of());
        return true;
    }

    /// Answers a call of which people decide something: once they have, or with what is declared
    /// for meanwhile.
    ///
    /// @param outputs the call's own; none: no model answered
    void hold(TensorCall call, List<Tensor> outputs) {
        call.held();
        Thread.startVirtualThread(() -> {
            try {
                held(call, outputs);
            } catch (Problem problem) {
                call.failed(problem);
            } catch (RuntimeException bug) {
                call.failed(TensorRun.mistake(bug));
            }
        });
    }

    private void held(TensorCall call, List<Tensor> outputs) {
        var rendering = call.model().rendering();
        var tensors =
                outputs.isEmpty() && rendering.isPresent()
                        ? rendering.get().tensors(call.rows())
                        : outputs;
        for (int i = 0; i < call.rows(); i++) {
            var deciding = call.deciding(i);
            if (deciding == null || deciding.alone()) continue;
            var id = new UUID(call.ids()[2 * i], call.ids()[2 * i + 1]);
            var said =
                    switch (deciding.meanwhile()) {
                        case Meanwhile.Safe(var safe) -> safe;
                        case Meanwhile.Wait _ ->
                                decisions
                                        .await(id, call.deadlineNanos)
                                        .map(Decided::outputs)
                                        .orElseThrow(() -> Decisions.inReview(id, deciding.why()));
                        case Meanwhile.Refuse _ -> throw Decisions.inReview(id, deciding.why());
                        case Meanwhile.Provisional _ -> {
                            if (!outputs.isEmpty()) yield Map.<String, Object>of();
                            throw Decisions.inReview(id, deciding.why());
                        }
                    };
            if (said.isEmpty()) continue;
            if (rendering.isEmpty() || !rendering.get().write(tensors, i, said))
                throw new Problem(
                        Problem.Kind.CONFLICT,
                        "decision-has-no-tensors",
                        "Prediction " + id + " is decided, and can't be told in tensors.",
                        "What a person says has no form in the outputs of "
                                + call.model().version()
                                + ".",
                        "Ask for it: GET /api/v1/predictions/" + id);
        }
        call.answered(tensors, 0, true);
    }

    /// What keeps an arm's answer from counting: of one that has not proven itself, NaN does.
    static @Nullable Problem problem(Arm arm, List<Program.Said> said) {
        var problem = Program.problem(said);
        if (problem != null || !arm.isolated()) return problem;
        for (var each : said) {
            var answer = each.answer();
            if (answer != null && Recorder.notFinite(answer)) return notFinite();
        }
        return null;
    }

    private static Problem notFinite() {
        return new Problem(
                Problem.Kind.MODEL_FAILED,
                Shadows.NOT_FINITE,
                "The model's answer is not a number.",
                "It holds NaN or an infinity.",
                "See which inputs do it with: davy log tail");
    }

    /// Has the arm that answers for one that failed answer a call.
    ///
    /// @return false when there is none; then nothing has happened
    boolean answerInstead(TensorCall call, TensorSource source, String failure, long nanos) {
        if (!call.goesTo(failure, nanos)) return false;
        try {
            lane(call).submit(call, source);
        } catch (Problem busy) {
            call.failed(busy);
        }
        return true;
    }

    /// Hands a call to the workers.
    ///
    /// @throws Problem OVERLOADED `too-busy`
    public void submit(TensorCall call, TensorSource source) {
        try {
            lane(call).submit(call, source);
        } catch (Problem busy) {
            if (!answerInstead(call, source, busy.code(), 0)) throw busy;
        }
    }

    /// Rows that wait for the models of an endpoint: of calls in tensors, which alone have a queue
    /// of their own.
    public long waitingRows(Routing routing) {
        long rows = 0;
        for (var arm : routing.arms())
            for (var model : arm.program().models()) {
                var lane = lanes.get(model);
                if (lane != null) rows += lane.waitingRows();
            }
        return rows;
    }

    private WorkerLane lane(TensorCall call) {
        var batching = call.routing().endpoint().batching();
        var threads = call.arm().isolated() ? apart : workers;
        return lanes.computeIfAbsent(
                call.model(), model -> new WorkerLane(model, threads, this, batching));
    }

    Shadows shadows() {
        return shadows;
    }

    /// An event loop's own lane through a quick model.
    public InlineLane lane(Routing routing, LoadedModel model, InlineLane.Loop loop) {
        return new InlineLane(model, this, routing.endpoint().batching(), loop);
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
        apart.close();
        shadows.close();
        lanes.values().forEach(WorkerLane::close);
    }
}
