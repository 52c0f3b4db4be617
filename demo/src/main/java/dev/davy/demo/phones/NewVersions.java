package dev.davy.demo.phones;

import dev.davy.demo.Door;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// Brings versions of the factory's model live, by rollouts that decide for themselves.
final class NewVersions {
    /// Where a rollout is seen.
    static final String PAGE = "/endpoints/" + PhoneInspection.ENDPOINT + "/rollout";

    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Set<String> OVER = Set.of("finished", "rolled-back");
    private static final String PATH = "/api/v1" + PAGE;

    private final Door door;

    NewVersions(Door door) {
        this.door = door;
    }

    /// Begins a rollout, and returns when it is over.
    ///
    /// @param name of the version, as `scratch/2`
    /// @param says hears where it is
    void bring(String name, String why, Consumer<String> says) throws InterruptedException {
        try {
            door.post(PATH, Json.object().put("to", name).put("why", why).put("retry", true));
        } catch (Problem problem) {
            // A factory that is started again in the same folder has it live, or had it back.
            says.accept("No rollout of " + name + ": " + problem.what() + " " + problem.why());
            return;
        }
        int revision = 0;
        while (true) {
            var rollout = door.get(PATH);
            var state = rollout.at("/state/is").asString("");
            if (rollout.path("revision").asInt() != revision) says.accept(said(name, rollout));
            revision = rollout.path("revision").asInt();
            if (OVER.contains(state)) return;
            Thread.sleep(LOOK);
        }
    }

    private static String said(String name, JsonNode rollout) {
        var state = rollout.at("/state/is").asString("");
        var history = rollout.path("history");
        var why = history.path(history.size() - 1).path("why").asString("");
        long percent = Math.round(100 * rollout.path("share").asDouble());
        return switch (state) {
            case "running" ->
                    percent == 0
                            ? name + " looks at every phone too; nobody hears what it says."
                            : name
                                    + " decides on "
                                    + percent
                                    + " % of the phones, and is held against the version before.";
            case "baking" -> name + " decides on all phones, and is watched on.";
            case "finished" -> name + " is live: no guard could show that it is worse.";
            case "rolled-back" -> name + " is rolled back by itself: " + why + ".";
            default -> name + " is " + state + ": " + why + ".";
        };
    }

    /// Makes this version live at once, whatever is under way.
    void putBack(String name) {
        var why = "the story begins anew";
        if (isUnderWay()) door.post(PATH + "/rollback", Json.object().put("why", why));
        door.send(
                "PUT",
                "/api/v1/endpoints/" + PhoneInspection.ENDPOINT + "/live",
                "application/json",
                Json.write(Json.object().put("model", name).put("why", why)));
    }

    private boolean isUnderWay() {
        try {
            return !OVER.contains(door.get(PATH).at("/state/is").asString(""));
        } catch (Problem none) {
            return false;
        }
    }
}
