package dev.davy.rollout;

import dev.davy.rollout.Gathering.Held;
import dev.davy.serving.feedback.Feedback;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/// What a shadow's own answers come to, whoever answered the caller. Held by its gathering, and for
/// one thread as that is.
///
/// A limit is one whoever answers, so a shadow is held to it too, as far as its answer shows it:
/// not by its time, since it gives way to everybody, nor by what users did after another's answer.
///
/// @param held what is gathered for, as it stands
record ShadowHarms(List<Held> held) {
    /// Whose shadow it was, and where its evidence belongs.
    ///
    /// @param span below 0: nowhere any more
    record Place(OptionalLong entity, int span, List<String> slices) {}

    private static boolean isLimitOfAnswer(Held each) {
        return each.guard() instanceof Guard.Limit
                && !(each.measure() instanceof Measure.Slow)
                && !(each.measure() instanceof Measure.Event);
    }

    private static void add(Held each, Place place, boolean harm) {
        add(each, place, harm ? 1 : 0);
    }

    private static void add(Held each, Place place, double harm) {
        if (each.slice().isEmpty() || place.slices().contains(each.slice()))
            ((Harms) each.cell()).add(place.entity(), true, place.span(), 0, harm);
    }

    private static Measure.Answered answer(Shadows.Pair pair) {
        return new Measure.Answered(pair.failure().isPresent(), pair.outputs(), pair.confidence());
    }

    /// It answered.
    ///
    /// @param same whether it said what live did; empty: nobody has answered yet
    void answered(Shadows.Pair pair, Optional<Boolean> same, Place place) {
        if (place.span() < 0) return;
        for (var each : held) {
            if (isLimitOfAnswer(each))
                each.measure().answered(answer(pair)).ifPresent(harm -> add(each, place, harm));
            if (each.measure() instanceof Measure.Agreement(var output) && same.isPresent())
                add(each, place, !(output.isEmpty() ? same.get() : agrees(pair, output.get())));
        }
    }

    private static boolean agrees(Shadows.Pair pair, String output) {
        return pair.failure().isEmpty()
                && Shadows.agree(pair.live().get(output), pair.outputs().get(output));
    }

    /// The truth has come of what it said.
    void told(Shadows.Pair pair, Optional<String> output, JsonNode truth, Place place) {
        if (place.span() < 0) return;
        for (var each : held)
            if (isLimitOfAnswer(each))
                each.measure()
                        .told(answer(pair), output, truth)
                        .ifPresent(harm -> add(each, place, harm));
    }

    /// A person has judged what it answered beside them. Who had seen its answer is no second
    /// opinion.
    void judged(
            Shadows.Pair pair,
            Feedback.What.Judgement judgement,
            Optional<String> output,
            Place place) {
        if (place.span() < 0 || judgement.sawAnswer().orElse(false)) return;
        var of = output.orElseGet(() -> Gathering.only(pair.outputs()));
        var said = pair.outputs().get(of);
        if (said == null) return;
        boolean agrees =
                Gathering.thought(judgement.value()).equals(Shadows.shown(Map.of("", said)));
        for (var each : held)
            if (each.measure() instanceof Measure.Agreement(var which)
                    && (which.isEmpty() || which.get().equals(of))) add(each, place, !agrees);
    }
}
