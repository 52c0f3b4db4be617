package dev.davy.serving;

import java.util.LinkedHashMap;
import java.util.Map;

/// An arm failed, and another answered in its place within the same request.
///
/// @param failed the role whose answer was wanted
/// @param failure the code of what went wrong
/// @param nanos that the failed arm took
public record Instead(Arm.Role failed, String failure, long nanos) {
    private static final String FAILURE = "-failure";
    private static final String NANOS = "-nanos";

    /// What the log keeps of it beside the prediction: `candidate-failure` and `candidate-nanos`.
    Map<String, String> extra() {
        var extra = new LinkedHashMap<String, String>();
        extra.put(failed.word() + FAILURE, failure);
        extra.put(failed.word() + NANOS, Long.toString(nanos));
        return extra;
    }

    /// Whether another arm answered a prediction than was to.
    public static boolean is(Prediction prediction) {
        return prediction.extra().containsKey(prediction.assigned().word() + FAILURE);
    }

    /// Why the arm that answered did.
    String reason() {
        return "instead of " + failed.word() + ", which failed: " + failure;
    }
}
