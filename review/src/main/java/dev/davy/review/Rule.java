package dev.davy.review;

import dev.davy.schema.Expression;
import dev.davy.serving.Automation;
import dev.davy.serving.Deciding;
import dev.davy.serving.Fallback;
import dev.davy.serving.Meanwhile;
import dev.davy.serving.Routing;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// A policy as serving reads it: compiled, with the levels and thresholds of now.
final class Rule implements Automation {
    /// What a person sees of what the model decided alone.
    static final String SPOT_CHECK = "spot-check";

    /// The level alone leaves it to people.
    static final String BY_LEVEL = "level";

    static final String MODEL_FAILED = "model-failed";

    /// People stand where a model may come.
    static final String NO_MODEL = "no model yet";

    static final String NO_THRESHOLD = "no threshold yet";
    static final String QUEUE_FULL = "queue-full";

    private final String endpoint;
    private final Policy policy;
    private final Standing standing;
    private final Outside outside;
    private final List<Slice> slices;
    private final List<Condition> conditions;
    private final Level own;
    private final boolean mayNotAsk;
    private final boolean looks;

    /// A slice and the level that it has now.
    private record Slice(String where, Expression expression, Level level) {}

    private record Condition(String text, Expression expression) {}

    /// What changes while a policy stands.
    interface Standing {
        /// The level of a slice; "" for the endpoint's own.
        Level level(String slice, Level declared);

        /// From which confidence a version decides alone; empty while that is not known.
        OptionalDouble threshold(String version, String slice);

        /// Whether no more cases are taken.
        boolean isFull();
    }

    Rule(Routing routing, Policy policy, Standing standing, Outside outside) {
        this.endpoint = routing.endpoint().name();
        this.policy = policy;
        this.standing = standing;
        this.outside = outside;
        var schema = routing.shape().rows();
        var outputs = routing.shape().outputs();
        slices = new ArrayList<>();
        for (var each : policy.levels())
            slices.add(
                    new Slice(
                            each.where(),
                            Conditions.read(each.where(), schema, outputs),
                            standing.level(each.where(), each.level())));
        conditions = new ArrayList<>();
        if (policy.alone() instanceof Policy.Alone.Holding(var texts))
            for (var text : texts)
                conditions.add(new Condition(text, Conditions.read(text, schema, outputs)));
        own = standing.level("", policy.level());
        mayNotAsk =
                own == Level.HUMAN_ONLY
                        || slices.stream().anyMatch(each -> each.level() == Level.HUMAN_ONLY);
        looks =
                own != Level.FULL
                        || routing.arms().stream().anyMatch(arm -> arm.program().isPeople())
                        || policy.spotCheck() > 0
                        || slices.stream().anyMatch(each -> each.level() != Level.FULL);
    }

    @Override
    public boolean looks() {
        return looks;
    }

    @Override
    public boolean mayNotAsk() {
        return mayNotAsk;
    }

    @Override
    public boolean asks(Asking row) {
        return level(slice(row)) != Level.HUMAN_ONLY;
    }

    /// Which slice a row is of; null: of none.
    private @Nullable Slice slice(Asking row) {
        for (var slice : slices) if (slice.expression().test(row)) return slice;
        return null;
    }

    private Level level(@Nullable Slice slice) {
        return slice == null ? own : slice.level();
    }

    @Override
    public @Nullable Deciding decide(Asking row) {
        var slice = slice(row);
        var level = level(slice);
        // Whatever is left to models: there is none here that could have said anything.
        if (row.version().equals(Fallback.PEOPLE) && level != Level.HUMAN_ONLY)
            return person(level, NO_MODEL, row);
        return switch (level) {
            case FULL -> row.answered() ? alone(level) : null;
            case PARTIAL -> {
                var doubt = doubt(row, slice == null ? "" : slice.where());
                yield doubt == null ? alone(level) : person(level, doubt, row);
            }
            case HUMAN_ONLY, SHADOW, ASSIST -> person(level, BY_LEVEL, row);
        };
    }

    private @Nullable Deciding alone(Level level) {
        double share = policy.spotCheck();
        if (share == 0 && level == Level.FULL) return null;
        boolean seen = share > 0 && ThreadLocalRandom.current().nextDouble() < share;
        // A full queue takes no more: then nobody could be asked, and the case carries that.
        boolean full = seen && standing.isFull();
        return new Deciding(
                true,
                full ? 0 : (float) share,
                seen && !full,
                SPOT_CHECK,
                level.word(),
                policy.meanwhile());
    }

    private Deciding person(Level level, String why, Asking row) {
        if (!standing.isFull())
            return new Deciding(false, 1, true, why, level.word(), policy.meanwhile());
        return switch (policy.full()) {
            case Policy.Full.ByModel _ when row.answered() ->
                    new Deciding(true, 0, false, QUEUE_FULL, level.word(), policy.meanwhile());
            case Policy.Full.Safe(var outputs) ->
                    new Deciding(
                            false, 0, false, QUEUE_FULL, level.word(), new Meanwhile.Safe(outputs));
            case Policy.Full.ByModel _, Policy.Full.Refuse _ ->
                    new Deciding(false, 0, false, QUEUE_FULL, level.word(), new Meanwhile.Refuse());
        };
    }

    /// Why the model is not sure; null: it is.
    private @Nullable String doubt(Asking row, String slice) {
        if (!row.answered()) return MODEL_FAILED;
        return switch (policy.alone()) {
            case Policy.Alone.Never _ -> NO_THRESHOLD;
            case Policy.Alone.Holding _ -> {
                for (var each : conditions)
                    if (!each.expression().test(path -> at(row, path)))
                        yield Conditions.reason(each.text());
                yield null;
            }
            case Policy.Alone.Reaching _ -> {
                var threshold = standing.threshold(row.version(), slice);
                if (threshold.isEmpty()) yield NO_THRESHOLD;
                yield row.at("confidence") instanceof Double confidence
                                && confidence >= threshold.getAsDouble()
                        ? null
                        : "confidence below " + rounded(threshold.getAsDouble());
            }
        };
    }

    private static String rounded(double threshold) {
        return String.format(java.util.Locale.ROOT, "%.4g", threshold);
    }

    private @Nullable Object at(Asking row, String path) {
        if (path.startsWith(Conditions.ALARM))
            return outside.ringing(endpoint).contains(path.substring(Conditions.ALARM.length()));
        if (path.equals("novelty")) {
            var novelty = outside.novelty(endpoint, row);
            return novelty.isPresent() ? (Double) novelty.getAsDouble() : null;
        }
        return row.at(path);
    }
}
