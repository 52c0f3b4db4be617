package dev.davy.runtime;

import dev.davy.strict.Limits;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What an ONNX file says of itself, read without loading it.
///
/// @param irVersion version of the file format
/// @param opsets version of each operator set, by domain; the standard one is `ai.onnx`
/// @param producer who wrote the file, as it says
/// @param signature inputs and outputs; sequences of maps appear as `FP32` `[N, classes]`
/// @param classes labels, in class order, by the name of an output that is scored per class or is a
///   label
/// @param external files beside the model that hold its weights
/// @param valueDependent whether the value of an input can decide how much memory or time a run
///   takes
/// @param because where: one sentence for each such operator
@SuppressWarnings("DoNotCallSuggester")
public record Inspection(
        long irVersion,
        Map<String, Long> opsets,
        String producer,
        Signature signature,
        Map<String, List<String>> classes,
        List<String> external,
        boolean valueDependent,
        List<String> because) {

    /// Reads the file; nothing in it is run, and nothing beside it is opened.
    ///
    /// @throws dev.davy.strict.Problem `UNACCEPTABLE` when it is not an ONNX model or one that is
    ///   not run here
    public static Inspection of(Path onnx, Limits limits) {
        throw new IllegalStateException("not there yet");
    }
}
