package dev.davy.demo.phones;

import static dev.davy.demo.phones.Factory.between;

import dev.davy.demo.Source.Later;
import dev.davy.strict.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The people of the factory. An inspector takes each phone in hand that the model called
/// scratched, and some of the others at random; a lab finds out the truth of a part of all phones,
/// whatever the model said, mostly soon, sometimes late, and now and then it corrects itself.
final class Inspectors {
    /// Of the phones that were called ok, so many are looked at as well.
    private static final double SPOT_CHECKED = 0.05;

    /// Of all phones, so many come to the lab.
    private static final double IN_THE_LAB = 0.5;

    private static final double LATE = 0.12;
    private static final double CORRECTED = 0.012;
    private static final int PEOPLE = 4;

    private final Instant at;
    private final Phone phone;
    private final String prediction;
    private final String said;
    private final RandomGenerator random;

    private Inspectors(Phone phone, JsonNode prediction, Instant at) {
        this.at = at;
        this.phone = phone;
        this.prediction = prediction.path("id").asString("");
        this.said = prediction.path("output").path(PhoneInspection.OUTPUT).asString("");
        this.random = new Random(~phone.grain());
    }

    /// What they will say of a phone, and when.
    static List<Later> of(Phone phone, JsonNode prediction, Instant at) {
        var inspectors = new Inspectors(phone, prediction, at);
        var later = new ArrayList<Later>();
        inspectors.look(later);
        inspectors.analyse(later);
        return later;
    }

    private void look(List<Later> later) {
        boolean called = said.equals(Phone.SCRATCH);
        if (!called && random.nextDouble() >= SPOT_CHECKED) return;
        var feedback = feedback("look").put("judgement", seen(phone, random));
        feedback.put("by", "inspector-" + (1 + random.nextInt(PEOPLE)));
        // A spot check is made blind: whoever knows the answer tends to agree with it.
        feedback.put("saw-answer", called);
        later.add(due(feedback, between(random, 4, 20)));
    }

    /// What a person sees, who misses hairlines as well.
    static String seen(Phone phone, RandomGenerator random) {
        double notices =
                switch (phone.deepest().orElse(null)) {
                    case null -> 0.015;
                    case HAIRLINE -> 0.72;
                    case FINE -> 0.94;
                    case CLEAR, GOUGE -> 0.995;
                };
        return random.nextDouble() < notices ? Phone.SCRATCH : Phone.OK;
    }

    private void analyse(List<Later> later) {
        if (random.nextDouble() >= IN_THE_LAB) return;
        double delay =
                random.nextDouble() < LATE ? between(random, 180, 600) : between(random, 6, 30);
        if (random.nextDouble() >= CORRECTED) {
            later.add(due(truth("lab", phone.truth()), delay));
            return;
        }
        var mistaken = phone.truth().equals(Phone.OK) ? Phone.SCRATCH : Phone.OK;
        later.add(due(truth("lab", mistaken), delay));
        var corrected = truth("lab-again", phone.truth()).put("replaces", id("lab"));
        later.add(due(corrected, delay + between(random, 20, 60)));
    }

    private ObjectNode truth(String kind, String truth) {
        return feedback(kind).put("truth", truth).put("source", "lab");
    }

    private ObjectNode feedback(String kind) {
        return Json.object()
                .put("id", id(kind))
                .put("prediction", prediction)
                .put("output", PhoneInspection.OUTPUT);
    }

    // The prediction's id, not the phone's number: a factory that is started again makes the same
    // phones.
    private String id(String kind) {
        return kind + "-" + prediction;
    }

    private Later due(ObjectNode feedback, double seconds) {
        var due = at.plus(Duration.ofMillis((long) (seconds * 1_000)));
        return new Later(due, feedback.put("at", due.toString()));
    }
}
