package dev.davy.registry;

import dev.davy.strict.Archives;
import dev.davy.strict.Limits;
import dev.davy.strict.SafePath;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/// What was pushed, laid out in a folder of its own that is deleted when the parcel is closed.
///
/// @param root where the bundle's files lie
record Parcel(Path folder, Path root, BundleFiles files) implements AutoCloseable {
    private static final String MODEL = "model.onnx";

    /// Unpacks an archive (seen by its first bytes), takes a folder as it is, and puts a single
    /// file into a folder, where its name is always the same: it is not part of what the model is.
    ///
    /// @throws dev.davy.strict.Problem UNACCEPTABLE, what [Archives] says
    static Parcel open(Path fileOrFolder, Path temporary, Limits limits) throws IOException {
        var folder = Files.createTempDirectory(temporary, "push-");
        try {
            var root = Files.createDirectory(SafePath.inside(folder, "bundle"));
            if (Files.isDirectory(fileOrFolder)) copy(fileOrFolder, root);
            else if (isArchive(fileOrFolder)) {
                Archives.unpack(fileOrFolder, root, limits);
                root = onlyFolderIn(root);
            } else Materials.linkOrCopy(fileOrFolder, SafePath.inside(root, MODEL));
            return new Parcel(folder, root, BundleFiles.in(root));
        } catch (IOException | RuntimeException e) {
            Materials.delete(folder);
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        Materials.delete(folder);
    }

    private static boolean isArchive(Path file) throws IOException {
        byte[] first;
        try (var in = Files.newInputStream(file)) {
            first = in.readNBytes(4);
        }
        boolean zip = first.length == 4 && first[0] == 'P' && first[1] == 'K' && first[2] < 8;
        boolean gzip = first.length == 4 && (first[0] & 0xFF) == 0x1F && (first[1] & 0xFF) == 0x8B;
        return zip || gzip;
    }

    /// Who packs a folder often packs the folder itself, not what is in it.
    private static Path onlyFolderIn(Path root) throws IOException {
        try (var inside = Files.list(root)) {
            var all = inside.limit(2).toList();
            return all.size() == 1 && Files.isDirectory(all.getFirst()) ? all.getFirst() : root;
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes is)
                            throws IOException {
                        Files.createDirectories(target(path));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path path, BasicFileAttributes is)
                            throws IOException {
                        // A link is copied as a link, and then refused with the other odd files.
                        Files.copy(path, target(path), java.nio.file.LinkOption.NOFOLLOW_LINKS);
                        return FileVisitResult.CONTINUE;
                    }

                    private Path target(Path path) {
                        var target = to;
                        for (var part : from.relativize(path))
                            if (!part.toString().isEmpty())
                                target = BundleFiles.file(target, part.toString());
                        return target;
                    }
                });
    }
}
