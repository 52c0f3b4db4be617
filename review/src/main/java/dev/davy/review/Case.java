package dev.davy.review;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;

/// A prediction that a person saw, as the rules need to know it: of one output, its values as text.
///
/// @param slice the condition that told its level; empty: none did
/// @param answer what the model said; empty where it was not asked
/// @param asked the probability with which a person was asked
/// @param least the smallest such probability that any case had at that time: 1 while people see
///   all, the spot-check share where the model decides what it is sure of; 0 where nobody sees that
/// @param reference what is right, as far as it is known: gold, else truth, else what people
///   decided
/// @param alone whether the model decided it
public record Case(
        UUID prediction,
        String version,
        String slice,
        Optional<String> answer,
        OptionalDouble confidence,
        double asked,
        double least,
        Optional<String> reference,
        boolean alone) {
    public Case {
        if (!(asked > 0 && asked <= 1 && least >= 0 && least <= asked))
            throw new IllegalArgumentException(
                    "asked with probability %s, the least being %s".formatted(asked, least));
    }
}
