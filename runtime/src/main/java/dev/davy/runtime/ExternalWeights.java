package dev.davy.runtime;

import dev.davy.runtime.onnx.OnnxFile.Weights;
import dev.davy.runtime.onnx.Refused;
import dev.davy.strict.Problem;
import dev.davy.strict.SafePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checks weights that a model file keeps in other files: only right beside it, under a plain name,
/// and only where these files came with it.
final class ExternalWeights {
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private final Optional<Path> folder;
    private final Set<String> files = new TreeSet<>();

    /// @param folder where the model and its files lie; empty for a model by itself
    ExternalWeights(Optional<Path> folder) {
        this.folder = folder;
    }

    /// The names of all files seen so far.
    Set<String> files() {
        return files;
    }

    /// Throws unless these weights are in the model file, or in one that belongs to it.
    void check(Weights weights) {
        if (weights.external().isEmpty()) return;
        var where = weights.external().get();
        var name = Refused.shown(weights.name());
        var location = where.getOrDefault("location", "");
        // The place is not repeated: it may be a path of this very machine.
        if (!PLAIN_NAME.matcher(location).matches())
            throw outside("Weights " + name + " lie in external data outside the bundle.");
        if (folder.isEmpty())
            throw outside(
                    "Weights "
                            + name
                            + " lie in "
                            + Refused.shown(location)
                            + ": external data, which is not part of a single file.");
        var file = plain(folder.get(), location);
        if (file == null || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
            throw outside(
                    "Weights "
                            + name
                            + " lie in "
                            + Refused.shown(location)
                            + ", which is not in the bundle.");
        range(where, name, location, file);
        files.add(location);
    }

    private static @Nullable Path plain(Path folder, String name) {
        try {
            return SafePath.inside(folder, name);
        } catch (Problem linkLeadingOut) {
            return null;
        }
    }

    private static void range(Map<String, String> where, String name, String location, Path file) {
        try {
            long size = Files.size(file);
            long offset = number(where, "offset", 0);
            long length = number(where, "length", Math.max(0, size - offset));
            if (offset < 0 || length < 0 || offset > size || length > size - offset)
                throw outside(
                        "Weights %s claim %d bytes at %d of %s, which has %d."
                                .formatted(name, length, offset, Refused.shown(location), size));
        } catch (NumberFormatException e) {
            throw outside("Weights " + name + " have an offset or length that is no number.");
        } catch (IOException e) {
            throw outside("Weights " + name + " cannot be read.");
        }
    }

    private static long number(Map<String, String> where, String key, long orElse) {
        var text = where.get(key);
        return text == null ? orElse : Long.parseLong(text);
    }

    private static Problem outside(String why) {
        return Refused.because(
                "external-data",
                why,
                "Put the file beside the model in the bundle, under a plain name, or save the model with all weights inside.");
    }
}
