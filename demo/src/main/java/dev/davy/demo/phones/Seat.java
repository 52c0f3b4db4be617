package dev.davy.demo.phones;

import dev.davy.demo.Door;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// The inspector's seat: a crew has decided some hundred phones, and a dozen always wait for
/// whoever watches. What they say moves the curve of what the model could decide alone.
public final class Seat {
    public static final String ENDPOINT = "inspector-seat";

    /// Where a person decides.
    public static final String PAGE = "/review/" + ENDPOINT;

    /// What came of it.
    public static final String CURVE = "/endpoints/" + ENDPOINT + "/automation";

    /// Phones that the crew decides before anybody comes: enough for a curve.
    private static final int BEFORE = 240;

    private static final int DOZEN = 12;
    private static final int PHONES_MOST = 3_000;
    private static final int CREW = 3;
    private static final int AHEAD = 5;
    private static final double SCRATCHED = 0.33;

    /// Other phones than those that pass the cameras.
    private static final long FROM = 1_000_000;

    private static final Duration BREATH = Duration.ofMillis(40);
    private static final Duration LOOK = Duration.ofSeconds(2);

    private static final String API = "/api/v1/endpoints/" + ENDPOINT;

    private final Door door;
    private final Factory factory;
    private final Consumer<String> say;
    private final Conditions conditions = Conditions.USUAL.scratched(SCRATCHED);
    private final Map<String, Phone> phones = new HashMap<>();
    private long asked;

    private Seat(Door door, Factory factory, Consumer<String> say) {
        this.door = door;
        this.factory = factory;
        this.say = say;
    }

    /// Begins on a thread of its own, which ends with the process or when the server does not
    /// answer any more.
    ///
    /// @param version that answers, as `scratch/2`
    /// @param say hears where the seat is, once it is free
    public static void start(Door door, Factory factory, String version, Consumer<String> say) {
        var seat = new Seat(door, factory, say);
        Thread.ofPlatform().daemon().name("davy-seat").start(() -> seat.run(version));
    }

    private void run(String version) {
        try {
            var declared =
                    new String(PhoneInspection.file("seat.yaml"), StandardCharsets.UTF_8)
                            .replace("model: scratch/1", "model: " + version);
            door.send(
                    "POST",
                    "/api/v1/apply",
                    "application/yaml",
                    declared.getBytes(StandardCharsets.UTF_8));
            // A folder that is used again has had its crew.
            if (open() == 0) crew();
            fill();
            say.accept(
                    "An inspector's seat is free, and a dozen phones wait: "
                            + door.server()
                            + PAGE);
            say.accept("What your word does to the curve: " + door.server() + CURVE);
            while (asked < PHONES_MOST) {
                Thread.sleep(LOOK);
                fill();
            }
        } catch (Problem problem) {
            say.accept("The inspector's seat is not free: " + problem.what() + " " + problem.why());
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private int open() {
        return door.get("/api/v1/reviews?state=open&limit=1&endpoint=" + ENDPOINT)
                .path("open")
                .path(ENDPOINT)
                .asInt(0);
    }

    /// So that a dozen wait.
    private void fill() throws InterruptedException {
        for (int missing = DOZEN - open(); missing > 0; missing--) ask();
    }

    private void ask() throws InterruptedException {
        var phone = factory.phone(FROM + asked++, conditions);
        var rows = Json.object();
        rows.putArray("rows")
                .addObject()
                .put(
                        "image",
                        Base64.getEncoder().encodeToString(Camera.photo(phone, conditions).png()));
        var answer = door.post(API + "/predict", rows);
        phones.put(answer.path("predictions").path(0).path("id").asString(""), phone);
        Thread.sleep(BREATH);
    }

    private void crew() throws InterruptedException {
        for (int i = 0; i < BEFORE; i++) ask();
        var chance = new Random(FROM);
        int decided = 0;
        // Cases come to the queue a moment after their predictions.
        for (int round = 0; decided < BEFORE && round < 10 * BEFORE; round++) {
            var name = "inspector-" + (1 + round % CREW);
            var next =
                    door.post(
                            API + "/reviews/next",
                            Json.object().put("ahead", AHEAD).put("reviewer", name));
            for (var each : next.path("reviews")) {
                if (judge(each, name, chance)) decided++;
            }
            Thread.sleep(BREATH);
        }
        phones.clear();
    }

    private boolean judge(JsonNode review, String name, Random chance) {
        var id = review.path("prediction").asString("");
        var phone = phones.get(id);
        if (phone == null) return false;
        var said = Json.object().put("reviewer", name);
        said.putObject("answer").put(PhoneInspection.OUTPUT, Inspectors.seen(phone, chance));
        said.put("seconds", Math.round(10 * Factory.between(chance, 1.2, 5)) / 10.0);
        door.post("/api/v1/reviews/" + id + "/judgement", said);
        return true;
    }
}
