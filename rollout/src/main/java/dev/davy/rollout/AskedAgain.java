package dev.davy.rollout;

import dev.davy.rollout.Starting.Wanted;
import dev.davy.schema.Schema;
import dev.davy.serving.Apart;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Origin;
import dev.davy.serving.Prediction;
import dev.davy.serving.feedback.Feedbacks;
import dev.davy.serving.past.Logged;
import dev.davy.serving.past.Restored;
import dev.davy.serving.past.Traffic;
import dev.davy.storage.Ids;
import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import dev.davy.strict.Units;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What was asked in the past, asked again of another version: what rehearsals and comparisons have
/// in common.
///
/// @param schemas by the hash that predictions name
public record AskedAgain(
        Arms arms,
        Endpoints endpoints,
        Traffic traffic,
        Feedbacks feedbacks,
        LongFunction<Optional<Schema>> schemas,
        Ids ids,
        InstantSource clock) {
    /// Where nobody says since when.
    private static final Duration WEEK = Duration.ofDays(7);

    /// As far back as anybody may ask.
    private static final Duration LONGEST = Duration.ofDays(366);

    /// A stretch of the past, and what is to be asked then.
    ///
    /// @param to versions by component
    record Stretch(String endpoint, Map<String, String> to, Instant from, Instant until) {
        Stretch {
            to = Map.copyOf(to);
        }

        /// The same from another time on.
        Stretch beginning(Instant then) {
            return new Stretch(endpoint, to, then, until);
        }
    }

    /// Reads the endpoint, the version (`to` or `with`) and the time. A span counts from now.
    Stretch stretch(Fields fields, String version) {
        var endpoint = fields.text("endpoint");
        var to =
                fields.optionalNode(version)
                        .map(node -> RolloutRoutes.versions(fields, version, node))
                        .orElse(Map.of());
        var now = clock.instant();
        var until =
                fields.optionalText("until")
                        .flatMap(text -> time(fields, "until", text))
                        .orElse(now);
        var from =
                fields.optionalText("since")
                        .flatMap(text -> since(fields, text, until))
                        .orElse(until.minus(WEEK));
        if (!from.isBefore(until) || from.isBefore(now.minus(LONGEST)))
            fields.violation(
                    "since",
                    "'since' is %s and 'until' %s; it must lie before, and at most a year back"
                            .formatted(from, until));
        return new Stretch(endpoint, to, from, until);
    }

    private static Optional<Instant> since(Fields fields, String text, Instant until) {
        try {
            return Optional.of(until.minus(Units.duration(text)));
        } catch (Problem noSpan) {
            return time(fields, "since", text);
        }
    }

    private static Optional<Instant> time(Fields fields, String name, String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException notATime) {
            fields.violation(
                    name,
                    "'"
                            + name
                            + "' is neither a span like 7d nor a time like 2026-11-21T10:15:00Z");
            return Optional.empty();
        }
    }

    /// The stretch as a job keeps it: with times, so that doing it again is doing the same.
    static ObjectNode json(Stretch stretch, String version) {
        var json = Json.object().put("endpoint", stretch.endpoint());
        json.set(version, Json.tree(stretch.to()));
        return json.put("since", stretch.from().toString())
                .put("until", stretch.until().toString());
    }

    /// The rollout of a stretch as it would have begun then.
    ///
    /// @param section in place of the endpoint's own
    /// @param lately what was known of the traffic
    Course drawn(
            Stretch stretch,
            Optional<JsonNode> section,
            Optional<Policy.Case> purpose,
            List<Prediction> lately,
            String who) {
        var here = arms.face(stretch.endpoint());
        var face =
                section.isEmpty()
                        ? here
                        : new Arms.Face(here.input(), here.outputs(), section, here.joinWithin());
        return Starting.course(
                arms,
                face,
                new Recent(schemas),
                lately,
                ids.next(),
                stretch.endpoint(),
                new Wanted(stretch.to(), purpose, true),
                who,
                stretch.from());
    }

    /// The last predictions before a time, as many as a rollout is begun with; none where the log
    /// and the archive reach no further back.
    List<Prediction> before(String endpoint, Instant time) {
        var last = new ArrayDeque<Prediction>();
        traffic.read(
                endpoint,
                time.minus(Duration.ofDays(1)),
                time,
                logged -> {
                    if (isAsked(logged)) last.addLast(logged.prediction());
                    if (last.size() > Recent.MOST) last.removeFirst();
                    return true;
                });
        return List.copyOf(last);
    }

    /// The first predictions of a stretch, as many as a rollout is begun with.
    List<Prediction> first(Stretch stretch) {
        var first = new ArrayList<Prediction>();
        traffic.read(
                stretch.endpoint(),
                stretch.from(),
                stretch.until(),
                logged -> {
                    if (isAsked(logged)) first.add(logged.prediction());
                    return first.size() < Recent.MOST;
                });
        return first;
    }

    /// What a job is about, in a line: `loan to loan/8`.
    static String about(JsonNode arguments, String version) {
        var versions = new ArrayList<String>();
        arguments.path(version).forEach(each -> versions.add(each.asString()));
        return arguments.path("endpoint").asString()
                + " "
                + version
                + " "
                + String.join(", ", versions);
    }

    /// By a caller, and not for trying something out.
    static boolean isAsked(Logged logged) {
        return logged.prediction().origin() == Origin.LIVE
                && !logged.prediction().extra().containsKey("pinned");
    }

    /// What a version says to what was asked.
    static Optional<Supplier<Apart.Said>> asking(Apart apart, Logged logged) {
        return Restored.of(logged, apart.shape()).map(inputs -> new Once(apart, inputs));
    }

    /// Asked once, however often somebody wants to know. For one thread.
    private static final class Once implements Supplier<Apart.Said> {
        private final Apart apart;
        private final Restored inputs;
        private Apart.@Nullable Said said;

        Once(Apart apart, Restored inputs) {
            this.apart = apart;
            this.inputs = inputs;
        }

        @Override
        public Apart.Said get() {
            var here = said;
            if (here == null)
                here =
                        switch (inputs) {
                            case Restored.OfRow(var row) -> apart.ask(row);
                            case Restored.OfTensors(var tensors) -> apart.ask(tensors);
                        };
            said = here;
            return here;
        }
    }

    /// Versions of this endpoint by component, as their addresses.
    Map<String, String> versions(Stretch stretch) {
        return new LinkedHashMap<>(
                Starting.candidate(
                        arms,
                        stretch.endpoint(),
                        arms.standing(stretch.endpoint()).live(),
                        stretch.to(),
                        Policy.Case.REPLACE));
    }
}
