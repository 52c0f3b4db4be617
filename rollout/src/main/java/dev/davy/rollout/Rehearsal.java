package dev.davy.rollout;

import dev.davy.rollout.Rollout.State;
import dev.davy.schema.Schema;
import dev.davy.serving.Apart;
import dev.davy.serving.Arm;
import dev.davy.serving.Assignment;
import dev.davy.serving.Cases;
import dev.davy.serving.Prediction;
import dev.davy.serving.Prediction.ComponentAnswer;
import dev.davy.serving.Prediction.Decision;
import dev.davy.serving.feedback.Feedbacks.Later;
import dev.davy.serving.past.Logged;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/// Drives a rollout over traffic of the past, in the time of the log: who is assigned to which arm,
/// the evidence, the verdicts and the steps are those of [Assignment], [Gathering], [Judge] and
/// [Ramp], as in a rollout that moves traffic. For one thread.
final class Rehearsal {
    /// In a real rollout it is every second; over a week that would take longer than it is worth.
    private static final int LOOKS = 2_000;

    private static final Duration LEAST = Duration.ofSeconds(1);

    /// Steps that may follow one another at the same moment: approval and advance, mostly.
    private static final int AT_ONCE = 60;

    private static final String BY = "rehearsal";

    /// What the candidate would have said to what was asked; empty where its inputs were not kept,
    /// so that nobody can know.
    interface Candidate {
        Optional<Supplier<Apart.Said>> of(Logged logged);
    }

    /// What happened in it, and what the guards said then.
    ///
    /// @param waits for what nobody could say here, in words; empty: it did not
    record Moment(Rollout.Transition transition, List<Verdict> verdicts, String waits) {
        Moment {
            verdicts = List.copyOf(verdicts);
        }
    }

    /// Requests of the whole stretch.
    ///
    /// @param seen of this endpoint, by callers
    /// @param live that live would have answered
    /// @param candidate that the candidate would have answered
    /// @param shadow that the candidate would have answered beside live
    /// @param failed of those that the candidate was asked
    /// @param notKept whose inputs were not kept, and which were left out of both arms
    /// @param byOthers that another version than live answered then
    /// @param told feedback that was joined
    record Counts(
            long seen,
            long live,
            long candidate,
            long shadow,
            long failed,
            long notKept,
            long byOthers,
            long told) {}

    private final Course drawn;
    private final Gathering gathering;
    private final Candidate candidate;
    private final Duration pause;
    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(Comparator.comparing(Waiting::received));
    private final List<Moment> moments = new ArrayList<>();
    private Rollout rollout;
    private Instant next;
    private Instant now;
    private long epoch;
    private long seen;
    private long toLive;
    private long toCandidate;
    private long beside;
    private long failed;
    private long notKept;
    private long byOthers;
    private long told;

    /// Feedback that has not come yet.
    private record Waiting(Instant received, Later later, Known of) {}

    /// A prediction as it would stand in the log, with what a shadow would have said.
    private record Known(Prediction answered, Optional<Shadows.Pair> pair) implements Found {
        @Override
        public Optional<Prediction> prediction(UUID id) {
            return Optional.of(answered);
        }

        @Override
        public Optional<Shadows.Pair> shadow(UUID id) {
            return pair;
        }
    }

    /// @param drawn the rollout as it would have begun, at its beginning
    /// @param before what live did before it
    /// @param until when it is looked at last
    Rehearsal(
            Course drawn,
            List<Prediction> before,
            Instant until,
            LongFunction<Optional<Schema>> schemas,
            Candidate candidate) {
        this.drawn = drawn;
        this.candidate = candidate;
        rollout = drawn.rollout();
        gathering = new Gathering(drawn.aim(), schemas);
        gathering.before(before);
        now = drawn.created();
        next = now;
        var part = Duration.between(now, until).dividedBy(LOOKS);
        pause = part.compareTo(LEAST) > 0 ? part : LEAST;
        moments.add(new Moment(rollout.history().getFirst(), List.of(), ""));
        era(now);
    }

