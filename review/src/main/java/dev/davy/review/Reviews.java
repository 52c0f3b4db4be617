package dev.davy.review;

import dev.davy.serving.Decided;
import dev.davy.serving.Decisions;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Micros;
import dev.davy.serving.Routing;
import dev.davy.serving.feedback.Feedbacks;
import dev.davy.storage.Database;
import dev.davy.storage.Event;
import dev.davy.storage.Events;
import dev.davy.storage.Ids;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Keeps the cases that people see: who has which before them, what they said, and what that comes
/// to. What is answered is on disk; every judgement is in the log as well, as soon as that can be
/// written.
public final class Reviews {
    private static final Logger LOGGER = LoggerFactory.getLogger(Reviews.class);

    /// A case that its reviewer has left comes back into the queue after this.
    static final Duration LEASE = Duration.ofMinutes(2);

    private static final Duration TOLD_WITHIN = Duration.ofSeconds(10);
    private static final int AHEAD_MOST = 10;
    private static final int DUE_MOST = 500;
    private static final int UNTOLD_MOST = 500;

    /// What people said of the newest so many cases is what thresholds and figures rest on.
    private static final int KNOWN_MOST = 50_000;

    private final Database database;
    private final Endpoints endpoints;
    private final Feedbacks feedbacks;
    private final Decisions decisions;
    private final Ids ids;
    private final InstantSource clock;

    /// How many are open, by endpoint: what serving reads.
    private volatile Map<String, Integer> open = Map.of();

    private volatile boolean used;

    /// Policies as they were read last, by endpoint.
    private final Map<String, Read> policies = new ConcurrentHashMap<>();

    private record Read(Routing routing, Policy policy) {}

    public Reviews(
            Database database,
            Endpoints endpoints,
            Feedbacks feedbacks,
            Decisions decisions,
            Ids ids,
            InstantSource clock) {
        this.database = database;
        this.endpoints = endpoints;
        this.feedbacks = feedbacks;
        this.decisions = decisions;
        this.ids = ids;
        this.clock = clock;
        recount();
        recountUse();
        decisions.knownFrom(this::decided);
    }

    /// The follower that makes cases of what the log says.
    public ReviewFollower follower() {
        return new ReviewFollower(this, endpoints::schema);
    }

    /// What an endpoint's declaration says of automation.
    public Policy policy(String endpoint) {
        var routing = endpoints.table().route(endpoint);
        return routing.map(this::policy).orElse(Policy.NONE);
    }

    Policy policy(Routing routing) {
        var name = routing.endpoint().name();
        var known = policies.get(name);
        if (known != null
                && known.routing().endpoint().equals(routing.endpoint())
                && known.routing().shape().equals(routing.shape())) return known.policy();
        var policy =
                PolicyReading.read(
                        routing.endpoint(), routing.shape().rows(), routing.shape().outputs());
        policies.put(name, new Read(routing, policy));
        return policy;
    }

    /// How many cases of an endpoint are open.
    public int open(String endpoint) {
        return open.getOrDefault(endpoint, 0);
    }

    /// How many cases are open, by endpoint.
    public Map<String, Integer> open() {
        return open;
    }

    /// When the oldest open case of an endpoint came.
    public Optional<java.time.Instant> oldest(String endpoint) {
        return database.read(handle -> ReviewTable.oldest(handle, endpoint));
    }

    /// Whether any endpoint lets people see anything: then truth is remembered with their cases.
    boolean isUsed() {
        return used;
    }

    void recountUse() {
        boolean some = false;
        for (var routing : endpoints.table().routes().values()) some |= policy(routing).declared();
        used |= some;
    }

    void recount() {
        open = Map.copyOf(database.read(ReviewTable::open));
    }

    boolean isFull(String endpoint, Policy policy) {
        return open(endpoint) >= policy.queueMost();
    }

