package dev.davy.review;

import java.time.Instant;
import java.util.Optional;

/// How much of an endpoint a model decides, for people.
///
/// @param open how many cases wait
/// @param oldest when the oldest of them came
record AutomationView(
        Automations.State state, int open, Optional<Instant> oldest, Evidences evidence) {}