    /// A prediction as it stands in the log, and what came to be known of it later; in the order of
    /// time.
    void take(Logged logged, List<Later> feedback) {
        var prediction = logged.prediction();
        if (!AskedAgain.isAsked(logged)) return;
        var at = prediction.received().isBefore(now) ? now : prediction.received();
        until(at);
        if (rollout.over()) return;
        seen++;
        if (!drawn.rollout().live().equals(prediction.version())) byOthers++;
        var asking = candidate.of(logged);
        if (asking.isEmpty()) {
            // Live's share of these is left out too, or the arms would be of other callers.
            notKept++;
            return;
        }
        var answered = answered(prediction, asking.get());
        gathering.predicted(answered);
        var pair =
                isShadow(prediction)
                        ? Optional.of(shadowed(prediction, asking.get().get()))
                        : Optional.<Shadows.Pair>empty();
        var known = new Known(answered, pair);
        for (var later : feedback)
            if (!later.received().isBefore(at))
                waiting.add(new Waiting(later.received(), later, known));
            else tell(later, known);
    }

    /// The log is at its end.
    void end(Instant at) {
        until(at);
        now = at;
    }

    boolean over() {
        return rollout.over();
    }

    private void until(Instant at) {
        while (!rollout.over() && !next.isAfter(at)) {
            tellUntil(next);
            look(next);
            next = next.plus(pause);
        }
        tellUntil(at);
        now = at;
    }

    private void tellUntil(Instant at) {
        while (!waiting.isEmpty() && !waiting.peek().received().isAfter(at)) {
            var each = waiting.remove();
            tell(each.later(), each.of());
        }
    }

    private void tell(Later later, Known of) {
        told++;
        gathering.told(later.received(), later.feedback(), of);
    }

    /// Asks what to do, until there is nothing to be done.
    private void look(Instant at) {
        for (int i = 0; i < AT_ONCE; i++) {
            var evidence = gathering.evidence(at, List.of());
            var step = Ramp.next(rollout, evidence, at);
            var after =
                    step instanceof Step.AskForApproval
                            ? approved(at)
                            : rollout.after(step, BY, at);
            if (after.revision() == rollout.revision()) return;
            var verdicts = new Judge(rollout.policy()).verdicts(evidence);
            var waits = step instanceof Step.AskForApproval ? "a person's approval" : "";
            rollout = after;
            moments.add(new Moment(after.history().getLast(), verdicts, waits));
            if (after.over()) return;
            era(at);
        }
    }

    private Rollout approved(Instant at) {
        if (!(rollout.state() instanceof State.Running(int stage, var since, var _)))
            return rollout;
        return rollout.to(
                new State.Running(stage, since, true),
                BY,
                at,
                "a person would have been asked; the rehearsal goes on as if they had said yes at once");
    }

    private void era(Instant at) {
        gathering.era(++epoch, share(), stage(), at);
    }

    private int stage() {
        return switch (rollout.state()) {
            case State.Running running -> running.stage();
            case State.Paused paused -> paused.stage();
            case State.Baking _, State.Finished _, State.RolledBack _ ->
                    rollout.policy().stages().size() - 1;
        };
    }

    /// All traffic is a promotion, so before that the candidate is only loaded.
    private double share() {
        return switch (rollout.state()) {
            case State.Running _, State.Paused _ -> {
                double share = rollout.policy().stages().get(stage()).share();
                yield share == 1 ? 0 : share;
            }
            case State.Baking _, State.Finished _ -> 1;
            case State.RolledBack _ -> 0;
        };
    }

    // ---- who would have answered

    private boolean isCandidates(Prediction prediction) {
        double share = share();
        if (share == 0 || share == 1) return share == 1;
        var key = prediction.entity().orElse(prediction.request());
        return Assignment.bucket(prediction.endpoint(), key)
                < Math.round(share * Assignment.BUCKETS);
    }

    private boolean isShadow(Prediction prediction) {
        boolean atShadow =
                rollout.state() instanceof State.Running
                        && rollout.policy().stages().get(stage()).shadow();
        // Live alone is shadowed, where it has answered.
        return atShadow
                && prediction.decision().failure().isEmpty()
                && Assignment.bucket("shadow", prediction.id().toString())
                        < Math.round(drawn.settings().shadowShare() * Assignment.BUCKETS);
    }