    /// The next cases for a reviewer, who has them before them for two minutes.
    ///
    /// @param ahead how many more than the one that is looked at, so that they can be loaded
    public List<Review> next(String endpoint, String reviewer, int ahead) {
        var policy = policy(endpoint);
        int wanted = 1 + Math.clamp(ahead, 0, AHEAD_MOST);
        return database.write(handle -> {
            var at = clock.instant();
            long now = Micros.of(at);
            long until = Micros.of(at.plus(LEASE));
            ReviewTable.forgetLeases(handle, now);
            var cases = new ArrayList<>(ReviewTable.leased(handle, endpoint, reviewer, now));
            while (cases.size() > wanted) cases.removeLast();
            if (cases.size() < wanted && ThreadLocalRandom.current().nextDouble() < policy.gold())
                cases.addAll(ReviewTable.gold(handle, endpoint, reviewer, 1));
            if (cases.size() < wanted)
                for (var each :
                        ReviewTable.waiting(handle, endpoint, reviewer, now, wanted - cases.size()))
                    if (cases.stream().noneMatch(c -> c.prediction().equals(each.prediction())))
                        cases.add(each);
            for (var each : cases) ReviewTable.lease(handle, each.prediction(), reviewer, until);
            return List.copyOf(cases);
        });
    }

    /// What became of what a reviewer said.
    ///
    /// @param isNew whether it was not known already
    public record Taken(Review review, boolean isNew) {}

    /// Takes what a reviewer says of a case. Said again it changes nothing; another answer of the
    /// same reviewer is a correction.
    ///
    /// @param answer by output; empty: they can't tell
    /// @throws Problem NOT_FOUND `review-unknown`; UNACCEPTABLE `answer-does-not-fit`
    public Taken judge(
            UUID prediction, String reviewer, Optional<JsonNode> answer, OptionalDouble seconds) {
        var found = one(prediction);
        var policy = policy(found.endpoint());
        Optional<JsonNode> checked =
                answer.map(said -> Answers.checked(said, outputs(found.endpoint())));
        var taken =
                database.write(handle -> {
                    var review = get(handle, prediction);
                    var judgements = ReviewTable.judgements(handle, prediction);
                    var mine =
                            judgements.stream()
                                    .filter(each -> each.reviewer().equals(reviewer))
                                    .findFirst();
                    ReviewTable.release(handle, prediction, reviewer);
                    if (mine.isPresent() && mine.get().saysAs(checked))
                        return new Taken(review, false);
                    var judgement =
                            new Judgement(
                                    prediction,
                                    reviewer,
                                    ReviewTable.revision(handle, prediction, reviewer) + 1,
                                    checked,
                                    sees(review, policy, reviewer),
                                    policy.instructions()
                                            .map(Policy.Instructions::version)
                                            .orElse(""),
                                    seconds,
                                    clock.instant());
                    ReviewTable.putJudgement(handle, judgement);
                    return new Taken(ruled(handle, review), true);
                });
        tell(taken.review(), reviewer);
        return taken;
    }

    /// Takes a reviewer's own judgement back; the case is before them again.
    ///
    /// @throws Problem NOT_FOUND `judgement-unknown`
    public Review takeBack(UUID prediction, String reviewer) {
        return database.write(handle -> {
            var review = get(handle, prediction);
            var mine =
                    ReviewTable.judgements(handle, prediction).stream()
                            .filter(each -> each.reviewer().equals(reviewer))
                            .findFirst();
            if (mine.isEmpty())
                throw new Problem(
                        Problem.Kind.NOT_FOUND,
                        "judgement-unknown",
                        "'" + reviewer + "' has said nothing of prediction " + prediction + ".",
                        "It may have been taken back already.",
                        "Judge it, or leave it.");
            ReviewTable.takeBack(handle, prediction, reviewer);
            ReviewTable.lease(handle, prediction, reviewer, Micros.of(clock.instant().plus(LEASE)));
            return ruled(handle, review);
        });
    }

