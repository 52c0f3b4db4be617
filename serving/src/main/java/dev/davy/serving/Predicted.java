package dev.davy.serving;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a caller gets for one row.
///
/// @param id of the prediction: what feedback names
/// @param arm that answered
/// @param version what stood behind it: `scratch/7`
/// @param outputs by name: `String`, `Double`, `Long`, `float[]`, `List<String>`; null where the
///   component that says it was skipped
/// @param scores of each class, in class order, for outputs that have them
/// @param confidence as the model's bundle means it
/// @param review that a person is to decide it; empty: the model did
public record Predicted(
        UUID id,
        Arm.Role arm,
        String version,
        Map<String, @Nullable Object> outputs,
        Map<String, double[]> scores,
        OptionalDouble confidence,
        Optional<InReview> review) {
    public Predicted {
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
    }

    /// Whether nobody has answered yet.
    public boolean waits() {
        return review.isPresent() && review.get().waits();
    }

    /// The same with what people decided.
    public Predicted with(Decided decided) {
        return new Predicted(
                id,
                arm,
                version,
                new LinkedHashMap<>(decided.outputs()),
                Map.of(),
                OptionalDouble.empty(),
                review.map(each -> new InReview(each.why(), decided.by())));
    }
}
