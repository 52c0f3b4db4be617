package dev.davy.review;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;

/// Cases of tests, in few words.
final class Cases {
    private static long last;

    private Cases() {}

    static Case of(String answer, double confidence, String reference) {
        return seen(answer, confidence, reference, 1, 1);
    }

    static Case seen(
            String answer, double confidence, String reference, double asked, double least) {
        return new Case(
                new UUID(0x7000, ++last),
                "scratch/7",
                "",
                Optional.of(answer),
                OptionalDouble.of(confidence),
                asked,
                least,
                Optional.of(reference),
                asked < 1);
    }

    static Judged judged(Case of, Opinion... opinions) {
        return new Judged(of, Optional.empty(), Optional.empty(), List.of(opinions));
    }

    static Judged gold(Case of, String gold, Opinion... opinions) {
        return new Judged(of, Optional.of(gold), Optional.empty(), List.of(opinions));
    }

    static Opinion blind(String by, String answer) {
        return new Opinion(by, Optional.of(answer), false, OptionalDouble.empty());
    }

    static Opinion seeing(String by, String answer) {
        return new Opinion(by, Optional.of(answer), true, OptionalDouble.empty());
    }
}