    /// Never offers a case to this reviewer again.
    public void skip(UUID prediction, String reviewer, String why) {
        database.write(handle -> {
            get(handle, prediction);
            ReviewTable.release(handle, prediction, reviewer);
            ReviewTable.skip(handle, prediction, reviewer, why, Micros.of(clock.instant()));
            return true;
        });
    }

    /// Makes a case one whose answer is known: reviewers are measured by it.
    ///
    /// @throws Problem NOT_FOUND `review-unknown` when no person has come to see it
    public Review gold(UUID prediction, JsonNode answer) {
        var review = one(prediction);
        var checked = Answers.checked(answer, outputs(review.endpoint()));
        return database.write(handle -> {
            var now = get(handle, prediction);
            var gold = now.withGold(checked);
            ReviewTable.put(handle, gold);
            return gold;
        });
    }

    /// A case.
    ///
    /// @throws Problem NOT_FOUND `review-unknown`
    public Review one(UUID prediction) {
        return database.read(handle -> get(handle, prediction));
    }

    /// What was said of a case, in the order in which it was.
    public List<Judgement> judgements(UUID prediction) {
        return database.read(handle -> ReviewTable.judgements(handle, prediction));
    }

    /// The newest cases first.
    public List<Review> list(Optional<String> endpoint, Optional<Review.State> state, int limit) {
        return database.read(handle -> ReviewTable.list(handle, endpoint, state, limit));
    }

    /// Cases of which something is known that the model can be held against, newest first.
    public List<Review> known(String endpoint) {
        return database.read(handle -> ReviewTable.known(handle, endpoint, KNOWN_MOST));
    }

    /// How often something came to be known of an endpoint's cases: another number, other cases.
    long knownCount(String endpoint) {
        return database.read(handle -> ReviewTable.knownCount(handle, endpoint));
    }

    /// What reviewers of an endpoint said, newest first.
    public List<Judgement> judgements(String endpoint) {
        return database.read(handle -> ReviewTable.judgements(handle, endpoint, KNOWN_MOST));
    }

    /// Whether this reviewer is shown what the model says of a case. The same whenever it is asked.
    public static boolean sees(Review review, Policy policy, String reviewer) {
        if (review.answer().isEmpty()
                || review.level().equals(Level.HUMAN_ONLY.word())
                || review.level().equals(Level.SHADOW.word())) return false;
        // What the model decided alone is checked by people who don't know what it said.
        if (review.alone()) return false;
        long hash = review.prediction().getLeastSignificantBits() * 31 + reviewer.hashCode();
        hash ^= hash >>> 33;
        hash *= 0xff51afd7ed558ccdL;
        hash ^= hash >>> 33;
        return (hash >>> 11) * 0x1.0p-53 >= policy.hidden();
    }

    /// What people have decided of a prediction by now.
    private Optional<Decided> decided(UUID prediction) {
        return database.read(handle -> ReviewTable.get(handle, prediction)).flatMap(this::told);
    }

    private Optional<Decided> told(Review review) {
        return review.outcome()
                .map(outcome ->
                        new Decided(
                                Answers.values(
                                        Json.text(outcome.output()), outputs(review.endpoint())),
                                outcome.by(),
                                outcome.at()));
    }

    private List<dev.davy.schema.Output> outputs(String endpoint) {
        return endpoints
                .table()
                .route(endpoint)
                .map(routing -> routing.shape().outputs())
                .orElse(List.of());
    }

    private static Review get(Handle handle, UUID prediction) {
        return ReviewTable.get(handle, prediction)
                .orElseThrow(() ->
                        new Problem(
                                Problem.Kind.NOT_FOUND,
                                "review-unknown",
                                "Prediction " + prediction + " is no case for a person.",
                                "Nobody was asked about it, or it was erased.",
                                "See the cases with: davy review list"));
    }

