package dev.davy.runtime.ort;

import dev.davy.strict.SafePath;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/// The native library inside the published Java artifact.
public final class Library {
    private Library() {}

    /// Unpacks the library for this machine into the folder unless it is already there, and gives
    /// its file.
    ///
    /// The file is named by size and checksum of what is in the artifact and appears by renaming,
    /// so one that is there is whole.
    ///
    /// @throws IOException also when the artifact holds none for this machine
    public static Path unpack(Path folder) throws IOException {
        var resource = "/ai/onnxruntime/native/" + platform() + "/" + fileName();
        var url = Library.class.getResource(resource);
        if (url == null) throw new IOException("ONNX Runtime holds no library for " + platform());
        Files.createDirectories(folder);
        var home = SafePath.inside(folder, "onnxruntime-" + identity(url));
        var file = SafePath.inside(home, fileName());
        if (Files.isRegularFile(file)) return file;
        Files.createDirectories(home);
        var part = Files.createTempFile(home, "unpacking", "");
        try (var in = url.openStream()) {
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            part.toFile().setExecutable(true);
            move(part, file);
        } finally {
            Files.deleteIfExists(part);
        }
        return file;
    }

    private static void move(Path part, Path file) throws IOException {
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException | FileAlreadyExistsException e) {
            // Another process was faster, and on this system holds the file open: it is the same.
            if (!Files.isRegularFile(file)) throw e;
        }
    }

    /// A folder of this user's alone, for whoever named none.
    ///
    /// @throws IOException when somebody else has made it before us
    public static Path ownFolder() throws IOException {
        var parent = Path.of(System.getProperty("java.io.tmpdir"));
        var name = System.getProperty("user.name", "user").replaceAll("[^A-Za-z0-9_-]", "_");
        var folder = SafePath.inside(parent, "davy-natives-" + name);
        boolean posix = parent.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (!posix) return Files.createDirectories(folder);
        var mine = PosixFilePermissions.fromString("rwx------");
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(mine));
        } catch (FileAlreadyExistsException e) {
            // Whoever else can write there could make this process run their code.
            boolean ours =
                    Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                            && Files.getPosixFilePermissions(folder).equals(mine)
                            && Files.getOwner(folder).equals(Files.getOwner(home()));
            if (!ours) return Files.createTempDirectory("davy-natives");
        }
        return folder;
    }

    private static Path home() throws IOException {
        var probe = Files.createTempFile("davy", "");
        probe.toFile().deleteOnExit();
        return probe;
    }

    private static String identity(URL url) throws IOException {
        if (url.openConnection() instanceof JarURLConnection jar) {
            var entry = jar.getJarEntry();
            return platform() + "-%d-%08x".formatted(entry.getSize(), entry.getCrc());
        }
        var connection = url.openConnection();
        try (var _ = connection.getInputStream()) {
            return platform()
                    + "-%d-%x"
                            .formatted(
                                    connection.getContentLengthLong(),
                                    connection.getLastModified());
        }
    }

    private static String platform() {
        var os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        var arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        var system = os.contains("win") ? "win" : os.contains("mac") ? "osx" : "linux";
        return system + (arch.equals("aarch64") || arch.equals("arm64") ? "-aarch64" : "-x64");
    }

    private static String fileName() {
        var platform = platform();
        if (platform.startsWith("win")) return "onnxruntime.dll";
        return platform.startsWith("osx") ? "libonnxruntime.dylib" : "libonnxruntime.so";
    }
}
