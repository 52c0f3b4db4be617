package dev.davy.review;

import java.util.Optional;
import java.util.OptionalDouble;

/// What one person said of one case, of one output, as text.
///
/// @param answer empty where they can't tell
/// @param saw whether they had seen the model's answer
/// @param seconds how long they looked
public record Opinion(String by, Optional<String> answer, boolean saw, OptionalDouble seconds) {}