    /// What the judgements come to by now.
    private Review ruled(Handle handle, Review review) {
        var judgements = ReviewTable.judgements(handle, review.prediction());
        int asking = Math.max(1, policy(review.endpoint()).reviewers());
        var ruled =
                switch (Ruling.of(judgements, Math.max(asking, judgements.isEmpty() ? 1 : 0))) {
                    case Ruling.Agreed(var answer, var by) ->
                            review.with(
                                    Review.State.DECIDED,
                                    Math.max(asking, judgements.size()),
                                    judgements.size(),
                                    false,
                                    Optional.of(new Review.Outcome(answer, by, clock.instant())));
                    case Ruling.Waiting() ->
                            review.with(
                                    Review.State.OPEN,
                                    asking,
                                    judgements.size(),
                                    false,
                                    Optional.empty());
                    case Ruling.Tied() ->
                            review.with(
                                    Review.State.OPEN,
                                    judgements.size() + 1,
                                    judgements.size(),
                                    true,
                                    Optional.empty());
                };
        ReviewTable.put(handle, ruled);
        news(handle, ruled);
        return ruled;
    }

    /// An event of a decision, where the endpoint has somebody to tell it to.
    private void news(Handle handle, Review review) {
        if (review.outcome().isEmpty() || !tellsDecisions(review.endpoint())) return;
        var outcome = review.outcome().get();
        var detail =
                Json.object()
                        .put("prediction", review.prediction().toString())
                        .put("by", outcome.by())
                        .put("revision", review.revision())
                        .put("severity", "info")
                        .put("why", Json.text(outcome.output()) + " by " + outcome.by());
        detail.set("output", outcome.output());
        Events.record(
                handle,
                new Event(
                        ids.next(),
                        outcome.at(),
                        "review",
                        review.endpoint() + "/" + review.prediction(),
                        "decided",
                        outcome.by(),
                        "",
                        detail));
    }

    private boolean tellsDecisions(String endpoint) {
        var notify =
                endpoints
                        .table()
                        .route(endpoint)
                        .map(routing -> routing.endpoint().source().path("notify"));
        if (notify.isEmpty()) return false;
        for (var channel : notify.get())
            for (var on : channel.path("on")) if (on.asString("").equals("decisions")) return true;
        return false;
    }

    /// Tells who waits, and puts what was said into the log.
    private void tell(Review review, String reviewer) {
        told(review).ifPresent(decided -> decisions.decided(review.prediction(), decided));
        tellLog(
                judgements(review.prediction()).stream()
                        .filter(each -> each.reviewer().equals(reviewer))
                        .toList(),
                review.endpoint());
        if (review.outcome().isPresent()
                && review.outcome().get().by().equals("consensus")
                && policy(review.endpoint()).isTruth()) tellTruth(review);
    }

    /// Where the endpoint declares it: what several agree on counts as truth from now on.
    private void tellTruth(Review review) {
        var outputs = outputs(review.endpoint());
        var items = new ArrayList<JsonNode>();
        for (var each : review.outcome().orElseThrow().output().properties()) {
            var of = "consensus-" + review.prediction() + "-" + each.getKey() + "-";
            var item =
                    Json.object()
                            .put("id", of + review.revision())
                            .put("prediction", review.prediction().toString())
                            .put("endpoint", review.endpoint())
                            .put("source", "consensus");
            if (outputs.size() > 1) item.put("output", each.getKey());
            item.set("truth", each.getValue());
            items.add(item);
        }
        for (var result : feedbacks.take(items))
            if (result instanceof Feedbacks.Result.Refused(var problem))
                LOGGER.warn("a consensus is not in the log: {}", problem.getMessage());
    }

    /// Judgements that are not in the log yet: it could not be written, or we were killed between.
    void tellRest() {
        // What is just being told has its own call for it.
        long before = Micros.of(clock.instant().minus(TOLD_WITHIN));
        var untold = database.read(handle -> ReviewTable.untold(handle, before, UNTOLD_MOST));
        for (var each : untold)
            try {
                tellLog(List.of(each), one(each.prediction()).endpoint());
            } catch (Problem gone) {
                LOGGER.warn("a judgement can't be told: {}", gone.getMessage());
            }
    }

