package dev.davy.demo.phones;

import dev.davy.demo.Door;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// What happens to the model of the factory while somebody watches: after a minute a better version
/// is brought live, and then one that somebody made carelessly is tried and goes back.
public final class NewVersions {
    private static final Duration FIRST = Duration.ofSeconds(60);
    private static final Duration BETWEEN = Duration.ofSeconds(45);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Set<String> OVER = Set.of("finished", "rolled-back");
    private static final String PATH = "/api/v1/endpoints/" + PhoneInspection.ENDPOINT + "/rollout";

    private final Door door;
    private final String better;
    private final String careless;
    private final Consumer<String> say;
    private final Runnable after;

    private NewVersions(
            Door door, String better, String careless, Consumer<String> say, Runnable after) {
        this.door = door;
        this.better = better;
        this.careless = careless;
        this.say = say;
        this.after = after;
    }

    /// Begins on a thread of its own, which ends with the process or when the server does not
    /// answer any more.
    ///
    /// @param better the version that should come live, as `scratch/2`
    /// @param careless the one that should not
    /// @param say hears a line whenever something happens
    /// @param after what happens when both are through
    public static void start(
            Door door, String better, String careless, Consumer<String> say, Runnable after) {
        var versions = new NewVersions(door, better, careless, say, after);
        Thread.ofPlatform().daemon().name("davy-new-versions").start(versions::run);
    }

    private void run() {
        try {
            Thread.sleep(FIRST);
            bring(better, "learnt from fifteen times as many photos");
            Thread.sleep(BETWEEN);
            bring(careless, "promises to find even more scratches");
            after.run();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private void bring(String name, String why) throws InterruptedException {
        try {
            var body = Json.object().put("to", name).put("why", why);
            door.post(PATH, body);
            say.accept("A rollout of " + name + " begins: it " + why + ".");
            follow(name);
        } catch (Problem problem) {
            // A factory that is started again in the same folder has it live, or had it back.
            say.accept("No rollout of " + name + ": " + problem.what() + " " + problem.why());
        }
    }

    private void follow(String name) throws InterruptedException {
        int revision = 0;
        while (true) {
            var rollout = door.get(PATH);
            var state = rollout.at("/state/is").asString("");
            if (rollout.path("revision").asInt() != revision) said(name, state, rollout);
            revision = rollout.path("revision").asInt();
            if (OVER.contains(state)) return;
            Thread.sleep(LOOK);
        }
    }

    private void said(String name, String state, JsonNode rollout) {
        var history = rollout.path("history");
        var why = history.path(history.size() - 1).path("why").asString("");
        long percent = Math.round(100 * rollout.path("share").asDouble());
        say.accept(
                switch (state) {
                    case "running" ->
                            percent == 0
                                    ? name + " looks at every phone too; nobody hears what it says."
                                    : name + " decides on " + percent + " % of the phones.";
                    case "baking" -> name + " decides on all phones, and is watched on.";
                    case "finished" -> name + " is live.";
                    case "rolled-back" -> name + " is rolled back: " + why + ".";
                    default -> name + " is " + state + ": " + why + ".";
                });
    }
}
