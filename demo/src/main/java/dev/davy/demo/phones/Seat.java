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
final class Seat {
    static final String ENDPOINT = "inspector-seat";

    /// Where a person decides.
    static final String PAGE = "/review/" + ENDPOINT;

    /// What came of it.
    static final String CURVE = "/endpoints/" + ENDPOINT + "/automation";

    /// Phones that the crew decides before anybody comes: enough for a curve.
    private static final int BEFORE = 240;

    private static final int DOZEN = 12;
    private static final int PHONES_MOST = 3_000;
    private static final int CREW = 3;
    private static final int AHEAD = 5;
    private static final double SCRATCHED = 0.33;

    /// Other phones than those that pass the cameras.
    private static final long FROM = 2_000_000;

    private static final Duration BREATH = Duration.ofMillis(40);
    private static final Duration LOOK = Duration.ofSeconds(2);

    /// How often the threshold is looked for: it is reckoned a moment after the last judgement.
    private static final int LOOKS_MOST = 10;

    private static final String API = "/api/v1/endpoints/" + ENDPOINT;

    private final Door door;
    private final Factory factory;
    private final Conditions conditions = Conditions.USUAL.scratched(SCRATCHED);
    private final Map<String, Phone> phones = new HashMap<>();
    private long asked;

    private boolean filled;

    Seat(Door door, Factory factory) {
        this.door = door;
        this.factory = factory;
    }

    /// Declares it, with the model looking over the shoulders of a crew, and returns when the crew
    /// has decided its phones.
    ///
    /// @param version that answers, as `scratch/2`
    void beside(String version, Consumer<String> says) throws InterruptedException {
        var declared =
                new String(PhoneInspection.file("seat.yaml"), StandardCharsets.UTF_8)
                        .replace("model: scratch/1", "model: " + version);
        door.send(
                "POST",
                "/api/v1/apply",
                "application/yaml",
                declared.getBytes(StandardCharsets.UTF_8));
        level("shadow", "the story begins: the model looks over the inspectors' shoulders");
        // A folder that is used again has had its crew.
        if (open() == 0) crew();
        if (!filled) {
            filled = true;
            Thread.ofPlatform().daemon().name("davy-seat").start(this::fillOnAndOn);
        }
        compared(says);
    }

    /// How far the model and the people agree.
    private void compared(Consumer<String> says) {
        for (var row : door.get(API + "/automation").path("table"))
            if (row.path("who").asString("").equals("model")
                    && row.path("against").asString("").equals("people")
                    && row.path("slice").asString("").isEmpty())
                says.accept(
                        "Of %d phones the model said the same as the inspectors of %s (%s to %s)."
                                .formatted(
                                        row.path("cases").asInt(),
                                        percent(row.path("figure")),
                                        percent(row.path("low")),
                                        percent(row.path("high"))));
    }

    /// Lets the model decide what it is sure of, from where it has shown that it is right.
    void partly(Consumer<String> says) throws InterruptedException {
        level("partial", "it has shown from which confidence on it is right");
        for (int look = 0; look < LOOKS_MOST; look++) {
            for (var threshold : door.get(API + "/automation").path("thresholds"))
                if (threshold.has("threshold") && threshold.path("reviewed").asInt() >= BEFORE) {
                    says.accept(
                            "From confidence %.3f on it decides alone: %s of the phones, and at most %s of them wrong, with %s certainty. The others wait for a person: take the seat."
                                    .formatted(
                                            threshold.path("threshold").asDouble(),
                                            percent(threshold.path("alone")),
                                            percent(threshold.path("upper")),
                                            percent(threshold.path("certainty"))));
                    return;
                }
            Thread.sleep(LOOK);
        }
    }

    private static String percent(JsonNode share) {
        return Math.round(100 * share.asDouble()) + " %";
    }

    private void level(String level, String why) {
        door.post(API + "/automation", Json.object().put("level", level).put("why", why));
    }

    /// So that a dozen always wait for whoever watches.
    private void fillOnAndOn() {
        try {
            while (asked < PHONES_MOST) {
                fill();
                Thread.sleep(LOOK);
            }
        } catch (Problem | InterruptedException end) {
            // the server does not answer any more: the process ends
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
        int decided = 0;
        // Cases come to the queue a moment after their predictions.
        for (int round = 0; decided < BEFORE && round < 10 * BEFORE; round++) {
            var name = "inspector-" + (1 + round % CREW);
            var next =
                    door.post(
                            API + "/reviews/next",
                            Json.object().put("ahead", AHEAD).put("reviewer", name));
            for (var each : next.path("reviews")) {
                if (judge(each, name)) decided++;
            }
            Thread.sleep(BREATH);
        }
        phones.clear();
    }

    private boolean judge(JsonNode review, String name) {
        var id = review.path("prediction").asString("");
        var phone = phones.get(id);
        if (phone == null) return false;
        // Of the phone, not of the order in which they come: each time the crew says the same.
        var chance = new Random(~phone.grain());
        var said = Json.object().put("reviewer", name);
        said.putObject("answer").put(PhoneInspection.OUTPUT, Inspectors.seen(phone, chance));
        said.put("seconds", Math.round(10 * Factory.between(chance, 1.2, 5)) / 10.0);
        door.post("/api/v1/reviews/" + id + "/judgement", said);
        return true;
    }
}
