package dev.davy.runtime.onnx;

import dev.davy.strict.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// Recognises by their first bytes files that people send in place of an ONNX model.
public final class Sniff {
    private static final int LOOK = 512;

    private Sniff() {}

    /// Why this is surely no ONNX file; empty when it may be one.
    public static Optional<Problem> notOnnx(ByteBuffer file) {
        if (!file.hasRemaining())
            return Optional.of(
                    Refused.because(
                            "not-an-onnx-model",
                            "It is not an ONNX model: the file is empty.",
                            "Send the model file again."));
        var head = new byte[Math.min(LOOK, file.remaining())];
        file.get(file.position(), head);
        var text = new String(head, StandardCharsets.ISO_8859_1);
        var trimmed = text.stripLeading().toLowerCase(Locale.ROOT);
        if (trimmed.startsWith("version https://git-lfs"))
            return no("a Git LFS pointer", "Fetch the real file (git lfs pull) and send that.");
        if (trimmed.startsWith("<")) return no(markup(trimmed), "Send the ONNX file itself.");
        if (starts(head, 0xAC, 0xED)) return no("a serialized Java object", CONVERT);
        if (head.length > 1 && head[0] == (byte) 0x80 && head[1] >= 2 && head[1] <= 5)
            return no("a Python pickle", CONVERT);
        if (isTextPickle(text)) return no("a Python pickle", CONVERT);
        if (starts(head, 0x89, 'H', 'D', 'F')) return no("an HDF5 file (Keras)", CONVERT);
        if (starts(head, 'P', 'K', 3, 4))
            return no(
                    "a ZIP archive (a bundle, a PyTorch or Keras file)",
                    "Send a bundle as application/zip; convert other models to ONNX.");
        if (starts(head, 0x1F, 0x8B))
            return no("gzip-compressed", "Send it unpacked, or a bundle as application/gzip.");
        if (text.startsWith("TFL3", 4)) return no("a TensorFlow Lite model", CONVERT);
        if (trimmed.startsWith("{") || trimmed.startsWith("[")) return no("a JSON text", CONVERT);
        if (starts(head, 0x7F, 'E', 'L', 'F') || starts(head, 'M', 'Z', 0x90))
            return no("a program", "Send an ONNX model.");
        return Optional.empty();
    }

    private static final String CONVERT =
            "Convert the model to ONNX (torch.onnx, tf2onnx, skl2onnx, onnxmltools): only formats that are pure data are read here.";

    private static String markup(String text) {
        if (text.contains("<pmml") || text.contains("dmg.org/pmml")) return "a PMML document";
        if (text.contains("<html") || text.contains("<!doctype html")) return "an HTML page";
        return "an XML or HTML text";
    }

    private static boolean isTextPickle(String text) {
        return text.startsWith("(dp")
                || text.startsWith("(lp")
                || text.startsWith("ccopy_reg\n")
                || text.matches("(?s)\\(?c[A-Za-z_.]{1,60}\\n[A-Za-z_.]{1,60}\\n.*");
    }

    private static Optional<Problem> no(String what, String todo) {
        return Optional.of(
                Refused.because(
                        "not-an-onnx-model", "It is not an ONNX model but " + what + ".", todo));
    }

    private static boolean starts(byte[] head, int... magic) {
        if (head.length < magic.length) return false;
        for (int at = 0; at < magic.length; at++) if (head[at] != (byte) magic[at]) return false;
        return true;
    }
}
