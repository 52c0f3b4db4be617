package dev.davy.runtime;

import dev.davy.runtime.onnx.Refused;
import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import dev.davy.strict.SafePath;
import dev.davy.strict.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Finds the model file and its descriptor in what a person pushed.
///
/// @param folder where they lie; empty for a single file
record BundleFolder(Optional<Path> folder, Path file, Limits limits) {
    private static final String DESCRIPTOR = "model.yaml";
    private static final String WHAT = "The bundle cannot be taken.";

    static BundleFolder of(Path folderOrFile, Limits limits) {
        if (Files.isDirectory(folderOrFile))
            return new BundleFolder(Optional.of(inner(folderOrFile)), folderOrFile, limits);
        return new BundleFolder(Optional.empty(), folderOrFile, limits);
    }

    /// People pack the folder itself rather than what is in it.
    private static Path inner(Path folder) {
        var inside = list(folder);
        boolean wrapped =
                inside.size() == 1
                        && Files.isDirectory(inside.getFirst(), LinkOption.NOFOLLOW_LINKS);
        return wrapped ? inside.getFirst() : folder;
    }

    private static List<Path> list(Path folder) {
        try (var inside = Files.list(folder)) {
            return inside.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Bundle read() {
        if (folder.isEmpty()) {
            var inspection = Inspection.of(file, limits);
            return new BundleReader(Fields.of(Json.object(), "The model"), file, inspection).read();
        }
        var descriptor = descriptor(folder.get());
        var model = model(folder.get(), descriptor);
        return new BundleReader(descriptor, model, Inspection.of(model, limits, true)).read();
    }

    private Fields descriptor(Path folder) {
        var file = SafePath.inside(folder, DESCRIPTOR);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
            return Fields.of(Json.object(), "The model");
        try {
            if (Files.size(file) > limits.yamlBytes())
                throw refused(DESCRIPTOR + " is over " + limits.yamlBytes() + " bytes.");
            var documents = Yaml.read(Files.readAllBytes(file), DESCRIPTOR, limits);
            if (documents.size() != 1)
                throw refused(
                        DESCRIPTOR + " holds " + documents.size() + " documents instead of one.");
            return Fields.of(documents.getFirst(), "The model");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path model(Path folder, Fields descriptor) {
        var named = descriptor.optionalText("file");
        if (named.isPresent()) {
            var file = SafePath.inside(folder, named.get());
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                throw refused(
                        DESCRIPTOR
                                + " names the file "
                                + Refused.shown(named.get())
                                + ", which is not in it.");
            return file;
        }
        var found =
                list(folder).stream()
                        .filter(each -> each.getFileName().toString().endsWith(".onnx"))
                        .filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS))
                        .toList();
        if (found.isEmpty()) throw refused("It holds no .onnx file.");
        if (found.size() > 1)
            throw refused(
                    "It holds "
                            + found.size()
                            + " .onnx files and no "
                            + DESCRIPTOR
                            + " that names one.");
        return found.getFirst();
    }

    private static Problem refused(String why) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "bundle-not-acceptable",
                WHAT,
                why,
                "Put one .onnx file and, where it says too little, one "
                        + DESCRIPTOR
                        + " with 'file:' into it.");
    }
}
