package dev.davy.demo;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Something to ask an endpoint about, again and again. For any number of threads.
public interface Source {
    /// The endpoint that is asked.
    String endpoint();

    /// What is asked as number so and so, 0 the first.
    ///
    /// @param at when it happens
    Case at(long number, Instant at);

    /// One row to ask.
    ///
    /// @param row by column, as callers send it
    /// @param later what will come to be known of it, once the answer is there: given the
    ///   prediction as the endpoint's answer holds it
    record Case(ObjectNode row, Function<JsonNode, List<Later>> later) {}

    /// Feedback that is not due yet.
    record Later(Instant due, ObjectNode feedback) {}
}
