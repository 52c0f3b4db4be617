package dev.davy.rollout;

import dev.davy.serving.Apart;
import dev.davy.serving.Cases;
import dev.davy.serving.Prediction;
import dev.davy.serving.feedback.Feedback;
import dev.davy.serving.feedback.Feedbacks.Later;
import dev.davy.serving.past.Logged;
import dev.davy.stats.quality.McNemar;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import tools.jackson.databind.JsonNode;

/// Which logged answers another version would have given otherwise: counted, by what was said and
/// what would be, by slice, and against the truth as far as it came. For one thread.
final class Flips {
    /// Flips of each kind (from this answer to that) that are kept with their inputs: the last.
    static final int OF_A_KIND = 24;

    /// Flips that are kept in all.
    static final int MOST = 240;

    /// Pairs of answers that are counted apart; others go together.
    private static final int KINDS_MOST = 400;

    static final String OTHER = "other";

    /// An answer that would be another.
    ///
    /// @param truth by output, as far as it is known
    record Flip(Logged logged, Kind kind, Apart.Said said, Map<String, JsonNode> truth) {}

    /// What was said, and what would be.
    record Kind(String was, String would) {}

    /// So many answers, and how many of them flip.
    record Share(long compared, long flipped) {
        static final Share NONE = new Share(0, 0);

        Share plus(boolean flip) {
            return new Share(compared + 1, flipped + (flip ? 1 : 0));
        }
    }

    private final List<String> slices;
    private final BiPredicate<String, Prediction> isIn;
    private final Map<String, Share> bySlice = new LinkedHashMap<>();
    private final Map<String, Long> byVersion = new TreeMap<>();
    private final Map<Kind, Long> kinds = new LinkedHashMap<>();
    private final Map<Kind, ArrayDeque<Flip>> last = new LinkedHashMap<>();
    private Share all = Share.NONE;
    private McNemar right = McNemar.NONE;
    private long failed;
    private long notKept;
    private long unanswered;
    private int kept;

    /// @param isIn whether a prediction is in a slice
    Flips(List<String> slices, BiPredicate<String, Prediction> isIn) {
        this.slices = List.copyOf(slices);
        this.isIn = isIn;
        for (var slice : slices) bySlice.put(slice, Share.NONE);
    }

    /// Its inputs were not kept, so nobody can ask again.
    void notKept() {
        notKept++;
    }

    /// It failed then, so there is no answer that could flip.
    void unanswered() {
        unanswered++;
    }

    void add(Logged logged, Apart.Said said, List<Later> later) {
        var prediction = logged.prediction();
        var was = Cases.answer(prediction);
        boolean flips = said.failure().isPresent() || !Shadows.agree(was, said.outputs());
        if (said.failure().isPresent()) failed++;
        all = all.plus(flips);
        byVersion.merge(prediction.version(), 1L, Long::sum);
        for (var slice : slices)
            if (isIn.test(slice, prediction))
                bySlice.compute(
                        slice, (_, share) -> (share == null ? Share.NONE : share).plus(flips));
        var truth = truth(later, was.keySet().stream().findFirst().orElse(""));
        if (!truth.isEmpty())
            right = right.plus(isRight(was, truth), isRight(said.outputs(), truth));
        // Numbers that differ a little agree: they are no kind of their own.
        var kind = kind(Shadows.shown(was), flips ? shown(said) : Shadows.shown(was));
        kinds.merge(kind, 1L, Long::sum);
        if (flips) keep(new Flip(logged, kind, said, truth));
    }

    static String shown(Apart.Said said) {
        return said.failure()
                .map(code -> "failed: " + code)
                .orElseGet(() -> Shadows.shown(said.outputs()));
    }

    private Kind kind(String was, String would) {
        var kind = new Kind(was, would);
        return kinds.size() < KINDS_MOST || kinds.containsKey(kind) ? kind : new Kind(OTHER, OTHER);
    }

    private void keep(Flip flip) {
        var those = last.computeIfAbsent(flip.kind(), _ -> new ArrayDeque<>());
        those.addFirst(flip);
        kept++;
        if (those.size() > OF_A_KIND) {
            those.removeLast();
            kept--;
        }
        if (kept <= MOST) return;
        // The kind of which most are kept gives one up.
        var most = those;
        for (var each : last.values()) if (each.size() > most.size()) most = each;
        most.removeLast();
        kept--;
    }

    /// The last word that no other has replaced, by output.
    ///
    /// @param only the output that is meant where none is said
    static Map<String, JsonNode> truth(List<Later> later, String only) {
        var replaced = new HashSet<String>();
        for (var each : later) each.feedback().replaces().ifPresent(replaced::add);
        var truth = new LinkedHashMap<String, JsonNode>();
        for (var each : later)
            if (each.feedback().what() instanceof Feedback.What.Truth(var value, var _)
                    && !replaced.contains(each.feedback().id()))
                truth.put(each.feedback().output().orElse(only), value);
        return truth;
    }

    /// Whether an answer is right in all of which the truth is known.
    static boolean isRight(Map<String, ?> outputs, Map<String, JsonNode> truth) {
        return truth.entrySet().stream()
                .allMatch(each -> Measure.same(outputs.get(each.getKey()), each.getValue()));
    }

    Share all() {
        return all;
    }

    Map<String, Share> bySlice() {
        return Map.copyOf(bySlice);
    }

    List<String> slices() {
        return slices;
    }

    /// How many answers were of each version.
    Map<String, Long> byVersion() {
        return Map.copyOf(byVersion);
    }

    /// How often this was said and that would be, those that agree among them.
    Map<Kind, Long> kinds() {
        return Map.copyOf(kinds);
    }

    /// Both right, only what was said, only what would be, neither: where the truth has come.
    Optional<McNemar> right() {
        return right.equals(McNemar.NONE) ? Optional.empty() : Optional.of(right);
    }

    long failed() {
        return failed;
    }

    long withoutInputs() {
        return notKept;
    }

    long withoutAnswer() {
        return unanswered;
    }

    /// The last of each kind, the commonest kind first.
    List<Flip> last() {
        var flips = new ArrayList<Flip>();
        last.entrySet().stream()
                .sorted(
                        java.util.Comparator.comparingLong(
                                each -> -kinds.getOrDefault(each.getKey(), 0L)))
                .forEach(each -> flips.addAll(each.getValue()));
        return flips;
    }
}
