package dev.davy.runtime;

import dev.davy.runtime.ort.Library;
import dev.davy.runtime.ort.Ort;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// ONNX models, by ONNX Runtime.
public final class Onnx {
    private Onnx() {}

    /// The native library's file, for children: this process has it in memory once it is loaded.
    private static @Nullable Path library;

    /// Says where the native library is kept, unpacked once under its digest. To be called before
    /// the first model is opened; without it, a folder of this user's below the temporary one. When
    /// the file that was named before is still there, nothing happens.
    public static synchronized void natives(Path folder) {
        // Of two data folders that a process has opened, the first may be gone by now.
        if (present() != null) return;
        try {
            var file = Library.unpack(folder);
            if (!Ort.ready()) Ort.use(file);
            library = file;
        } catch (IOException e) {
            throw new UncheckedIOException("ONNX Runtime's library cannot be unpacked", e);
        }
    }

    /// The native library's file, unpacked if it has not been.
    static synchronized Path library() {
        var file = present();
        if (file != null) return file;
        try {
            natives(Library.ownFolder());
        } catch (IOException e) {
            throw new UncheckedIOException("ONNX Runtime's library cannot be unpacked", e);
        }
        return Objects.requireNonNull(library);
    }

    private static @Nullable Path present() {
        var file = library != null ? library : Ort.ready() ? Ort.library() : null;
        return file != null && Files.isRegularFile(file) ? file : null;
    }

    /// Opens the model of a tried bundle, where its isolation says.
    public static Model open(Bundle bundle, Trial.Report report) {
        return open(bundle, report, Isolation.AUTO);
    }

    /// Opens the model of a tried bundle in this process or in a child; `AUTO` as the bundle says.
    ///
    /// @throws dev.davy.strict.Problem `UNACCEPTABLE` when it cannot be loaded, `UNAVAILABLE` when
    ///   a child cannot be started
    public static Model open(Bundle bundle, Trial.Report report, Isolation isolation) {
        return switch (resolve(bundle, isolation)) {
            case CHILD -> Isolated.open(bundle, report);
            case IN_PROCESS, AUTO -> {
                library();
                yield new OnnxModel(
                        bundle.model(),
                        report.signature(),
                        bundle.inspection(),
                        forms(report.signature(), bundle.batch(), Set.of()),
                        report.batches());
            }
        };
    }

    private static Isolation resolve(Bundle bundle, Isolation asked) {
        if (asked != Isolation.AUTO) return asked;
        if (bundle.isolation() != Isolation.AUTO) return bundle.isolation();
        return bundle.inspection().valueDependent() ? Isolation.CHILD : Isolation.IN_PROCESS;
    }

    /// Opens a model file that is trusted, in this process. It is not tried and does not batch.
    ///
    /// @throws dev.davy.strict.Problem `UNACCEPTABLE` when it cannot be loaded
    public static Model open(Path file) {
        return open(file, Inspection.of(file, Limits.DEFAULT, true), true);
    }

    static OnnxModel open(Path file, Inspection inspection, boolean follow) {
        library();
        var signature = inspection.signature();
        return new OnnxModel(
                file, signature, inspection, forms(signature, follow, inspection.open()), false);
    }

    /// What is known of the outputs' shapes. Where all inputs have a leading axis that varies, it
    /// is taken for the rows, and each output that has one too must have as many.
    static List<OutputForm> forms(Signature signature, boolean follow, Set<String> open) {
        boolean rows = follow && signature.inputsLead();
        return signature.outputs().stream()
                .map(spec -> {
                    boolean ranked = !open.contains(spec.name());
                    return new OutputForm(spec, rows && ranked && spec.leads(), ranked);
                })
                .toList();
    }
}
