package dev.davy.strict;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// The only place where a text becomes part of a path.
///
/// Files are stored under names that the server made (ids, digests, versions), so a text that does
/// not look like one is a bug of ours, or an attack that came further than it should: never a path.
public final class SafePath {
    private static final int LONGEST = 200;

    private SafePath() {}

    /// The file or folder of this name directly in the folder. Neither the name nor a symbolic link
    /// of that name can lead out of it. The file need not exist.
    ///
    /// @param root an existing folder of ours
    /// @param name `[A-Za-z0-9_][A-Za-z0-9._+=-]{0,199}`
    /// @throws Problem `path-not-allowed`
    public static Path inside(Path root, String name) {
        if (!isPlain(name)) throw notAllowed(name);
        var path = root.resolve(name);
        if (Files.isSymbolicLink(path) && leadsOutOf(root, path)) throw notAllowed(name);
        return path;
    }

    /// As [#inside], in the folder in which this file lies.
    public static Path beside(Path file, String name) {
        var parent = file.toAbsolutePath().getParent();
        if (parent == null) throw new IllegalArgumentException("a root has nothing beside it");
        return inside(parent, name);
    }

    private static boolean isPlain(String name) {
        if (name.isEmpty() || name.length() > LONGEST) return false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter =
                    c >= 'a' && c <= 'z'
                            || c >= 'A' && c <= 'Z'
                            || c >= '0' && c <= '9'
                            || c == '_';
            if (!letter && (i == 0 || c != '.' && c != '+' && c != '-' && c != '=')) return false;
        }
        return true;
    }

    private static boolean leadsOutOf(Path root, Path link) {
        try {
            if (!Files.exists(link)) return true;
            return !link.toRealPath().startsWith(root.toRealPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether this is a plain file that is there, and not a link to one.
    public static boolean isFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static Problem notAllowed(String name) {
        return new Problem(
                Problem.Kind.MALFORMED,
                "path-not-allowed",
                Quote.of(name) + " cannot be the name of a file here.",
                "Files are kept under plain names of 1 to 200 letters, digits, '.', '_', '+', '-' and '='.",
                "Use the id or digest that the server gave you.");
    }
}
