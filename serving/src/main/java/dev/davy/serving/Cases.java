package dev.davy.serving;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the log says, beside a prediction, of its being a case for a person.
public final class Cases {
    private static final String WHY = "review";
    private static final String LEVEL = "level";
    private static final String ANSWER = "answer";
    private static final String CONFIDENCE = "answer-confidence";

    private Cases() {}

    /// @param outputs what the model said, which is kept where it did not decide
    static Map<String, String> extra(
            Map<String, String> others,
            @Nullable Deciding deciding,
            Map<String, ? extends @Nullable Object> outputs,
            OptionalDouble confidence) {
        if (deciding == null || !deciding.isSeen()) return others;
        var extra = new LinkedHashMap<>(others);
        extra.put(WHY, deciding.why());
        extra.put(LEVEL, deciding.level());
        if (!deciding.alone() && !outputs.isEmpty()) {
            var json = Json.object();
            outputs.forEach((name, value) -> json.set(name, PredictionJson.value(value)));
            extra.put(ANSWER, Json.text(json));
            if (confidence.isPresent())
                extra.put(CONFIDENCE, Double.toString(confidence.getAsDouble()));
        }
        return extra;
    }

    /// Why a person sees a prediction; empty: nobody does.
    public static Optional<String> why(Prediction prediction) {
        return Optional.ofNullable(prediction.extra().get(WHY));
    }

    /// The automation level it was asked at.
    public static String level(Prediction prediction) {
        return prediction.extra().getOrDefault(LEVEL, "");
    }

    /// Whether a person's word is to count, and not the model's: as long as there is none, a
    /// harmless or provisional answer may stand for it.
    public static boolean isForPeople(Prediction prediction) {
        var by = prediction.decision().by();
        return by.equals(InReview.WAITING)
                || by.equals(InReview.SAFE)
                || prediction.extra().containsKey(ANSWER);
    }

    /// What the model said of a prediction, whoever decided it.
    public static Map<String, @Nullable Object> answer(Prediction prediction) {
        var text = prediction.extra().get(ANSWER);
        if (text == null) return prediction.decision().outputs();
        var answer = new LinkedHashMap<String, @Nullable Object>();
        for (var each :
                Json.read(text.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT).properties())
            answer.put(each.getKey(), value(each.getValue()));
        return answer;
    }

    /// How sure the model was, whoever decided it.
    public static OptionalDouble confidence(Prediction prediction) {
        var text = prediction.extra().get(CONFIDENCE);
        return text == null
                ? prediction.decision().confidence()
                : OptionalDouble.of(Double.parseDouble(text));
    }

    private static @Nullable Object value(JsonNode json) {
        if (json.isNull()) return null;
        if (json.isString()) return json.stringValue();
        if (json.isNumber()) return json.doubleValue();
        if (json.isBoolean()) return json.booleanValue();
        return json;
    }
}
