package dev.davy.review;

import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What people and models decide, as its HTTP has it, for pages.
public final class ReviewDocuments {
    private final Reviews reviews;
    private final Automations automations;

    public ReviewDocuments(Reviews reviews, Automations automations) {
        this.reviews = reviews;
        this.automations = automations;
    }

    /// How much the model of an endpoint decides, and what that rests on.
    public JsonNode automation(String endpoint) {
        return AutomationJson.of(automations.view(endpoint));
    }

    /// Whether the endpoint says anything of people, or has cases for them.
    public boolean asksPeople(String endpoint) {
        return reviews.policy(endpoint).declared() || reviews.open(endpoint) > 0;
    }

    /// How many of its cases wait.
    public int open(String endpoint) {
        return reviews.open(endpoint);
    }

    /// Since when the one that waits longest does.
    public Optional<Instant> oldest(String endpoint) {
        return reviews.oldest(endpoint);
    }
}
