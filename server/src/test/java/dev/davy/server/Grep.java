package dev.davy.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Looks for a text in every file of a folder, as bytes: what must not be kept is in none of them.
public final class Grep {
    private Grep() {}

    /// The files that hold the text in UTF-8, UTF-16 or hexadecimal.
    public static List<Path> files(Path folder, String text) throws IOException {
        var utf8 = text.getBytes(StandardCharsets.UTF_8);
        var forms =
                List.of(
                        utf8,
                        text.getBytes(StandardCharsets.UTF_16LE),
                        text.getBytes(StandardCharsets.UTF_16BE),
                        HexFormat.of().formatHex(utf8).getBytes(StandardCharsets.US_ASCII));
        return anyOf(
                folder,
                forms.stream().map(form -> new String(form, StandardCharsets.ISO_8859_1)).toList());
    }

    /// The files that hold these bytes, each written as the character of its number.
    public static List<Path> bytes(Path folder, String latin1) throws IOException {
        return anyOf(folder, List.of(latin1));
    }

    private static List<Path> anyOf(Path folder, List<String> forms) throws IOException {
        var found = new ArrayList<Path>();
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                var bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                if (forms.stream().anyMatch(bytes::contains)) found.add(file);
            }
        }
        return found;
    }
}
