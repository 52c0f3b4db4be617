package dev.davy.serving;

import dev.davy.schema.Output;
import dev.davy.schema.Schema;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A stable name that callers predict against, as a person declares it.
///
/// @param about what it is for, in a sentence
/// @param pipeline its components in order; empty for an endpoint that is served elsewhere and only
///   reported to us
/// @param entity the path of the value that says whom or what a prediction is about
///   (`input.serial`): the key of assignment, joins and erasure; without one, assignment is by
///   request
/// @param input what callers send; none declared: what the only model takes
/// @param output what they get; none declared: what the last component says
/// @param rollout how a candidate comes live, as it was declared; read by who carries it out
/// @param source the declaration as it was given, for showing and comparing
public record Endpoint(
        String name,
        String about,
        List<Component> pipeline,
        Optional<String> entity,
        Optional<Schema> input,
        List<DeclaredOutput> output,
        Capture capture,
        Batching batching,
        Duration deadline,
        Duration joinWithin,
        Optional<JsonNode> rollout,
        JsonNode source) {

    /// An output of the endpoint.
    ///
    /// @param from `component.output`; none: the last component that has an output of this name
    public record DeclaredOutput(Output output, Optional<String> from) {}

    /// How requests that wait for the same model are put together.
    ///
    /// @param maxRows the largest batch; 1 switches batching off
    /// @param delay how long the first may wait for company; zero takes what is there. A wait
    ///   begins only when requests come so fast that company is likely, so an idle server never
    ///   waits.
    /// @param queue how many rows may wait for a model that runs on worker threads; past it callers
    ///   are told to come back
    public record Batching(int maxRows, Duration delay, int queue) {
        /// Take what is there, 32 at most.
        public static final Batching DEFAULT = new Batching(32, Duration.ZERO, 1_000);

        public Batching {
            if (maxRows < 1 || maxRows > 4096)
                throw new IllegalArgumentException(
                        "batching.max is " + maxRows + "; it must be from 1 to 4096");
            if (delay.isNegative() || delay.compareTo(Duration.ofSeconds(1)) > 0)
                throw new IllegalArgumentException(
                        "batching.delay is " + delay + "; it must be from 0 to 1 s");
            if (queue < 1)
                throw new IllegalArgumentException(
                        "batching.queue is " + queue + "; it must be at least 1");
        }
    }

    /// The deadline of a request that names none.
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(10);

    /// How long after a prediction an event of the same entity still belongs to it.
    public static final Duration DEFAULT_JOIN = Duration.ofMinutes(30);

    public Endpoint {
        pipeline = List.copyOf(pipeline);
        output = List.copyOf(output);
        var names = new HashSet<String>();
        for (var component : pipeline)
            if (component.name().equals("input") || !names.add(component.name()))
                throw new IllegalArgumentException(
                        "component name '" + component.name() + "' is taken");
    }

    /// Whether what is loaded for one will do for the other: all that a program is made of is
    /// declared alike. Which version is desired does not matter, since arms name theirs.
    boolean sameModels(Endpoint other) {
        return entity.equals(other.entity)
                && input.equals(other.input)
                && output.equals(other.output)
                && pipeline.size() == other.pipeline.size()
                && java.util.stream.IntStream.range(0, pipeline.size())
                        .allMatch(i -> pipeline.get(i).sameBut(other.pipeline.get(i)));
    }

    /// What answers as long as no model has come live; empty: nothing but models and rules does.
    public Optional<Fallback> fallback() {
        return pipeline.size() == 1
                        && pipeline.getFirst() instanceof Component.Registered registered
                ? registered.fallback()
                : Optional.empty();
    }

    /// Served by another server and reported to us: nothing answers here.
    public boolean external() {
        return pipeline.isEmpty();
    }
}
