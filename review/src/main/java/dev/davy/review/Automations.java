package dev.davy.review;

import dev.davy.serving.Automation;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Routing;
import dev.davy.storage.Database;
import dev.davy.storage.Event;
import dev.davy.storage.Events;
import dev.davy.storage.Ids;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Keeps how much each endpoint's model decides: the level that is declared, changed by a person or
/// stepped down by an alarm, and the thresholds that reviewed cases support. Every change is an
/// event, and serving sees it with the next request.
public final class Automations implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Automations.class);

    /// Who does what nobody did.
    private static final String DAVY = "davy";

    private static final long ROUND_MILLIS = 1_000;

    /// Rounds between two looks at what cases say of thresholds.
    private static final int THRESHOLD_ROUNDS = 5;

    /// Rounds between two looks at whether the evidence supports more.
    private static final int STEP_UP_ROUNDS = 60;

    private final Database database;
    private final Endpoints endpoints;
    private final Reviews reviews;
    private final Outside outside;
    private final Ids ids;
    private final InstantSource clock;

    /// By endpoint and slice.
    private final Map<Key, AutomationTable.Changed> changed = new ConcurrentHashMap<>();

    private final Map<VersionKey, AutomationTable.Chosen> chosen = new ConcurrentHashMap<>();

    /// How many judgements thresholds were chosen from last, by endpoint.
    private final Map<String, Long> chosenFrom = new HashMap<>();

    private final ScheduledExecutorService clerk =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("davy-review").factory());
    private int round;

    /// What rang at the last look, by endpoint.
    private final Map<String, Set<String>> acted = new HashMap<>();

    /// What the cases of an endpoint said when they were last looked at.
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();

    private record Seen(Policy policy, long count, Evidences evidence) {}

    private record Key(String endpoint, String slice) {}

    private record VersionKey(String endpoint, String version, String slice) {}

    public Automations(
            Database database,
            Endpoints endpoints,
            Reviews reviews,
            Outside outside,
            Ids ids,
            InstantSource clock) {
        this.database = database;
        this.endpoints = endpoints;
        this.reviews = reviews;
        this.outside = outside;
        this.ids = ids;
        this.clock = clock;
        for (var each : database.read(AutomationTable::changed))
            changed.put(new Key(each.endpoint(), each.slice()), each);
        for (var each : database.read(AutomationTable::chosen))
            chosen.put(new VersionKey(each.endpoint(), each.version(), each.slice()), each);
        endpoints.automate(this::rule);
    }

    /// Looks after queues, alarms and thresholds from now on.
    public void start() {
        var _ =
                clerk.scheduleWithFixedDelay(
                        this::look, ROUND_MILLIS, ROUND_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// Who decides what an endpoint is asked.
    private Automation rule(Routing routing) {
        if (!routing.ready()) return Automation.FULL;
        try {
            var policy = reviews.policy(routing);
            if (!policy.declared()) return Automation.FULL;
            return new Rule(
                    routing, policy, new Standing(routing.endpoint().name(), policy), outside);
        } catch (Problem problem) {
            // Checked when it was declared; a release that reads it otherwise must not decide
            // alone.
            LOGGER.error(
                    "automation of {} can't be read; the model decides nothing: {}",
                    routing.endpoint().name(),
                    problem.getMessage());
            var nobody = PolicyReading.cautious();
            return new Rule(
                    routing, nobody, new Standing(routing.endpoint().name(), nobody), outside);
        }
    }

    private final class Standing implements Rule.Standing {
        private final String endpoint;
        private final Policy policy;

        Standing(String endpoint, Policy policy) {
            this.endpoint = endpoint;
            this.policy = policy;
        }

        @Override
        public Level level(String slice, Level declared) {
            return Automations.this.level(endpoint, slice, declared);
        }

        @Override
        public OptionalDouble threshold(String version, String slice) {
            var known = chosen.get(new VersionKey(endpoint, version, slice));
            return known == null || !known.target().equals(target(policy))
                    ? OptionalDouble.empty()
                    : known.threshold();
        }

        @Override
        public boolean isFull() {
            return reviews.isFull(endpoint, policy);
        }
    }

    private Level level(String endpoint, String slice, Level declared) {
        var other = changed.get(new Key(endpoint, slice));
        return other == null || other.declared() != declared ? declared : other.level();
    }

    static String target(Policy policy) {
        return policy.alone() instanceof Policy.Alone.Reaching(var target, var certainty)
                ? target + ", " + certainty
                : "";
    }

    /// Changes a level now.
    ///
    /// @param slice a condition of the declaration's `levels`; empty: the endpoint's own
    /// @throws Problem NOT_FOUND `endpoint-unknown`; CONFLICT `automation-not-declared`;
    ///   UNACCEPTABLE `slice-unknown`, `alone-when-missing`
    public void change(String endpoint, String slice, Level to, String who, String why) {
        change(endpoint, slice, to, who, why, false);
    }

    private synchronized void change(
            String endpoint, String slice, Level to, String who, String why, boolean stepped) {
        var routing =
                endpoints.table().route(endpoint).orElseThrow(() -> Endpoints.unknown(endpoint));
        var policy = reviews.policy(routing);
        if (!policy.declared())
            throw new Problem(
                    Problem.Kind.CONFLICT,
                    "automation-not-declared",
                    "Endpoint '" + endpoint + "' says nothing of automation.",
                    "Its model decides everything, and nobody is asked.",
                    "Add 'automation: {level: …}' to its declaration, and apply it.");
        var declared = declared(policy, slice);
        if (to == Level.PARTIAL && policy.alone() instanceof Policy.Alone.Never)
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "alone-when-missing",
                    "At level partial the model decides where it is sure.",
                    "The declaration does not say when that is.",
                    "Add 'alone-when' to 'automation', for instance: confidence >= 0.95");
        var before = level(endpoint, slice, declared);
        if (before == to && !stepped) return;
        var now =
                new AutomationTable.Changed(
                        endpoint, slice, to, declared, who, why, clock.instant(), stepped);
        var detail = Json.object().put("from", before.word()).put("to", to.word());
        detail.put("declared", declared.word());
        if (!slice.isEmpty()) detail.put("where", slice);
        database.write(handle -> {
            AutomationTable.put(handle, now);
            Events.record(
                    handle,
                    event(
                            endpoint,
                            stepped ? "automation stepped down" : "automation changed",
                            who,
                            why,
                            detail));
            return true;
        });
        changed.put(new Key(endpoint, slice), now);
        endpoints.automateAgain(endpoint);
    }

    private Event event(String endpoint, String what, String who, String why, ObjectNode detail) {
        return new Event(ids.next(), clock.instant(), "endpoint", endpoint, what, who, why, detail);
    }

    private static Level declared(Policy policy, String slice) {
        if (slice.isEmpty()) return policy.level();
        for (var each : policy.levels()) if (each.where().equals(slice)) return each.level();
        throw new Problem(
                Problem.Kind.UNACCEPTABLE,
                "slice-unknown",
                "No slice of 'automation.levels' is '" + slice + "'.",
                "They are " + policy.levels().stream().map(Policy.BySlice::where).toList() + ".",
                "Name one of these, or leave 'where' out.");
    }

    /// How much of an endpoint the model decides, and what that rests on.
    ///
    /// @param since when the level was changed; empty: it is as declared
    public record State(
            String endpoint,
            Policy policy,
            Level level,
            List<SliceState> slices,
            Optional<Instant> since,
            String who,
            String why,
            boolean stepped,
            List<Choice> thresholds) {}

    /// A slice and its level.
    public record SliceState(String where, Level level, Level declared) {}

    /// From which confidence a version decides alone.
    public record Choice(
            String version,
            String slice,
            OptionalDouble threshold,
            tools.jackson.databind.JsonNode detail,
            Instant at) {}

    /// How an endpoint stands.
    public State state(String endpoint) {
        var policy = reviews.policy(endpoint);
        var own = changed.get(new Key(endpoint, ""));
        var holds = own != null && own.declared() == policy.level() ? own : null;
        var slices = new ArrayList<SliceState>();
        for (var each : policy.levels())
            slices.add(
                    new SliceState(
                            each.where(),
                            level(endpoint, each.where(), each.level()),
                            each.level()));
        var target = target(policy);
        var choices = new ArrayList<Choice>();
        chosen.values().stream()
                .filter(each -> each.endpoint().equals(endpoint) && each.target().equals(target))
                .sorted(
                        java.util.Comparator.comparing(AutomationTable.Chosen::version)
                                .thenComparing(AutomationTable.Chosen::slice))
                .forEach(each ->
                        choices.add(
                                new Choice(
                                        each.version(),
                                        each.slice(),
                                        each.threshold(),
                                        each.detail(),
                                        each.at())));
        return new State(
                endpoint,
                policy,
                level(endpoint, "", policy.level()),
                slices,
                Optional.ofNullable(holds).map(AutomationTable.Changed::at),
                holds == null ? "" : holds.who(),
                holds == null ? "" : holds.why(),
                holds != null && holds.stepped(),
                choices);
    }

    /// How an endpoint stands, with what reviewed cases say.
    ///
    /// @throws Problem NOT_FOUND `endpoint-unknown`
    AutomationView view(String endpoint) {
        var routing =
                endpoints.table().route(endpoint).orElseThrow(() -> Endpoints.unknown(endpoint));
        reviews.recount();
        var version = routing.live().map(arm -> arm.program().version()).orElse("");
        return new AutomationView(
                state(endpoint),
                reviews.open(endpoint),
                reviews.oldest(endpoint),
                evidence(endpoint, version, reviews.policy(endpoint)));
    }

    /// Worked out again only when something came to be known.
    private Evidences evidence(String endpoint, String version, Policy policy) {
        long count = reviews.knownCount(endpoint);
        var before = seen.get(endpoint);
        if (before != null
                && before.count() == count
                && before.policy().equals(policy)
                && before.evidence().version().equals(version)) return before.evidence();
        var now =
                Evidences.of(
                        version, policy, reviews.known(endpoint), reviews.judgements(endpoint));
        seen.put(endpoint, new Seen(policy, count, now));
        return now;
    }

    private void look() {
        try {
            reviews.recount();
            reviews.recountUse();
            reviews.overdue();
            reviews.tellRest();
            for (var routing : endpoints.table().routes().values()) {
                var policy = reviews.policy(routing);
                if (policy.declared()) step(routing.endpoint().name(), policy);
            }
            if (round++ % THRESHOLD_ROUNDS == 0) choose();
            if (round % STEP_UP_ROUNDS == 0) stepUp();
        } catch (RuntimeException e) {
            // The next round tries again; serving goes on by what it was told last.
            LOGGER.warn("the review's clerk failed", e);
        }
    }

    /// What an alarm that begins to ring does: the level steps down. Only a person steps up again,
    /// and the same alarm does not overrule them while it goes on.
    private void step(String endpoint, Policy policy) {
        if (policy.stepDown().to().isEmpty()) return;
        var ringing = outside.ringing(endpoint);
        var before = acted.get(endpoint);
        acted.put(endpoint, ringing);
        // After a restart what rings has had its say already, if anything was changed at all.
        if (before == null
                && changed.keySet().stream().anyMatch(k -> k.endpoint().equals(endpoint))) return;
        var fresh = new HashSet<>(ringing);
        if (before != null) fresh.removeAll(before);
        var cause = cause(policy.stepDown(), fresh);
        if (cause == null) return;
        var to = policy.stepDown().to().get();
        step(endpoint, "", policy.level(), to, cause);
        for (var each : policy.levels()) step(endpoint, each.where(), each.level(), to, cause);
    }

    private void step(String endpoint, String slice, Level declared, Level to, String cause) {
        if (level(endpoint, slice, declared).compareTo(to) > 0)
            change(endpoint, slice, to, DAVY, "alarm: " + cause + " rings", true);
    }

    private static @Nullable String cause(Policy.StepDown stepDown, Set<String> ringing) {
        if (stepDown.on().isEmpty()) return ringing.stream().sorted().findFirst().orElse(null);
        return stepDown.on().stream().filter(ringing::contains).findFirst().orElse(null);
    }

    /// Where the declaration lets evidence decide: one level up at a time, never beyond what is
    /// declared, and not while anything rings.
    private void stepUp() {
        for (var routing : endpoints.table().routes().values()) {
            var name = routing.endpoint().name();
            var policy = reviews.policy(routing);
            if (!policy.stepUpByEvidence() || !outside.ringing(name).isEmpty()) continue;
            var now = level(name, "", policy.level());
            if (now.compareTo(policy.level()) >= 0) continue;
            var recommended = view(name).evidence().recommendation();
            if (recommended.level().compareTo(now) <= 0) continue;
            change(name, "", now.up(), DAVY, recommended.why(), false);
        }
    }

    /// What reviewed cases say of thresholds by now.
    private void choose() {
        for (var routing : endpoints.table().routes().values()) {
            var name = routing.endpoint().name();
            var policy = reviews.policy(routing);
            if (!(policy.alone() instanceof Policy.Alone.Reaching reaching)) continue;
            long judged = reviews.knownCount(name);
            if (Objects.equals(chosenFrom.get(name), judged)) continue;
            choose(name, policy, reaching);
            chosenFrom.put(name, judged);
        }
    }

    private void choose(String endpoint, Policy policy, Policy.Alone.Reaching reaching) {
        var target = target(policy);
        boolean any = false;
        for (var group : Reviewed.byVersionAndSlice(reviews.known(endpoint)).entrySet()) {
            var choice =
                    Thresholds.choose(group.getValue(), reaching.target(), reaching.certainty());
            var key = new VersionKey(endpoint, group.getKey().version(), group.getKey().slice());
            var before = chosen.get(key);
            if (before != null
                    && before.target().equals(target)
                    && before.threshold().equals(choice.threshold())
                    && before.detail().equals(choice.detail())) continue;
            var now =
                    new AutomationTable.Chosen(
                            endpoint,
                            key.version(),
                            key.slice(),
                            target,
                            choice.threshold(),
                            choice.detail(),
                            clock.instant());
            boolean moved =
                    before == null
                            || !before.target().equals(target)
                            || !before.threshold().equals(now.threshold());
            database.write(handle -> {
                AutomationTable.put(handle, now);
                if (moved && (before != null || now.threshold().isPresent()))
                    Events.record(
                            handle,
                            event(
                                    endpoint,
                                    "threshold chosen",
                                    DAVY,
                                    "reviewed cases of " + key.version(),
                                    detail(now)));
                return true;
            });
            chosen.put(key, now);
            any |= moved;
        }
        if (any) endpoints.automateAgain(endpoint);
    }

    private static ObjectNode detail(AutomationTable.Chosen chosen) {
        var detail = Json.object().put("version", chosen.version()).put("slice", chosen.slice());
        if (chosen.threshold().isPresent())
            detail.put("threshold", chosen.threshold().getAsDouble());
        detail.set("on", chosen.detail());
        return detail;
    }

    @Override
    public void close() {
        clerk.shutdownNow();
    }
}
