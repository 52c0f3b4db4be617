package dev.davy.rollout;

import dev.davy.schema.Output;
import dev.davy.schema.Schema;
import dev.davy.serving.Arm;
import dev.davy.serving.Cases;
import dev.davy.serving.Origin;
import dev.davy.serving.Prediction;
import dev.davy.serving.feedback.Feedback;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Makes evidence of the log: each request by its entity, by the arm it was assigned to, in
/// stretches of one share. Any number of threads may ask; one tells.
final class Gathering {
    /// Of each arm's requests after a load: the first ones warm it up, and their time tells
    /// nothing.
    static final int WARMING = 30;

    /// Units that are kept of all guards together, about 10 MB.
    private static final int UNITS_MOST = 100_000;

    private static final int ENTITIES_LEAST = 1_000;

    /// Predictions whose truth has come, so that it counts once.
    private static final int TOLD_MOST = 50_000;

    /// More than shadows that wait.
    private static final int SLICED_MOST = 10_000;

    private static final int EARLY_MOST = 1_000;

    /// What is gathered for.
    ///
    /// @param truthWithin how long a prediction's truth may take
    /// @param joinWithin how long after a prediction an event of its entity belongs to it
    record Aim(
            String endpoint,
            Policy policy,
            List<Output> outputs,
            Duration truthWithin,
            Duration joinWithin) {
        Aim {
            outputs = List.copyOf(outputs);
        }
    }

    /// Requests of each arm in the stage that the rollout is at.
    record Counts(long live, long candidate, long shadow, long failed, long left) {}

    /// A guard on the whole or on a slice, and what was gathered for it.
    record Held(Guard guard, Measure measure, String slice, Cell cell) {}

    /// @param first epoch of the routing since which the share is in force
    record Era(long first, double share, int stage) {}

    private final Aim aim;
    private final Slicing slicing;
    private final List<Held> held = new ArrayList<>();
    private final ShadowHarms alone = new ShadowHarms(held);
    final Spans spans;
    final TreeMap<Long, Era> eras = new TreeMap<>();
    final Shadows shadows = new Shadows();
    final Inspection besideLive = new Inspection();
    final Inspection besideCandidate = new Inspection();
    final long[] counts = new long[5];
    final int[] warming = new int[2];
    int stage;
    private final Map<UUID, Boolean> told = bounded(TOLD_MOST);
    private final Map<Long, Last> lastOf = bounded(TOLD_MOST);

    /// Who has said what they think, of which prediction.
    private final Map<String, Boolean> judged = bounded(TOLD_MOST);

    /// Truth and judgements that came before the shadow had answered.
    private final Map<UUID, List<Feedback>> early = bounded(EARLY_MOST);

    /// The slices of the last predictions, for their shadows; what is older is looked up.
    private final Map<UUID, List<String>> slicesOf = bounded(SLICED_MOST);

    private final List<String> slices;

    /// The last request of an entity.
    private record Last(long micros, long epoch, boolean candidate, int span) {}

    private static final int LIVE = 0;
    private static final int CANDIDATE = 1;
    private static final int SHADOW = 2;
    private static final int FAILED = 3;
    private static final int LEFT = 4;

    Gathering(Aim aim, LongFunction<Optional<Schema>> schemas) {
        this.aim = aim;
        this.slicing = new Slicing(schemas);
        this.spans = new Spans(aim.truthWithin());
        slices =
                aim.policy().guards().stream()
                        .flatMap(each -> each.slices().stream())
                        .distinct()
                        .toList();
        for (var guard : aim.policy().guards()) {
            var measure = Measure.of(guard.metric(), Optional.of(aim.outputs()));
            for (var watched : Judge.watched(guard))
                held.add(new Held(guard, measure, watched.slice(), Cell.of(guard, entities())));
        }
    }

    int entities() {
        long cells =
                aim.policy().guards().stream().mapToLong(each -> 1 + each.slices().size()).sum();
        return (int) Math.max(ENTITIES_LEAST, UNITS_MOST / Math.max(1, cells));
    }

