package dev.davy.runtime.onnx;

import dev.davy.strict.Problem;

/// Why a file is not taken as a model.
public final class Refused {
    private Refused() {}

    public static Problem because(String code, String why, String todo) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE, code, "The file cannot be taken as a model.", why, todo);
    }

    static Problem damaged(String why) {
        return because(
                "not-an-onnx-model",
                "It is not an ONNX model, or a damaged one: " + why + ".",
                "Check the file with onnx.checker and send it again, as it is.");
    }

    static Problem tooMuch(String why) {
        return because(
                "model-too-complex",
                why + ".",
                "Simplify the model (onnxsim, constant folding) and export it again.");
    }

    /// A name from the file, cut and without control characters, for a message.
    public static String shown(String name) {
        var cut = name.length() > 80 ? name.substring(0, 80) + "…" : name;
        var text = new StringBuilder("'");
        for (int at = 0; at < cut.length(); at++) {
            char c = cut.charAt(at);
            if (Character.isISOControl(c)) text.append("\\u%04x".formatted((int) c));
            else text.append(c);
        }
        return text.append('\'').toString();
    }
}
