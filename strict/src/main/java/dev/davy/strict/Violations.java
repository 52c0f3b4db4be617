package dev.davy.strict;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What [Fields] found wrong in one tree of objects, and where.
final class Violations {
    private final String where;
    private final Yaml.@Nullable Document document;
    private final Set<String> found = new LinkedHashSet<>();

    Violations(String where, Yaml.@Nullable Document document) {
        this.where = where;
        this.document = document;
    }

    String where() {
        return where;
    }

    /// @param subject the path of the field, empty for the whole
    /// @param pointer its JSON pointer
    void note(String subject, String pointer, String violation) {
        var place = place(pointer);
        found.add(
                (place.isEmpty() ? "" : place + ": ")
                        + (subject.isEmpty() ? "it " : "'" + subject + "' ")
                        + violation);
    }

    /// `file:line`, or nothing where there is no file.
    String place(String pointer) {
        return document == null ? "" : document.fileName() + ":" + document.lines().of(pointer);
    }

    void throwIfAny() {
        if (found.isEmpty()) return;
        var subject =
                where.isEmpty()
                        ? "It"
                        : where.substring(0, 1).toUpperCase(Locale.ROOT) + where.substring(1);
        throw new Problem(
                Problem.Kind.UNACCEPTABLE,
                "fields-not-acceptable",
                subject + " cannot be accepted.",
                List.copyOf(found),
                "Correct what is named here and send it again.");
    }
}
