package dev.davy.rollout;

import dev.davy.serving.Component;
import dev.davy.serving.Endpoint;
import dev.davy.serving.Fallback;
import dev.davy.serving.Shape;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// A rollout in sentences, before it begins: its traffic, its guards, and whom it will ask.
final class Foreseen {
    private Foreseen() {}

    /// What would come of a declaration: the rollout that would begin, or how the next one would
    /// go.
    ///
    /// @param before versions by component, as they stand
    /// @param live as they would stand: of components that are new, what they name
    /// @param resolved the version of a reference
    /// @param underWay whether the endpoint has a rollout now
    /// @param wasRolledBack whether these versions were, before
    static List<String> of(
            Endpoint endpoint,
            Shape shape,
            Map<String, String> before,
            Map<String, String> live,
            UnaryOperator<String> resolved,
            boolean underWay,
            Predicate<Map<String, String>> wasRolledBack) {
        var candidate = new LinkedHashMap<String, String>();
        for (var component : endpoint.pipeline())
            if (component instanceof Component.Registered model && !model.fallsBack(model.model()))
                try {
                    var name = model.name();
                    var version = resolved.apply(model.model());
                    if (live.containsKey(name) && !version.equals(live.get(name)))
                        candidate.put(name, version);
                } catch (Problem unknown) {
                    return List.of("no rollout begins: " + unknown.what());
                }
        var lines = new ArrayList<String>();
        var way = Course.said(live) + " → " + Course.said(candidate);
        if (endpoint.rollout().isEmpty()) {
            if (!before.keySet().containsAll(live.keySet()) && endpoint.fallback().isPresent())
                lines.add(begins(endpoint, live));
            if (!candidate.isEmpty())
                lines.add(
                        "no rollout begins by itself, since there is no 'rollout:' section; begin it"
                                + " with: davy rollout start "
                                + endpoint.name());
            return List.copyOf(lines);
        }
        var first = new LinkedHashMap<>(live);
        first.keySet().removeAll(before.keySet());
        if (!first.isEmpty()) lines.add(begins(endpoint, first));
        if (candidate.isEmpty()) lines.add("no rollout begins now; the next one would go so:");
        else if (underWay)
            lines.add("a rollout is under way already, so this does not begin now: " + way);
        else if (wasRolledBack.test(candidate))
            lines.add("it was rolled back before, so no rollout begins by itself: " + way);
        else lines.add("a rollout begins: " + way);
        var against = Against.of(live);
        var plan =
                Starting.plan(
                        endpoint.rollout().get(),
                        shape.rows(),
                        shape.outputs(),
                        Optional.empty(),
                        against);
        lines.addAll(of(against.held(plan)));
        lines.addAll(against.leftOut(plan));
        against.holds().ifPresent(lines::add);
        return List.copyOf(lines);
    }

    private static String begins(Endpoint endpoint, Map<String, String> first) {
        return endpoint.fallback()
                .map(fallback ->
                        fallback instanceof Fallback.People
                                ? "people answer everybody until a model has come live"
                                : fallback.version()
                                        + " answers everybody until a model has come live")
                .orElseGet(() ->
                        Course.said(first)
                                + " answers everybody at once, and no guard watches it: there is no"
                                + " version before it that could answer the others; a 'fallback'"
                                + " could");
    }

    /// A line a step, a line a guard.
    ///
    /// @param watches as they were written: margins that the traffic will fill in are told as such
    static List<String> of(Plan plan) {
        var lines = new ArrayList<String>();
        int number = 1;
        for (var stage : plan.stages()) lines.add("step " + number++ + ": " + step(plan, stage));
        for (var watch : plan.watches()) lines.add("guard " + guard(watch));
        if (plan.watches().isEmpty()) lines.add("no guard watches it");
        if (!plan.strategy().skips().isEmpty()) lines.add("it skips: " + plan.strategy().skips());
        lines.add(
                "at most %s false rollbacks and %s missed harm; it asks a person after %s in one step"
                        .formatted(
                                percent(plan.falseRollback()),
                                percent(plan.missedHarm()),
                                time(plan.deadline())));
        if (!plan.bake().isZero())
            lines.add("after the promotion the guards go on watching for " + time(plan.bake()));
        if (plan.withoutProof())
            lines.add("at the end of a step's time it goes on although the guards are not content");
        return List.copyOf(lines);
    }

    private static String step(Plan plan, Stage stage) {
        var parts = new ArrayList<String>();
        if (stage.shadow())
            parts.add(
                    plan.shadowShare() < 1 ? "shadow of " + percent(plan.shadowShare()) : "shadow");
        else parts.add(stage.share() == 0 ? "loaded, answering nobody" : percent(stage.share()));
        if (!stage.atLeast().isZero()) parts.add("at least " + time(stage.atLeast()));
        if (stage.requests() > 0)
            parts.add(String.format(Locale.ROOT, "%,d requests", stage.requests()));
        if (stage.approve()) parts.add("then a person approves");
        return String.join(", ", parts);
    }

    private static String guard(Watch watch) {
        var line = new StringBuilder(watch.metric()).append(": ");
        line.append(
                switch (watch.allowed()) {
                    case Watch.Allowed.MoreThanLive(double harm) ->
                            "at most " + number(100 * harm) + " points worse";
                    case Watch.Allowed.LongerThanLive(double millis, double part) ->
                            longer(millis, part);
                    case Watch.Allowed.AtMost(double harm) -> "at most " + percent(harm);
                });
        if (!watch.slices().isEmpty())
            line.append(", also on ").append(String.join(", ", watch.slices()));
        if (watch.observeOnly()) line.append("; only told, stops nothing");
        return line.toString();
    }

    private static String longer(double millis, double part) {
        var most = new ArrayList<String>();
        if (millis > 0) most.add(number(millis) + " ms");
        if (part > 0) most.add(percent(part) + " of live's");
        return most.isEmpty()
                ? "as much longer as live's own times say"
                : "at most " + String.join(" or ", most) + " longer";
    }

    private static String percent(double share) {
        return number(100 * share) + " %";
    }

    private static String number(double value) {
        var text = String.format(Locale.ROOT, "%.2f", value);
        return text.replaceFirst("\\.?0+$", "");
    }

    private static String time(Duration time) {
        double seconds = time.toMillis() / 1_000.0;
        if (seconds < 120) return number(seconds) + " s";
        if (seconds < 7_200) return number(seconds / 60) + " min";
        return seconds < 172_800
                ? number(seconds / 3_600) + " h"
                : number(seconds / 86_400) + " days";
    }
}
