package dev.davy.strict;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What an archive says it holds, checked entry by entry against the rules for names and the
/// limits.
final class ArchiveListing {
    /// Below this an archive may be packed as tightly as it likes: a small model of zeros is no
    /// attack.
    private static final long ALWAYS_ALLOWED = 1 << 20;

    private static final int LONGEST_NAME = 512;
    private static final int LONGEST_PART = 255;

    /// Names of devices on Windows, with any extension.
    private static final Set<String> DEVICES =
            Set.of(
                    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6",
                    "com7", "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7",
                    "lpt8", "lpt9");

    private final Limits limits;
    private final long packedBytes;
    private int entries;
    private long bytes;

    /// What was seen, in the form in which file systems compare names, and how it was spelled.
    private final Map<String, String> files = new HashMap<>();

    private final Map<String, String> folders = new HashMap<>();

    ArchiveListing(Limits limits, long packedBytes) {
        this.limits = limits;
        this.packedBytes = packedBytes;
    }

    /// Counts an entry; its name must have passed [#name] before.
    void add(String name, boolean folder, long size) {
        if (++entries > limits.archiveEntries())
            throw tooLarge("It has more than " + limits.archiveEntries() + " entries.");
        if (size < 0 || bytes + size > limits.archiveBytes())
            throw tooLarge("Unpacked it has more than " + limits.archiveBytes() + " bytes.");
        bytes += size;
        if (bytes > ALWAYS_ALLOWED && bytes / limits.archiveRatio() > packedBytes)
            throw tooLarge(
                    "Unpacked it is more than "
                            + limits.archiveRatio()
                            + " times as large as packed.");
        var parts = name.split("/");
        var path = new StringBuilder();
        for (int i = 0; i < parts.length; i++) {
            path.append(i == 0 ? "" : "/").append(parts[i]);
            var spelled = path.toString();
            var compared = compared(spelled);
            boolean last = i == parts.length - 1;
            if (last && !folder) {
                if (files.put(compared, spelled) != null || folders.containsKey(compared))
                    throw notAllowed(
                            name,
                            "another entry has the same name, or one that some systems think the same");
            } else {
                var known = folders.put(compared, spelled);
                if (files.containsKey(compared) || known != null && !known.equals(spelled))
                    throw notAllowed(
                            name,
                            "another entry has the same name, or one that some systems think the same");
            }
        }
    }

    /// The name without a slash at its end, if it may be used.
    String name(byte[] utf8) {
        if (utf8.length > 4 * LONGEST_NAME)
            throw notAllowed("…", "a name is longer than " + LONGEST_NAME + " characters");
        if (Utf8.firstBroken(utf8, 0, utf8.length) < utf8.length)
            throw notAllowed(
                    new String(utf8, StandardCharsets.ISO_8859_1), "the name is not UTF-8");
        var text = new String(utf8, StandardCharsets.UTF_8);
        var name = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        if (name.length() > LONGEST_NAME)
            throw notAllowed(name, "the name is longer than " + LONGEST_NAME + " characters");
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isISOControl(c)
                    || c == '\\'
                    || c == ':'
                    || c >= 0x202A && c <= 0x202E
                    || c >= 0x2066 && c <= 0x2069)
                throw notAllowed(name, "the name holds the character U+%04X".formatted((int) c));
        }
        var parts = name.split("/", -1);
        if (parts.length - 1 > limits.archiveDepth())
            throw notAllowed(name, "it lies more than " + limits.archiveDepth() + " folders deep");
        for (var part : parts) {
            var why = wrongWith(part);
            if (!why.isEmpty()) throw notAllowed(name, why);
        }
        return name;
    }

    private static String wrongWith(String part) {
        if (part.isEmpty()) return "the name is absolute, or a part of it is empty";
        if (part.equals(".") || part.equals("..")) return "the name leads to another folder";
        if (part.endsWith(".") || part.endsWith(" "))
            return "a part of the name ends in a dot or a space";
        if (part.getBytes(StandardCharsets.UTF_8).length > LONGEST_PART)
            return "a part of the name is longer than " + LONGEST_PART + " bytes";
        int dot = part.indexOf('.');
        var stem = (dot < 0 ? part : part.substring(0, dot)).toLowerCase(Locale.ROOT);
        return DEVICES.contains(stem) ? "a part of the name is a device on some systems" : "";
    }

    private static String compared(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
    }

    static Problem notAllowed(String name, String why) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "archive-entry-not-allowed",
                "The archive has an entry that is not allowed.",
                Quote.of(name) + ": " + why + ".",
                "Pack plain files and folders under plain relative names.");
    }

    private static Problem tooLarge(String why) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "archive-too-large",
                "The archive is too large.",
                why,
                "Leave out what is not needed.");
    }
}
