package dev.davy.runtime;

import dev.davy.runtime.ort.OrtFailure;
import dev.davy.strict.Problem;
import java.util.Locale;
import java.util.regex.Pattern;

/// What ONNX Runtime says, in our words. Its own hold paths of this machine and are never passed
/// on; what helps a caller is picked out of them.
final class Failures {
    private static final Pattern OPERATOR =
            Pattern.compile("(?:running|executing) (\\w{1,64}) node");
    private static final Pattern UNREGISTERED =
            Pattern.compile(
                    "([A-Za-z0-9_.]{0,64}):([A-Za-z0-9_]{1,64})\\((-?\\d+)\\) is not a registered");
    private static final Pattern NOT_REGISTERED =
            Pattern.compile("No Op registered for (\\w{1,64}) with domain_version of (\\d+)");
    private static final Pattern ATTRIBUTE =
            Pattern.compile("Required attribute '(\\w{1,64})' is missing");
    private static final Pattern UNIMPLEMENTED =
            Pattern.compile("implementation for ([A-Za-z0-9_.]{1,64})\\((\\d+)\\)");
    private static final Pattern IR_VERSION =
            Pattern.compile(
                    "Unsupported model IR version: (\\d+), max supported IR version: (\\d+)");
    private static final Pattern OPSET =
            Pattern.compile(
                    "Opset (\\d+) is under development and support for this is limited"
                            + "|for domain ([a-z.]*) is till opset (\\d+)");

    private Failures() {}

    /// A run that failed.
    static Problem run(OrtFailure failure) {
        var message = failure.message();
        var lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("allocate memory")
                || lower.contains("bad_alloc")
                || lower.contains("bad allocation"))
            return failed("It asked for more memory than it may have" + where(message) + ".");
        if (lower.contains("out of bounds")
                || lower.contains("out of data bounds")
                || lower.contains("out of range"))
            return failed("An index is out of range" + where(message) + ".");
        if (lower.contains("invalid dimensions for input")
                || lower.contains("invalid rank for input"))
            return failed("It does not take inputs of this shape, though it declares so.");
        return failed("ONNX Runtime reports error " + failure.code() + where(message) + ".");
    }

    private static String where(String message) {
        var operator = OPERATOR.matcher(message);
        return operator.find() ? " in operator " + operator.group(1) : "";
    }

    static Problem failed(String why) {
        return new Problem(
                Problem.Kind.MODEL_FAILED,
                "model-failed",
                "The model failed on this request.",
                why,
                "Compare the inputs with those the model was trained on; other requests are served.");
    }

    static Problem broken(String how) {
        return new Problem(
                Problem.Kind.MODEL_FAILED,
                "model-broke-contract",
                "The model returned something else than it declares.",
                Character.toUpperCase(how.charAt(0)) + how.substring(1) + ".",
                "Repair the model or what its file declares, and push it again.");
    }

    static Problem late() {
        return new Problem(
                Problem.Kind.DEADLINE,
                "deadline-exceeded",
                "The model did not answer in time.",
                "The request's deadline passed and the run was ended.",
                "Allow more time, send fewer rows at once, or use a faster model.");
    }

    static Problem closed() {
        return new Problem(
                Problem.Kind.UNAVAILABLE,
                "model-closed",
                "The model is being closed.",
                "It was replaced or removed while this request was on its way.",
                "Ask again.");
    }

    /// A model that could not be loaded.
    static Problem load(OrtFailure failure) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "model-not-loadable",
                "The model cannot be loaded.",
                whyNotLoaded(failure),
                "Check the file with onnx.checker, export it for an older operator set, or in full precision.");
    }

    private static String whyNotLoaded(OrtFailure failure) {
        var message = failure.message();
        var unregistered = UNREGISTERED.matcher(message);
        if (unregistered.find())
            return "Operator '"
                    + unregistered.group(2)
                    + "'"
                    + (unregistered.group(1).isEmpty()
                            ? ""
                            : " of domain '" + unregistered.group(1) + "'")
                    + " is not known to ONNX Runtime.";
        var notRegistered = NOT_REGISTERED.matcher(message);
        if (notRegistered.find())
            return "Operator '"
                    + notRegistered.group(1)
                    + "' is not in version "
                    + notRegistered.group(2)
                    + " of its operator set.";
        var attribute = ATTRIBUTE.matcher(message);
        if (attribute.find())
            return "An operator lacks its attribute '" + attribute.group(1) + "'.";
        var unimplemented = UNIMPLEMENTED.matcher(message);
        if (unimplemented.find())
            return "Operator '"
                    + unimplemented.group(1)
                    + "' of version "
                    + unimplemented.group(2)
                    + " is not implemented for these element types.";
        var version = IR_VERSION.matcher(message);
        if (version.find())
            return "Its format has IR version "
                    + version.group(1)
                    + "; the newest known is "
                    + version.group(2)
                    + ".";
        var opset = OPSET.matcher(message);
        if (opset.find()) return "Its operator set is newer than ONNX Runtime knows.";
        var lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("external"))
            return "Weights that the file keeps outside itself are not there or too short.";
        if (lower.contains("bad_alloc") || lower.contains("allocate memory"))
            return "Loading it takes more memory than it may have.";
        if (lower.contains("cycle") || lower.contains("acyclic")) return "Its graph has a cycle.";
        if (lower.contains("duplicate")) return "Its graph defines a name twice.";
        if (lower.contains("is not a graph input") || lower.contains("does not exist in the graph"))
            return "Its graph uses a value that nothing makes.";
        if (lower.contains("type error")
                || lower.contains("shape inference")
                || lower.contains("shapeinference")
                || lower.contains("typeinference")
                || lower.contains("type inference"))
            return "Types or shapes in its graph contradict each other.";
        if (lower.contains("protobuf")) return "The file is damaged.";
        return "ONNX Runtime reports error " + failure.code() + " for its graph.";
    }
}