    private static <K, V> Map<K, V> bounded(int most) {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    List<Cell> cells() {
        return held.stream().map(Held::cell).toList();
    }

    void replace(List<Cell> cells) {
        for (int i = 0; i < held.size(); i++) {
            var each = held.get(i);
            held.set(i, new Held(each.guard(), each.measure(), each.slice(), cells.get(i)));
        }
    }

    Aim aim() {
        return aim;
    }

    /// What live did before the rollout, which teaches the base rates.
    synchronized void before(List<Prediction> live) {
        if (live.isEmpty()) return;
        var first = live.stream().map(Prediction::received).min(Instant::compareTo).orElseThrow();
        spans.begin(-1, 0, micros(first));
        eras.put(-1L, new Era(-1, 0, -1));
        for (var each : live)
            if (each.origin() == Origin.LIVE && each.endpoint().equals(aim.endpoint()))
                count(each, eras.get(-1L), false);
        warming[LIVE] = 0;
    }

    /// From an epoch of the routing on, this share is in force.
    synchronized void era(long epoch, double share, int ofStage, Instant at) {
        if (eras.containsKey(epoch)) return;
        var last = eras.isEmpty() ? null : eras.lastEntry().getValue();
        if (last != null && last.first() >= 0 && last.share() == share && last.stage() == ofStage) {
            eras.put(epoch, last);
            return;
        }
        eras.put(epoch, new Era(epoch, share, ofStage));
        spans.begin(epoch, share, micros(at));
        cells().forEach(Cell::begin);
        lastOf.clear();
        if (ofStage != stage || last == null || last.first() < 0)
            for (int i = 0; i < counts.length; i++) counts[i] = 0;
        stage = ofStage;
    }

    /// Takes over the eras that another has learned of.
    void follow(Gathering other) {
        TreeMap<Long, Era> theirs;
        synchronized (other) {
            theirs = new TreeMap<>(other.eras);
        }
        theirs.forEach((epoch, era) -> {
            if (era.first() == epoch) era(epoch, era.share(), era.stage(), other.since(epoch));
        });
    }

    private synchronized Instant since(long epoch) {
        return Instant.EPOCH.plus(spans.since(epoch), ChronoUnit.MICROS);
    }

    /// Whether it is known what share was in force at that epoch, or never will be.
    synchronized boolean knows(long epoch) {
        return eras.containsKey(epoch) || !eras.isEmpty() && epoch < eras.lastKey();
    }

    /// Both arms were loaded anew.
    synchronized void loaded() {
        warming[LIVE] = 0;
        warming[CANDIDATE] = 0;
    }

    /// A request was answered.
    synchronized void predicted(Prediction prediction) {
        if (!isEvidence(prediction)) return;
        var era = eras.get(prediction.epoch());
        if (era == null) {
            counts[LEFT]++;
            return;
        }
        boolean candidate = isCandidate(prediction, era);
        if (era.stage() == stage) {
            counts[candidate ? CANDIDATE : LIVE]++;
            if (candidate && failed(prediction)) counts[FAILED]++;
        }
        spans.at(micros(prediction.received()), this::join);
        count(prediction, era, candidate);
        if (isShadow(era) && !slices.isEmpty()) slicesOf.put(prediction.id(), slicesOf(prediction));
    }

    private boolean isShadow(Era era) {
        var stages = aim.policy().stages();
        return era.stage() >= 0 && era.stage() < stages.size() && stages.get(era.stage()).shadow();
    }

    private List<String> slicesOf(Prediction prediction) {
        return slices.stream().filter(slice -> slicing.isIn(slice, prediction)).toList();
    }

    private void join(int earlier, int later) {
        cells().forEach(cell -> cell.join(earlier, later));
    }

    private boolean isEvidence(Prediction prediction) {
        return prediction.endpoint().equals(aim.endpoint())
                && prediction.origin() == Origin.LIVE
                && !"true".equals(prediction.extra().get("pinned"));
    }

    private static boolean isCandidate(Prediction prediction, Era era) {
        return era.share() == 1 || era.share() > 0 && prediction.assigned() == Arm.Role.CANDIDATE;
    }

    private static boolean failed(Prediction prediction) {
        // After the promotion it is live that failed, and what is kept that answered.
        return prediction.extra().containsKey("candidate-failure")
                || prediction.extra().containsKey("live-failure")
                || prediction.decision().failure().isPresent();
    }

    private void count(Prediction prediction, Era era, boolean candidate) {
        long micros = micros(prediction.received());
        int span = spans.of(era.first(), micros);
        if (span < 0) return;
        double share = era.share();
        var entity = entity(prediction.entity());
        entity.ifPresent(of -> lastOf.put(of, new Last(micros, era.first(), candidate, span)));
        var answered = answered(prediction);
        warming[candidate ? CANDIDATE : LIVE]++;
        // Arms are compared by their shares: what of one is left out must be left out of the other
        // for as long, or the one that warms up first stands alone.
        boolean warm =
                (share == 1 || warming[LIVE] > WARMING)
                        && (share == 0 || warming[CANDIDATE] > WARMING);
        for (var each : held) {
            if (each.guard() instanceof Guard.Limit && !candidate) continue;
            if (each.measure() instanceof Measure.Slow(var _, double most)) {
                var time = millis(prediction);
                if (warming[CANDIDATE] > WARMING
                        && time.isPresent()
                        && slicing.isIn(each.slice(), prediction))
                    ((Harms) each.cell())
                            .add(entity, true, span, share, time.getAsDouble() > most ? 1 : 0);
                continue;
            }
            if (each.cell() instanceof Millis millis) {
                var time = millis(prediction);
                if (warm && time.isPresent() && slicing.isIn(each.slice(), prediction))
                    millis.add(entity, candidate, span, share, time.getAsDouble());
                continue;
            }
            var harm = each.measure().answered(answered);
            if (harm.isPresent() && slicing.isIn(each.slice(), prediction))
                ((Harms) each.cell()).add(entity, candidate, span, share, harm.getAsDouble());
        }
    }

    private static Measure.Answered answered(Prediction prediction) {
        return new Measure.Answered(
                failed(prediction), Cases.answer(prediction), Cases.confidence(prediction));
    }

    /// In the model itself; the candidate's own where it failed and live answered.
    private static OptionalDouble millis(Prediction prediction) {
        var own = prediction.extra().get("candidate-nanos");
        if (own != null && own.matches("[0-9]{1,18}"))
            // Of one that was not even asked there is no time.
            return own.equals("0")
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(Long.parseLong(own) / 1e6);
        long nanos = prediction.nanos();
        return nanos == 0 ? OptionalDouble.empty() : OptionalDouble.of(nanos / 1e6);
    }

    /// Something came to be known of a prediction, or of what its entity did after it.
    ///
    /// @param found what it is about
    synchronized void told(Instant received, Feedback feedback, Found found) {
        // What is corrected has counted already.
        if (feedback.replaces().isPresent()) return;
        switch (feedback.about()) {
            case Feedback.About.OfPrediction(var id, var endpoint) -> {
                if (endpoint.isPresent() && !endpoint.get().equals(aim.endpoint())) return;
                found.prediction(id)
                        .filter(this::isEvidence)
                        .ifPresent(prediction -> told(prediction, feedback, found));
            }
            case Feedback.About.OfEntity(var endpoint, var name) -> {
                if (endpoint.equals(aim.endpoint())
                        && feedback.what() instanceof Feedback.What.Event(var event, var _))
                    happened(
                            entity(Optional.of(name)),
                            micros(feedback.at().orElse(received)),
                            event);
            }
        }
    }

    private void told(Prediction prediction, Feedback feedback, Found found) {
        var known = eras.get(prediction.epoch());
        var era = known == null && eras.containsKey(-1L) ? eras.get(-1L) : known;
        if (era == null) return;
        boolean candidate = isCandidate(prediction, era);
        int span = spans.of(era.first(), micros(prediction.received()));
        if (span < 0) return;
        var entity = entity(prediction.entity());
        switch (feedback.what()) {
            case Feedback.What.Truth(var truth, var _) -> {
                if (told.put(prediction.id(), true) != null) return;
                beside(prediction, era, feedback, found);
                var answered = answered(prediction);
                for (var each : held) {
                    var harm = each.measure().told(answered, feedback.output(), truth);
                    if (harm.isEmpty() || each.guard() instanceof Guard.Limit && !candidate)
                        continue;
                    if (slicing.isIn(each.slice(), prediction))
                        ((Harms) each.cell())
                                .add(entity, candidate, span, era.share(), harm.getAsDouble());
                }
            }
            case Feedback.What.Event(var event, var _) -> {
                for (var each : held)
                    if (each.measure() instanceof Measure.Event(var name)
                            && name.equals(event)
                            && slicing.isIn(each.slice(), prediction))
                        ((Harms) each.cell()).harmed(entity, candidate, span, 1);
            }
            // What a person thought is no truth: it moves no guard, and is compared.
            case Feedback.What.Judgement judgement -> {
                if (era.first() < 0
                        || judged.put(prediction.id() + " " + judgement.by(), true) != null) return;
                var own = candidate ? besideCandidate : besideLive;
                judged(own, judgement, feedback.output(), Cases.answer(prediction));
                beside(prediction, era, feedback, found);
            }
        }
    }

    /// What came to be known of a prediction, held against what its shadow said.
    private void beside(Prediction prediction, Era era, Feedback feedback, Found found) {
        if (!isShadow(era)) return;
        var pair = found.shadow(prediction.id());
        if (pair.isPresent())
            beside(
                    pair.get(),
                    feedback,
                    new ShadowHarms.Place(
                            entity(prediction.entity()),
                            spans.of(era.first(), micros(prediction.received())),
                            slicesOf(prediction)));
        else early.computeIfAbsent(prediction.id(), _ -> new ArrayList<>()).add(feedback);
    }

    private void beside(Shadows.Pair pair, Feedback feedback, ShadowHarms.Place place) {
        switch (feedback.what()) {
            case Feedback.What.Truth(var truth, var _) -> {
                alone.told(pair, feedback.output(), truth, place);
                if (pair.live().isEmpty()) return;
                var output = feedback.output().orElseGet(() -> only(pair.live()));
                shadows.told(
                        Measure.same(pair.live().get(output), truth),
                        pair.failure().isEmpty()
                                && Measure.same(pair.outputs().get(output), truth));
            }
            case Feedback.What.Judgement judgement -> {
                if (pair.failure().isPresent()) return;
                judged(besideCandidate, judgement, feedback.output(), pair.outputs());
                if (pair.live().isEmpty()) alone.judged(pair, judgement, feedback.output(), place);
            }
            case Feedback.What.Event _ -> {}
        }
    }

    private static void judged(
            Inspection with,
            Feedback.What.Judgement judgement,
            Optional<String> output,
            Map<String, ? extends @Nullable Object> outputs) {
        var said = outputs.get(output.orElseGet(() -> only(outputs)));
        if (said == null) return;
        // Who has seen the answer is no second opinion.
        if (judgement.sawAnswer().orElse(false)) with.saw();
        else with.add(thought(judgement.value()), Shadows.shown(Map.of("", said)));
    }

    static String only(Map<String, ? extends @Nullable Object> outputs) {
        return outputs.keySet().stream().findFirst().orElse("");
    }

    static String thought(JsonNode value) {
        if (value.isNumber()) return Shadows.shown(Map.of("", value.doubleValue()));
        var text = value.isString() ? value.stringValue() : value.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    private void happened(OptionalLong entity, long micros, String event) {
        var last = lastOf.get(entity.orElseThrow());
        if (last == null || micros - last.micros() > aim.joinWithin().toNanos() / 1_000) return;
        for (var each : held)
            if (each.measure() instanceof Measure.Event(var name) && name.equals(event))
                ((Harms) each.cell()).harmed(entity, last.candidate(), last.span(), 1);
    }

    /// A shadow answered beside live.
    synchronized void shadowed(
            long epoch, Optional<String> entity, Shadows.Pair pair, Found found) {
        var era = eras.get(epoch);
        if (era == null) {
            counts[LEFT]++;
            return;
        }
        if (era.stage() == stage) counts[SHADOW]++;
        var in = slicesOf(pair, found);
        int span = spans.of(era.first(), micros(pair.at()));
        var whose = new ShadowHarms.Place(entity(entity), span, in);
        // People have not answered yet, so there is nothing to agree with.
        boolean people = pair.live().isEmpty();
        boolean same = !people && shadows.add(pair);
        if (!people) for (var slice : in) shadows.in(slice, same);
        var before = early.remove(pair.prediction());
        if (before != null) for (var feedback : before) beside(pair, feedback, whose);
        alone.answered(pair, people ? Optional.empty() : Optional.of(same), whose);
    }

    /// The shadow's record does not hold the inputs; its prediction does.
    private List<String> slicesOf(Shadows.Pair pair, Found found) {
        if (slices.isEmpty()) return List.of();
        var known = slicesOf.remove(pair.prediction());
        if (known != null) return known;
        return found.prediction(pair.prediction()).map(this::slicesOf).orElse(List.of());
    }

    /// All that is known now.
    ///
    /// @param broken sources that ought to speak and don't
    synchronized Evidence evidence(Instant now, List<String> broken) {
        spans.at(micros(now), this::join);
        var all = spans.all(now);
        var seen = new HashMap<Watched, Evidence.Seen>();
        for (var each : held) {
            var of = each.cell().seen(all);
            if (!isNothing(of)) seen.put(new Watched(each.guard().metric(), each.slice()), of);
        }
        return new Evidence(counts[CANDIDATE] + counts[SHADOW], seen, broken);
    }

    private static boolean isNothing(Evidence.Seen seen) {
        return switch (seen) {
            case Evidence.Seen.Rates(var stretches) -> stretches.isEmpty();
            case Evidence.Seen.Latencies(var times) -> times.isEmpty();
            case Evidence.Seen.Tallies(var tallies) -> tallies.isEmpty();
        };
    }

    synchronized Counts counts() {
        return new Counts(
                counts[LIVE], counts[CANDIDATE], counts[SHADOW], counts[FAILED], counts[LEFT]);
    }

    synchronized Shadows.Summary summary() {
        return shadows.summary();
    }

    /// What people thought, beside what live said.
    synchronized Inspection.Summary besideLive() {
        return besideLive.summary();
    }

    /// What people thought, beside what the candidate said, as a shadow too.
    synchronized Inspection.Summary besideCandidate() {
        return besideCandidate.summary();
    }

    private static long micros(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }

    /// FNV-1a of 64 bits.
    static OptionalLong entity(Optional<String> key) {
        if (key.isEmpty()) return OptionalLong.empty();
        long hash = 0xcbf29ce484222325L;
        for (byte b : key.get().getBytes(StandardCharsets.UTF_8))
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        return OptionalLong.of(hash);
    }
}
