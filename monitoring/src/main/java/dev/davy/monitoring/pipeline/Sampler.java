package dev.davy.monitoring.pipeline;

import dev.davy.serving.Arm;
import dev.davy.serving.BlobRecord;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Prediction;
import dev.davy.serving.PredictionReader;
import dev.davy.serving.Stood;
import dev.davy.storage.Log;
import dev.davy.storage.LogReader;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// Draws predictions of two stretches from the log: what the live arm answered, no tester's.
final class Sampler {
    /// The clock of whoever says when a prediction happened may be ahead of ours.
    private static final Duration CLOCKS = Duration.ofHours(1);

    /// Ways in which an endpoint stood in the reference; predictions of further ones are not looked
    /// at.
    private static final int STOOD_MOST = 20;

    private final Log log;
    private final Endpoints endpoints;

    Sampler(Log log, Endpoints endpoints) {
        this.log = log;
        this.endpoints = endpoints;
    }

    /// What was drawn.
    ///
    /// @param stoodThen how the endpoint stood while it answered most of the reference; `then`
    ///   holds only what it answered while it stood so
    /// @param otherwise how many of the reference it answered while it stood otherwise
    /// @param stoodNow how it stood while it answered the stretch: where not all the time as in the
    ///   reference, otherwise
    record Drawn(Stood stoodThen, Sample then, long otherwise, Stood stoodNow, Sample now) {}

    /// @throws Problem NOT_FOUND `nothing-to-attribute`; DEADLINE `attribution-took-too-long`
    Drawn draw(Asked asked, long deadlineNanos) {
        var then = new Groups(asked);
        var now = new Groups(asked);
        var all = asked.sample();
        var from = asked.stretch().from();
        if (asked.reference().from().isBefore(from)) from = asked.reference().from();
        try (var reader = log.read(log.since(from.minus(CLOCKS)))) {
            for (long read = 0; reader.next(); read++) {
                if (read % 1_024 == 0 && System.nanoTime() > deadlineNanos) throw tooLong();
                if (reader.gap().isPresent()) continue;
                if (BlobRecord.isBlob(reader.type())) {
                    var id = reader.id();
                    if (!all.wants(id) && !then.wants(id)) continue;
                    var content = BlobRecord.read(reader.payload());
                    all.add(id, content);
                    then.add(id, content);
                    continue;
                }
                var one = read(reader, asked);
                if (one.isEmpty()) continue;
                var at = one.get().prediction().eventTime();
                if (asked.reference().holds(at)) then.add(one.get());
                if (asked.stretch().holds(at)) {
                    now.add(one.get());
                    all.add(one.get());
                }
            }
        }
        var reference = then.largest().orElseThrow(() -> nothing(asked, asked.reference()));
        var latest =
                now.otherThan(reference.stood)
                        .or(now::largest)
                        .orElseThrow(() -> nothing(asked, asked.stretch()));
        return new Drawn(
                reference.stood,
                reference.sample,
                then.seen() - reference.sample.seen(),
                latest.stood,
                all);
    }

    private Optional<Case> read(LogReader reader, Asked asked) {
        if (!PredictionReader.isPrediction(reader.type())
                || !PredictionReader.endpoint(reader.payload()).equals(asked.endpoint()))
            return Optional.empty();
        var prediction =
                PredictionReader.read(
                        reader.version(),
                        reader.schemaHash(),
                        reader.id(),
                        reader.timeMicros(),
                        reader.payload());
        boolean counts =
                prediction.origin() == asked.origin()
                        && prediction.arm() == Arm.Role.LIVE
                        && !prediction.extra().containsKey("pinned");
        return counts
                ? endpoints.schema(prediction.schema()).map(schema -> new Case(prediction, schema))
                : Optional.empty();
    }

    /// Predictions that were answered while the endpoint stood one way.
    private record Group(Stood stood, Sample sample) {}

    private final class Groups {
        private final Asked asked;
        private final List<Group> all = new ArrayList<>();
        private final Map<Long, Optional<Group>> byEpoch = new HashMap<>();

        Groups(Asked asked) {
            this.asked = asked;
        }

        void add(Case one) {
            byEpoch.computeIfAbsent(one.prediction().epoch(), any -> group(one.prediction()))
                    .ifPresent(group -> group.sample.add(one));
        }

        private Optional<Group> group(Prediction prediction) {
            var stood =
                    endpoints.stood(asked.endpoint(), prediction.epoch(), prediction.received());
            if (stood.isEmpty()) return Optional.empty();
            for (var group : all) if (group.stood.sameAs(stood.get())) return Optional.of(group);
            if (all.size() == STOOD_MOST) return Optional.empty();
            all.add(new Group(stood.get(), asked.sample()));
            return Optional.of(all.getLast());
        }

        boolean wants(UUID id) {
            return all.stream().anyMatch(each -> each.sample.wants(id));
        }

        void add(UUID id, BlobRecord.Content content) {
            for (var each : all) each.sample.add(id, content);
        }

        long seen() {
            return all.stream().mapToLong(each -> each.sample.seen()).sum();
        }

        Optional<Group> largest() {
            return largest(all.stream());
        }

        Optional<Group> otherThan(Stood stood) {
            return largest(all.stream().filter(each -> !each.stood.sameAs(stood)));
        }

        private static Optional<Group> largest(Stream<Group> some) {
            return some.max(Comparator.comparingLong(each -> each.sample.seen()));
        }
    }

    private static Problem nothing(Asked asked, Stretch stretch) {
        return new Problem(
                Problem.Kind.NOT_FOUND,
                "nothing-to-attribute",
                "Nothing can be said of endpoint '" + asked.endpoint() + "'.",
                "The log has no prediction that its live arm answered from "
                        + stretch.from()
                        + " to "
                        + stretch.to()
                        + ".",
                "Name a stretch with traffic that the log still holds.");
    }

    private static Problem tooLong() {
        return new Problem(
                Problem.Kind.DEADLINE,
                "attribution-took-too-long",
                "The stretches could not be read in time.",
                "The log holds too much from the earlier one to now.",
                "Name a later reference.");
    }
}
