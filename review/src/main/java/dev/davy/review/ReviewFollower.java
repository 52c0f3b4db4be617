package dev.davy.review;

import dev.davy.schema.Schema;
import dev.davy.serving.Cases;
import dev.davy.serving.LoggedInput;
import dev.davy.serving.Prediction;
import dev.davy.serving.PredictionJson;
import dev.davy.serving.feedback.Feedback;
import dev.davy.serving.reading.Entry;
import dev.davy.serving.reading.Follower;
import dev.davy.strict.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongFunction;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.node.ObjectNode;

/// Makes cases of the predictions that the log says a person is to see, and remembers what turned
/// out to be true of them.
public final class ReviewFollower implements Follower {
    /// A person does not notice so long a wait, and many cases share a sync.
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private static final int MOST = 500;

    private final Reviews reviews;
    private final LongFunction<Optional<Schema>> schemas;
    private final List<Review> cases = new ArrayList<>();
    private final Map<UUID, ObjectNode> truths = new LinkedHashMap<>();
    private long first;

    ReviewFollower(Reviews reviews, LongFunction<Optional<Schema>> schemas) {
        this.reviews = reviews;
        this.schemas = schemas;
    }

    @Override
    public String name() {
        return "review";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public boolean isUrgent() {
        return !cases.isEmpty();
    }

    @Override
    public void take(Entry entry) {
        switch (entry) {
            case Entry.Predicted(_, var prediction) ->
                    Cases.why(prediction).ifPresent(why -> cases.add(review(prediction, why)));
            case Entry.Told(_, _, var feedback) -> told(feedback);
            case Entry.Blob _, Entry.Shadowed _, Entry.Missing _ -> {}
        }
        if (first == 0) first = System.nanoTime();
    }

    private void told(Feedback feedback) {
        if (!reviews.isUsed()
                || !(feedback.what() instanceof Feedback.What.Truth(var value, _))
                || !(feedback.about() instanceof Feedback.About.OfPrediction(var id, _))) return;
        truths.computeIfAbsent(id, _ -> Json.object()).set(feedback.output().orElse(""), value);
    }

    private Review review(Prediction prediction, String why) {
        var policy = reviews.policy(prediction.endpoint());
        var schema = schemas.apply(prediction.schema());
        var answer = Json.object();
        var said = Cases.answer(prediction);
        boolean answered =
                !prediction.answers().isEmpty() && prediction.decision().failure().isEmpty();
        if (answered) said.forEach((name, value) -> answer.set(name, PredictionJson.value(value)));
        var confidence = Cases.confidence(prediction);
        var created = prediction.received();
        boolean alone = why.equals(Rule.SPOT_CHECK);
        double unsure = 1 - Math.clamp(confidence.orElse(0), 0, 1) + (alone ? 0 : 0.5);
        return new Review(
                prediction.id(),
                prediction.endpoint(),
                prediction.version(),
                slice(prediction, schema, policy),
                Cases.level(prediction),
                why,
                Review.State.OPEN,
                created,
                policy.deadline().map(created::plus),
                policy.escalateAfter().map(created::plus),
                false,
                unsure * worth(prediction, schema, policy),
                alone,
                prediction.asked().orElse(1),
                least(prediction, policy, why),
                answer,
                confidence,
                PredictionJson.logged(prediction, schema),
                policy.reviewers(),
                0,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0);
    }

    /// What is decided alone is seen with the spot-check share; where people see all, with
    /// certainty.
    private static double least(Prediction prediction, Policy policy, String why) {
        var level = Cases.level(prediction);
        boolean all =
                !level.equals(Level.PARTIAL.word()) && !level.equals(Level.FULL.word())
                        // As long as there is no threshold nothing is decided alone.
                        || why.equals(Rule.NO_THRESHOLD);
        return Math.min(prediction.asked().orElse(1), all ? 1 : policy.spotCheck());
    }

    private static String slice(Prediction prediction, Optional<Schema> schema, Policy policy) {
        if (schema.isEmpty()) return "";
        for (var each : policy.levels())
            try {
                if (Conditions.read(each.where(), schema.get(), List.of())
                        .test(path -> LoggedInput.value(prediction, schema.get(), path)))
                    return each.where();
            } catch (dev.davy.strict.Problem otherColumns) {
                // Tensors have no such column: then it is of no slice.
            }
        return "";
    }

    private static double worth(Prediction prediction, Optional<Schema> schema, Policy policy) {
        if (schema.isEmpty() || policy.value().isEmpty()) return 1;
        try {
            var value =
                    Conditions.value(policy.value().get(), schema.get(), List.of())
                            .value(path -> LoggedInput.value(prediction, schema.get(), path));
            return value instanceof Number number ? number.doubleValue() : 0;
        } catch (dev.davy.strict.Problem otherColumns) {
            return 1;
        }
    }

    @Override
    public boolean due() {
        if (cases.isEmpty() && truths.isEmpty())
            // Nothing was made of what was read: its place can wait.
            return System.nanoTime() - first > Duration.ofSeconds(5).toNanos();
        return cases.size() >= MOST || System.nanoTime() - first > PATIENCE.toNanos();
    }

    @Override
    public void commit(Handle transaction) {
        for (var each : cases) ReviewTable.add(transaction, each);
        for (var each : truths.entrySet()) {
            var review = ReviewTable.get(transaction, each.getKey());
            if (review.isEmpty()) continue;
            var truth = Json.object();
            review.get().truth().ifPresent(known -> truth.setAll((ObjectNode) known));
            for (var value : each.getValue().properties())
                truth.set(
                        value.getKey().isEmpty() ? output(review.get()) : value.getKey(),
                        value.getValue());
            ReviewTable.putTruth(transaction, each.getKey(), truth);
        }
    }

    /// Truth that names no output is of the only one.
    private static String output(Review review) {
        return review.answer().isEmpty()
                ? "label"
                : review.answer().propertyNames().iterator().next();
    }

    @Override
    public void committed() {
        boolean some = !cases.isEmpty();
        forget();
        if (some) reviews.recount();
    }

    @Override
    public void forget() {
        cases.clear();
        truths.clear();
        first = 0;
    }
}