    private Prediction answered(Prediction prediction, Supplier<Apart.Said> asking) {
        if (!isCandidates(prediction)) {
            toLive++;
            return with(
                    prediction,
                    Arm.Role.LIVE,
                    Arm.Role.LIVE,
                    prediction.version(),
                    prediction.answers(),
                    prediction.decision(),
                    Map.of());
        }
        toCandidate++;
        var said = asking.get();
        if (said.failure().isPresent()) {
            failed++;
            var extra = new HashMap<String, String>();
            extra.put("candidate-failure", said.failure().get());
            extra.put("candidate-nanos", Long.toString(said.nanos()));
            return with(
                    prediction,
                    Arm.Role.CANDIDATE,
                    Arm.Role.LIVE,
                    prediction.version(),
                    prediction.answers(),
                    prediction.decision(),
                    extra);
        }
        var version = rollout.candidate();
        return with(
                prediction,
                Arm.Role.CANDIDATE,
                Arm.Role.CANDIDATE,
                version,
                List.of(component(said, version)),
                new Decision(said.outputs(), said.confidence(), BY, BY, Optional.empty()),
                Map.of());
    }

    private static ComponentAnswer component(Apart.Said said, String version) {
        return new ComponentAnswer(
                BY,
                version,
                0,
                said.nanos(),
                Map.of(),
                Map.of(),
                OptionalDouble.empty(),
                false,
                Optional.empty());
    }

    private Prediction with(
            Prediction of,
            Arm.Role assigned,
            Arm.Role arm,
            String version,
            List<ComponentAnswer> answers,
            Decision decision,
            Map<String, String> extra) {
        return new Prediction(
                of.id(),
                of.request(),
                of.endpoint(),
                of.schema(),
                epoch,
                of.entity(),
                of.eventTime(),
                of.received(),
                of.origin(),
                assigned,
                arm,
                version,
                of.inputs(),
                of.inputsKeptWith(),
                answers,
                decision,
                of.asked(),
                extra);
    }

    private Shadows.Pair shadowed(Prediction prediction, Apart.Said said) {
        beside++;
        if (said.failure().isPresent()) failed++;
        var pair =
                new Shadows.Pair(
                        prediction.id(),
                        prediction.received(),
                        Cases.answer(prediction),
                        said.outputs(),
                        Cases.confidence(prediction),
                        said.confidence(),
                        said.failure());
        gathering.shadowed(
                epoch, prediction.entity(), pair, new Known(prediction, Optional.empty()));
        return pair;
    }

    // ---- what came of it

    Course course() {
        return drawn.with(rollout);
    }

    Gathering gathering() {
        return gathering;
    }

    List<Moment> moments() {
        return List.copyOf(moments);
    }

    Counts counts() {
        return new Counts(seen, toLive, toCandidate, beside, failed, notKept, byOthers, told);
    }

    /// When it was looked at last: in the time of the log.
    Instant now() {
        return now;
    }

    /// How often it was asked what to do.
    Duration every() {
        return pause;
    }

    Evidence evidence() {
        return gathering.evidence(now, List.of());
    }

    /// What the log can't tell is watched by nobody here: how long the candidate takes under the
    /// callers' load, and what they would have done had they been given another answer. The others
    /// keep the part of the false rollbacks that they have in the real rollout.
    static Policy watchable(Policy policy) {
        var guards = policy.guards().stream().filter(Rehearsal::isWatchable).toList();
        long all = stopping(policy.guards());
        long left = stopping(guards);
        double alpha = left == 0 ? policy.falseRollback() : policy.falseRollback() * left / all;
        return new Policy(
                policy.stages(),
                guards,
                alpha,
                policy.missedHarm(),
                policy.deadline(),
                policy.bake(),
                policy.withoutProof());
    }

    private static long stopping(List<Guard> guards) {
        return guards.stream()
                .filter(each -> !each.observeOnly())
                .mapToLong(each -> 1 + each.slices().size())
                .sum();
    }

    static boolean isWatchable(Guard guard) {
        return !(guard instanceof Guard.Latency) && !guard.metric().startsWith("event.");
    }
}
