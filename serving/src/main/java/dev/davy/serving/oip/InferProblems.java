package dev.davy.serving.oip;

import dev.davy.strict.Problem;

/// The mistakes that callers of the infer call make.
final class InferProblems {
    private InferProblems() {}

    static Problem bad(String code, String what, String why, String todo) {
        return new Problem(Problem.Kind.MALFORMED, code, what, why, todo);
    }

    /// Published sample clients test for the beginning of this text.
    static Problem unknownModel(String name) {
        return new Problem(
                Problem.Kind.NOT_FOUND,
                "endpoint-unknown",
                "Request for unknown model: '" + name + "' is not found.",
                "There is no endpoint of this name.",
                "See the endpoints with: davy get endpoint");
    }

    static Problem unknownVersion(String name, String version) {
        return new Problem(
                Problem.Kind.NOT_FOUND,
                "version-not-served",
                "Request for unknown model: '" + name + "' version '" + version + "' is not found.",
                "The endpoint does not serve this version.",
                "Leave the version out, or see what is served with: davy get endpoint " + name);
    }

    static Problem notReady(String name) {
        return new Problem(
                Problem.Kind.UNAVAILABLE,
                "endpoint-not-ready",
                "Endpoint '" + name + "' is not ready.",
                "No arm of it is loaded.",
                "Load it, or see why with: davy get endpoint " + name);
    }
}
