package dev.davy.data;

import dev.davy.strict.Audio;
import dev.davy.strict.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One picture or recording of a [MediaTable].
///
/// @param name below the folder that was given, with `/` between
/// @param kind by its first bytes; by its ending where these are not known, so that a damaged one
///   is not passed over
record MediaFile(Path path, String name, Kind kind) {
    private static final int FIRST = 1_024;
    private static final List<String> PICTURES =
            List.of(".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".heic");
    private static final List<String> RECORDINGS =
            List.of(".wav", ".flac", ".mp3", ".ogg", ".m4a", ".aif", ".aiff");

    enum Kind {
        PICTURE,
        RECORDING
    }

    /// Whether a path is one, or a folder in which some may be.
    static boolean worth(Path path) throws IOException {
        return Files.isDirectory(path) || Files.isRegularFile(path) && kind(path).isPresent();
    }

    /// Empty for what is neither.
    static Optional<MediaFile> of(Path path, String name) throws IOException {
        return kind(path).map(kind -> new MediaFile(path, name, kind));
    }

    private static Optional<Kind> kind(Path path) throws IOException {
        if (!Files.isReadable(path)) return byEnding(path);
        byte[] first;
        try (var in = Files.newInputStream(path)) {
            first = in.readNBytes(FIRST);
        }
        var image = Images.sniff(first);
        // A text beginning with BM is no picture because of that alone.
        if (image.isPresent() && (!image.get().equals("image/bmp") || byEnding(path).isPresent()))
            return Optional.of(Kind.PICTURE);
        if (Audio.sniff(first)
                .filter(type -> byEnding(path).isPresent() || type.contains("wav"))
                .isPresent()) return Optional.of(Kind.RECORDING);
        return byEnding(path);
    }

    private static Optional<Kind> byEnding(Path path) {
        var name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        if (PICTURES.stream().anyMatch(name::endsWith)) return Optional.of(Kind.PICTURE);
        if (RECORDINGS.stream().anyMatch(name::endsWith)) return Optional.of(Kind.RECORDING);
        return Optional.empty();
    }
}
