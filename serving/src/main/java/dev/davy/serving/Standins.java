package dev.davy.serving;

import dev.davy.serving.EndpointTable.Stored;
import dev.davy.strict.Problem;
import java.util.LinkedHashMap;
import java.util.Map;

/// Has arms behind which a fallback stands follow the declaration: where another one is declared,
/// it is that one which answers.
final class Standins {
    private Standins() {}

    /// @throws Problem CONFLICT `fallback-needed` where the fallback answers, or would, and none is
    ///   declared any more
    static Stored follow(Stored stored, Endpoint before, Endpoint after) {
        var declared = stored.declared(after.source());
        if (before.fallback().isEmpty()) return declared;
        var live = followed(stored.live(), before, after);
        var kept = followed(stored.kept(), before, after);
        var followed = stored.live().equals(live) ? declared : declared.live(live, false);
        return followed.kept(kept);
    }

    private static Map<String, String> followed(
            Map<String, String> versions, Endpoint before, Endpoint after) {
        var was = before.fallback().orElseThrow().version();
        var followed = new LinkedHashMap<String, String>();
        versions.forEach((component, version) -> {
            if (!version.equals(was)) followed.put(component, version);
            else if (after.fallback().isPresent())
                followed.put(component, after.fallback().get().version());
            else throw needed(after, was);
        });
        return followed;
    }

    private static Problem needed(Endpoint endpoint, String was) {
        return new Problem(
                Problem.Kind.CONFLICT,
                "fallback-needed",
                "Endpoint '" + endpoint.name() + "' still needs its fallback.",
                "'"
                        + was
                        + "' answers there, or is kept from before for as long as a new model bakes.",
                "Bring a model live first, with: davy rollout start "
                        + endpoint.name()
                        + " --to NAME/VERSION; or at once, with: davy endpoint switch.");
    }
}
