package dev.davy.demo.phones;

import dev.davy.demo.Door;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.nio.charset.StandardCharsets;
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
    void putBack(String name) throws InterruptedException {
        var rollout = under();
        if (!rollout.isEmpty() && !OVER.contains(rollout)) {
            door.post(PATH + "/rollback", Json.object().put("why", "the story begins anew"));
        }
        var declared =
                new String(PhoneInspection.file("endpoint.yaml"), StandardCharsets.UTF_8)
                        .replace("model: scratch/1", "model: " + name);
        var at = declared.indexOf("\nrollout:");
        door.send(
                "POST",
                "/api/v1/apply",
                "application/yaml",
                (declared.substring(0, at) + "\nrollout: {strategy: immediate}\n")
                        .getBytes(StandardCharsets.UTF_8));
        bakes();
        door.send(
                "POST",
                "/api/v1/apply",
                "application/yaml",
                declared.getBytes(StandardCharsets.UTF_8));
    }

    private void bakes() throws InterruptedException {
        while (!OVER.contains(under())) Thread.sleep(LOOK);
    }

    /// The state of the last rollout; empty where there was none.
    private String under() {
        try {
            return door.get(PATH).at("/state/is").asString("");
        } catch (Problem none) {
            return "";
        }
    }
}
