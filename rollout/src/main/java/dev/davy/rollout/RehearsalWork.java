package dev.davy.rollout;

import dev.davy.jobs.Running;
import dev.davy.jobs.Work;
import dev.davy.rollout.AskedAgain.Stretch;
import dev.davy.serving.Prediction;
import dev.davy.serving.past.Logged;
import dev.davy.strict.Fields;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The job that says what a rollout would have done with the traffic of the past. It begins anew
/// when it was interrupted: its candidate says the same again.
public final class RehearsalWork implements Work {
    /// As it stands in jobs.
    public static final String KIND = "rollout-rehearsal";

    private final AskedAgain again;

    public RehearsalWork(AskedAgain again) {
        this.again = again;
    }

    @Override
    public String kind() {
        return KIND;
    }

    private record Wanted(
            Stretch stretch, Optional<JsonNode> policy, Optional<Policy.Case> purpose) {}

    private Wanted wanted(JsonNode arguments) {
        var fields = Fields.of(arguments, "The rehearsal");
        var stretch = again.stretch(fields, "to");
        var policy = fields.optionalNode("policy");
        var purpose = fields.optionalChoice("case", Policy.Case.class);
        fields.done();
        return new Wanted(stretch, policy, purpose);
    }

    @Override
    public JsonNode check(JsonNode arguments) {
        var wanted = wanted(arguments);
        var stretch = wanted.stretch();
        // Says all that is wrong with the version and the policy before anything is loaded.
        var drawn = again.drawn(stretch, wanted.policy(), wanted.purpose(), List.of(), "rehearsal");
        var named =
                new Stretch(stretch.endpoint(), drawn.candidate(), stretch.from(), stretch.until());
        var json = AskedAgain.json(named, "to");
        wanted.policy().ifPresent(section -> json.set("policy", section));
        wanted.purpose().ifPresent(each -> json.put("case", PolicyJson.word(each)));
        return json;
    }

    @Override
    public String about(JsonNode arguments) {
        return AskedAgain.about(arguments, "to");
    }

    @Override
    public JsonNode run(Running job) throws Exception {
        var wanted = wanted(job.job().arguments());
        var asked = wanted.stretch();
        var before = again.before(asked.endpoint(), asked.from());
        var known = before.isEmpty() ? first(asked) : before;
        // Nobody begins a rollout where there is no traffic yet.
        var stretch = before.isEmpty() ? asked.beginning(known.getFirst().received()) : asked;
        long seconds = Duration.between(stretch.from(), stretch.until()).toSeconds();
        job.total(Math.max(1, seconds), "seconds of the log");
        var who = job.job().who();
        var whole = again.drawn(stretch, wanted.policy(), wanted.purpose(), known, who);
        var policy = whole.rollout().policy();
        var drawn = whole.with(whole.rollout().with(Rehearsal.watchable(policy)));
        try (var apart = again.endpoints().apart(stretch.endpoint(), stretch.to())) {
            var rehearsal =
                    new Rehearsal(
                            drawn,
                            before,
                            stretch.until(),
                            again.schemas(),
                            logged -> AskedAgain.asking(apart, logged));
            again.traffic()
                    .read(
                            stretch.endpoint(),
                            stretch.from(),
                            stretch.until(),
                            logged -> taken(job, stretch, rehearsal, logged));
            job.check();
            rehearsal.end(stretch.until());
            return RehearsalJson.of(rehearsal, stretch, policy, hashed(stretch));
        }
    }

    private boolean taken(Running job, Stretch stretch, Rehearsal rehearsal, Logged logged) {
        rehearsal.take(logged, again.feedbacks().later(logged.prediction()));
        job.progress(
                Math.max(
                        0,
                        Duration.between(stretch.from(), logged.prediction().received())
                                .toSeconds()));
        return !job.stopping() && !rehearsal.over();
    }

    private List<Prediction> first(Stretch stretch) {
        // Where nothing is known from before, these tell what the traffic looks like: the values of
        // slices.
        var first = again.first(stretch);
        if (first.isEmpty())
            throw new Problem(
                    Problem.Kind.CONFLICT,
                    "nothing-to-rehearse",
                    "There is nothing to rehearse with at endpoint '" + stretch.endpoint() + "'.",
                    "Nobody asked it from %s to %s.".formatted(stretch.from(), stretch.until()),
                    "Name an earlier time with 'since'.");
        return first;
    }

    /// Whether the log holds a hash of the entity, by which arms are assigned otherwise than they
    /// would have been.
    private boolean hashed(Stretch stretch) {
        return again.endpoints()
                .table()
                .route(stretch.endpoint())
                .flatMap(routing ->
                        routing.shape()
                                .entityColumn()
                                .flatMap(name -> routing.shape().rows().column(name)))
                .map(column -> column.log() != dev.davy.schema.LogPolicy.KEEP)
                .orElse(false);
    }
}
