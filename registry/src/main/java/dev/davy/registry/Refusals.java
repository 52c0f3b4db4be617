package dev.davy.registry;

import dev.davy.strict.Nearest;
import dev.davy.strict.Problem;
import dev.davy.strict.Problem.Kind;
import java.util.List;
import java.util.Optional;

/// What the registry says no to.
final class Refusals {
    private Refusals() {}

    static Problem modelUnknown(String model) {
        return new Problem(
                Kind.NOT_FOUND,
                "model-unknown",
                "There is no model '" + shown(model) + "'.",
                "Nobody has pushed a version of it.",
                "GET /api/v1/models lists the models.");
    }

    static Problem versionUnknown(String model, int version, int newest) {
        return new Problem(
                Kind.NOT_FOUND,
                "version-unknown",
                "There is no " + model + "/" + version + ".",
                "The newest version of it is " + newest + ".",
                "GET /api/v1/models/" + model + " lists its versions.");
    }

    static Problem versionDeleted(String model, int version) {
        return new Problem(
                Kind.GONE,
                "version-deleted",
                model + "/" + version + " has been deleted.",
                "A deleted version never comes back under its number.",
                "Its events say who deleted it and why. Push it again for a new version.");
    }

    static Problem aliasUnknown(String model, String alias, List<Alias> aliases) {
        var names = aliases.stream().map(Alias::name).toList();
        var hint = Nearest.hint(alias, names);
        return new Problem(
                Kind.NOT_FOUND,
                "alias-unknown",
                "There is no " + model + "@" + shown(alias) + ".",
                hint.isEmpty()
                        ? names.isEmpty()
                                ? "The model has no alias."
                                : "Its aliases are: " + String.join(", ", names) + "."
                        : hint,
                "PUT /api/v1/models/" + model + "/aliases/NAME makes one.");
    }

    /// Two movers who saw the same state cannot both be right about it.
    static void check(Expected expected, Optional<Alias> found, String model, String alias) {
        boolean fine =
                switch (expected) {
                    case Expected.Anything _ -> true;
                    case Expected.Nothing _ -> found.isEmpty();
                    case Expected.Revision(long revision) ->
                            found.isPresent() && found.get().revision() == revision;
                };
        if (fine) return;
        throw new Problem(
                Kind.PRECONDITION,
                "alias-has-moved",
                model + "@" + alias + " is not as you expected it.",
                found.map(is ->
                                "It is at revision %d now and points at version %d; %s moved it."
                                        .formatted(is.revision(), is.version(), is.who()))
                        .orElse("It does not exist."),
                "Look at it again, and move it if that is still right.");
    }

    static Problem inUse(String model, int version, List<String> users) {
        return new Problem(
                Kind.CONFLICT,
                "version-in-use",
                model + "/" + version + " cannot be deleted.",
                users.stream().map(user -> "it is used by " + user).toList(),
                "Let these go first.");
    }

    static Problem versionTaken(String model, int wanted, int would) {
        return new Problem(
                Kind.CONFLICT,
                "version-taken",
                "The bundle cannot become " + model + "/" + wanted + ".",
                "It would be "
                        + model
                        + "/"
                        + would
                        + ": somebody else was faster, or it is one already.",
                "Look at the model's versions, then push it for that number or for any.");
    }

    static Problem changedMeanwhile(String file) {
        return new Problem(
                Kind.CONFLICT,
                "bundle-changed",
                "The bundle changed while it was read.",
                "The file '" + file + "' is no longer what was tried.",
                "Push it again when nobody writes to it.");
    }

    static Problem whyTooLong(int most) {
        return new Problem(
                        Kind.UNACCEPTABLE,
                        "why-too-long",
                        "The reason is too long.",
                        "A reason has at most " + most + " characters.",
                        "Say it in a few sentences.")
                .at("why");
    }

    /// A caller's name that may be anything.
    private static String shown(String name) {
        var plain = name.replaceAll("[^A-Za-z0-9._-]", "?");
        return plain.substring(0, Math.min(60, plain.length()));
    }
}
