package dev.davy.cli;

import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// What a person pushes, as one file to send: a folder is packed into an archive first.
///
/// @param passing whether the file is ours and deleted after sending
record BundleFile(Path file, String contentType, boolean passing) implements AutoCloseable {
    // A folder of the same files gives the same bytes, whenever and wherever it is packed.
    private static final LocalDateTime ALWAYS = LocalDateTime.of(1980, 1, 1, 0, 0);
    private static final int MOST_FILES = 1_000;

    static BundleFile of(Path from) throws IOException {
        if (Files.isDirectory(from)) return packed(from);
        var name = from.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".zip")) return new BundleFile(from, "application/zip", false);
        if (name.endsWith(".tar.gz") || name.endsWith(".tgz"))
            return new BundleFile(from, "application/gzip", false);
        return new BundleFile(from, "application/octet-stream", false);
    }

    private static BundleFile packed(Path folder) throws IOException {
        List<Path> files;
        try (var all = Files.walk(folder)) {
            files =
                    all.filter(Files::isRegularFile)
                            .filter(file -> !hidden(folder.relativize(file)))
                            .sorted()
                            .limit(MOST_FILES + 1L)
                            .toList();
        }
        if (files.isEmpty() || files.size() > MOST_FILES)
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "folder-not-a-bundle",
                    "'" + folder + "' is not a model's folder.",
                    files.isEmpty()
                            ? "It holds no files."
                            : "It holds more than " + MOST_FILES + " files.",
                    "Push the folder that holds model.yaml or the .onnx file, and nothing else.");
        var archive = Files.createTempFile("davy-bundle-", ".zip");
        try (var zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (var file : files) {
                var entry = new ZipEntry(folder.relativize(file).toString().replace('\\', '/'));
                entry.setTimeLocal(ALWAYS);
                zip.putNextEntry(entry);
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
        return new BundleFile(archive, "application/zip", true);
    }

    private static boolean hidden(Path inside) {
        for (var part : inside) if (part.toString().startsWith(".")) return true;
        return false;
    }

    @Override
    public void close() throws IOException {
        if (passing) Files.deleteIfExists(file);
    }
}