    private void tellLog(Collection<Judgement> judgements, String endpoint) {
        var outputs = outputs(endpoint);
        for (var each : judgements) {
            var items = new ArrayList<JsonNode>();
            if (each.answer().isPresent())
                for (var answer : each.answer().get().properties()) {
                    var item =
                            Json.object()
                                    .put("id", id(each, each.revision(), answer.getKey()))
                                    .put("prediction", each.prediction().toString())
                                    .put("endpoint", endpoint)
                                    .put("by", each.reviewer())
                                    .put("saw-answer", each.saw());
                    if (outputs.size() > 1) item.put("output", answer.getKey());
                    item.set("judgement", answer.getValue());
                    if (!each.instructions().isEmpty())
                        item.put("instructions", each.instructions());
                    item.put("at", each.at().toString());
                    if (each.revision() > 1)
                        item.put("replaces", id(each, each.revision() - 1, answer.getKey()));
                    items.add(item);
                }
            boolean kept = true;
            for (var result : items.isEmpty() ? List.<Feedbacks.Result>of() : feedbacks.take(items))
                if (result instanceof Feedbacks.Result.Refused(var problem)) {
                    LOGGER.warn("a judgement is not in the log yet: {}", problem.getMessage());
                    // What can never be taken is not tried for ever.
                    kept &=
                            problem.kind() != Problem.Kind.UNAVAILABLE
                                    && problem.kind() != Problem.Kind.FULL;
                }
            if (kept)
                database.write(handle -> {
                    ReviewTable.told(handle, each);
                    return true;
                });
        }
    }

    private static String id(Judgement judgement, int revision, String output) {
        return "review-"
                + judgement.prediction()
                + "-"
                + judgement.reviewer()
                + "-"
                + output
                + "-"
                + revision;
    }

    /// What nobody decided in time is decided as declared, and what has waited long goes first.
    void overdue() {
        // Nothing that is open can be late: no transaction each second on a server without cases.
        if (open.isEmpty()) return;
        long now = Micros.of(clock.instant());
        var late = database.read(handle -> ReviewTable.due(handle, now, DUE_MOST));
        var decided = new ArrayList<Review>();
        database.write(handle -> {
            ReviewTable.escalate(handle, now);
            for (var each : late) {
                var policy = policy(each.endpoint());
                Optional<JsonNode> answer =
                        switch (policy.nobody()) {
                            case Policy.Nobody.Open _ -> Optional.empty();
                            case Policy.Nobody.ByModel _ ->
                                    each.answer().isEmpty()
                                            ? Optional.<JsonNode>empty()
                                            : Optional.of(each.answer());
                            case Policy.Nobody.Safe(var outputs) -> Optional.of(Json.tree(outputs));
                        };
                if (answer.isEmpty()) continue;
                var still = ReviewTable.get(handle, each.prediction());
                if (still.isEmpty() || still.get().state() != Review.State.OPEN) continue;
                var expired =
                        still.get()
                                .with(
                                        Review.State.EXPIRED,
                                        still.get().wanted(),
                                        still.get().given(),
                                        still.get().isTie(),
                                        Optional.of(
                                                new Review.Outcome(
                                                        answer.get(), "nobody", clock.instant())));
                ReviewTable.put(handle, expired);
                news(handle, expired);
                decided.add(expired);
            }
            return true;
        });
        for (var each : decided)
            told(each).ifPresent(told -> decisions.decided(each.prediction(), told));
    }

    /// Forgets cases that are erased.
    public void erase(Collection<UUID> predictions) {
        database.write(handle -> {
            ReviewTable.erase(handle, predictions);
            return true;
        });
        recount();
    }
}
