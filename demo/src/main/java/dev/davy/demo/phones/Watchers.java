package dev.davy.demo.phones;

import dev.davy.demo.Door;
import dev.davy.strict.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// Whoever looks at the alarms and the figures of the factory.
final class Watchers {
    private static final String WATCH = "input.image.brightness";
    private static final String ENDPOINT = "/endpoints/" + PhoneInspection.ENDPOINT;

    /// Where the light in the photos is seen over time.
    static final String METRIC = ENDPOINT + "/metric?watch=" + WATCH;

    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final int LOOKS_MOST = 90;

    private final Door door;

    Watchers(Door door) {
        this.door = door;
    }

    /// Says that what rings is over, since the lamps are bright again.
    void settle() {
        for (var alarm : firing())
            door.post(
                    "/api/v1/alarms/" + alarm.path("id").asString("") + "/resolve",
                    Json.object().put("why", "the lamps are bright again"));
    }

    /// Returns when the alarm of the light rings.
    ///
    /// @param dimmed when the lamps went dim: what rang before is of another time
    void hear(Instant dimmed, Consumer<String> says) throws InterruptedException {
        while (true) {
            var alarm = ringing(dimmed);
            if (alarm.isPresent()) {
                says.accept(heard(alarm.get()));
                return;
            }
            Thread.sleep(LOOK);
        }
    }

    private Optional<JsonNode> ringing(Instant dimmed) {
        for (var alarm : firing())
            if (alarm.path("watch").asString("").equals(WATCH)
                    && !since(alarm).isBefore(dimmed.truncatedTo(ChronoUnit.MINUTES)))
                return Optional.of(alarm);
        return Optional.empty();
    }

    private JsonNode firing() {
        return door.get("/api/v1/alarms?state=firing&endpoint=" + PhoneInspection.ENDPOINT)
                .path("alarms");
    }

    private static Instant since(JsonNode alarm) {
        return Instant.parse(alarm.path("since").asString(""));
    }

    private static String heard(JsonNode alarm) {
        var since = since(alarm);
        var fired = Instant.parse(alarm.path("fired").asString(since.toString()));
        return "%s. It rang %d s after the minute in which it began; a load balancer sees nothing yet."
                .formatted(
                        alarm.path("why").asString(""), Duration.between(since, fired).toSeconds());
    }

    /// What is known of how right the model is: its confidence is the share of right answers it
    /// expects.
    void look(Instant dimmed, Consumer<String> says) throws InterruptedException {
        var dim = ringing(dimmed).map(Watchers::since);
        for (int looks = 0; looks < LOOKS_MOST; looks++) {
            double before = Double.NaN, after = Double.NaN;
            for (var window :
                    door.get("/api/v1" + ENDPOINT + "/metric?watch=confidence").path("windows")) {
                if (!window.path("value").isNumber()) continue;
                var from = Instant.parse(window.path("from").asString(""));
                boolean whole = dim.isEmpty() || !from.isAfter(dim.get());
                if (whole && (dim.isEmpty() || from.isBefore(dim.get())))
                    before = window.path("value").asDouble();
                else if (!whole) after = window.path("value").asDouble();
            }
            if (!Double.isNaN(before) && !Double.isNaN(after)) {
                says.accept(
                        "Of the phones in the dim light the model expects to be right in %.1f %%; it was %.1f %% before. The lab knows nothing of them yet. Mend the lamps, not the model."
                                .formatted(100 * after, 100 * before));
                return;
            }
            Thread.sleep(LOOK);
        }
    }
}
