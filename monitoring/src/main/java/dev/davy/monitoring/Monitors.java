package dev.davy.monitoring;

import dev.davy.serving.Origin;
import dev.davy.storage.Database;
import dev.davy.storage.Event;
import dev.davy.storage.Events;
import dev.davy.storage.Ids;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Judges every window of every endpoint once, in the order of time, when it is over, and keeps the
/// alarms that come of it. What a window made of alarms, its events, and the place up to which was
/// judged are stored in one transaction: after a kill it goes on where it was.
public final class Monitors implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Monitors.class);

    /// Who does what nobody did.
    static final String DAVY = "davy";

    private static final Duration ROUND = Duration.ofSeconds(5);

    /// Windows of live traffic are over so long after their end: predictions are on their way.
    private static final Duration LATENESS = Duration.ofSeconds(10);

    /// Of live traffic that was not watched for a while, what is older is not judged any more.
    private static final Duration LOOK_BACK = Duration.ofDays(7);

    /// Windows of one endpoint in one round, so that others are not kept waiting.
    private static final int WINDOWS_MOST = 200;

    private static final Duration TRUTH_MOST = Duration.ofDays(90);

    /// Alarms that begin within so many windows of each other have a common cause, as far as
    /// anybody can tell.
    private static final int TOGETHER_WINDOWS = 3;

    private static final int LOOK_MOST = 8;

    private final Database database;
    private final Windows windows;
    private final Truths truths;
    private final Declared declared;
    private final Ids ids;
    private final InstantSource clock;
    private final History history;
    private final References references;
    private final Verdicts verdicts;
    private final ReentrantLock judging = new ReentrantLock();
    // What was over when all of it was judged: until more is, nothing is looked up.
    private final Map<String, Instant> caughtUp = new HashMap<>();
    private volatile boolean closed;
    private volatile @Nullable Thread thread;

    public Monitors(
            Database database,
            Windows windows,
            Truths truths,
            Software software,
            Declared declared,
            Ids ids,
            InstantSource clock) {
        this.database = database;
        this.windows = windows;
        this.truths = truths;
        this.declared = declared;
        this.ids = ids;
        this.clock = clock;
        this.history = new History(database, windows, truths, software);
        this.references = new References(history, windows.changes(), clock);
        this.verdicts = new Verdicts(windows, history, references);
    }

    /// Judges from now on, whenever windows have changed.
    public void start() {
        thread = Thread.ofPlatform().name("davy-monitors").daemon().start(this::run);
    }

    private void run() {
        dev.davy.runtime.Background.giveWay();
        long generation = -1;
        while (!closed)
            try {
                generation = windows.awaitChange(generation, ROUND);
                judgeNow();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (closed) return;
                LOGGER.warn("monitors can't judge just now: {}", e.toString());
                if (!rest()) return;
            }
    }

    private boolean rest() {
        try {
            Thread.sleep(ROUND);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /// Judges what is over by now; returns when all of it is judged.
    public void judgeNow() {
        judging.lock();
        try {
            boolean more = true;
            while (more && !closed) {
                more = false;
                references.keep(declared.plans().keySet());
                for (var each : declared.plans().entrySet())
                    for (var what : AlarmTable.What.JUDGED)
                        more |= judge(each.getKey(), each.getValue(), what);
            }
        } finally {
            judging.unlock();
        }
    }

    /// @return whether there is more to be judged
    private boolean judge(String endpoint, Plan plan, AlarmTable.What what) {
        var newest = newest(endpoint, plan);
        if (newest.isEmpty()) return false;
        if (what == AlarmTable.What.QUALITY && !truthIsRead(endpoint, plan)) return false;
        var key = endpoint + " " + what;
        if (newest.get().equals(caughtUp.get(key))) return false;
        var over =
                what == AlarmTable.What.TRAFFIC
                        ? newest
                        : newest.map(
                                each -> plan.start(each.minus(truthWithin(endpoint, plan, each))));
        var begun =
                database.read(handle -> AlarmTable.judged(handle, endpoint, plan.origin(), what));
        var at = begun.map(plan::start).or(() -> history.oldest(endpoint, plan)).orElse(over.get());
        if (plan.origin() == Origin.LIVE) {
            var earliest = plan.start(clock.instant().minus(LOOK_BACK).minus(plan.window()));
            if (at.isBefore(earliest) && earliest.isBefore(over.get())) at = earliest;
        }
        if (!at.isBefore(over.get())) {
            caughtUp.put(key, newest.get());
            return false;
        }
        if (begun.isEmpty()) remember(endpoint, plan);
        var ahead = ahead(endpoint, plan, at, over.get());
        int judged = 0;
        Instant next = at;
        for (var each : ahead.windows) {
            if (judged == WINDOWS_MOST || closed) break;
            window(endpoint, plan, what, each);
            judged++;
            next = each.from().plus(plan.window());
        }
        if (judged == ahead.windows.size()) next = ahead.until;
        var until = next;
        database.write(handle -> {
            AlarmTable.putJudged(handle, endpoint, plan.origin(), what, until);
            return true;
        });
        boolean whole = !until.isBefore(over.get());
        if (whole) caughtUp.put(key, newest.get());
        return !whole && !closed;
    }

    /// Of live traffic the clock says when truth has had its time.
    private boolean truthIsRead(String endpoint, Plan plan) {
        if (plan.origin() == Origin.LIVE) return true;
        var newest = history.newest(endpoint, plan.origin());
        return newest.isEmpty() || truths.isRead(endpoint, plan.origin(), newest.get());
    }

    /// The beginning of it all.
    private void remember(String endpoint, Plan plan) {
        history.oldest(endpoint, plan)
                .ifPresent(oldest ->
                        database.write(handle -> {
                            AlarmTable.putJudged(
                                    handle, endpoint, plan.origin(), AlarmTable.What.BEGIN, oldest);
                            return true;
                        }));
    }

    /// The windows to be judged, up to a moment.
    private record Ahead(List<Seen> windows, Instant until) {}

    /// Silence is worth a window where callers are expected: of live traffic.
    private Ahead ahead(String endpoint, Plan plan, Instant from, Instant to) {
        var most = from.plus(plan.window().multipliedBy(WINDOWS_MOST * 10L));
        var until = to.isBefore(most) ? to : most;
        var seen = history.windows(endpoint, plan, from, until);
        if (plan.origin() != Origin.LIVE) return new Ahead(seen, until);
        var all = new ArrayList<Seen>();
        int next = 0;
        var at = from;
        for (; at.isBefore(until) && all.size() < WINDOWS_MOST; at = at.plus(plan.window())) {
            while (next < seen.size() && seen.get(next).from().isBefore(at)) next++;
            all.add(
                    next < seen.size() && seen.get(next).from().equals(at)
                            ? seen.get(next)
                            : new Seen(at, Window.EMPTY, Quality.EMPTY));
        }
        return new Ahead(all, at.isBefore(until) ? at : until);
    }

    /// Windows that begin before this are over. Of live traffic the clock says so, of what is
    /// replayed or reported the newest event.
    private Optional<Instant> newest(String endpoint, Plan plan) {
        return plan.origin() == Origin.LIVE
                ? Optional.of(plan.start(clock.instant().minus(LATENESS)))
                : history.newest(endpoint, plan.origin()).map(plan::start);
    }

    private Duration truthWithin(String endpoint, Plan plan, Instant at) {
        if (plan.truthWithin().isPresent()) return plan.truthWithin().get();
        var seconds =
                references
                        .stretch(endpoint, plan, at)
                        .flatMap(stretch -> references.normal(endpoint, plan, stretch))
                        .map(normal -> normal.whole().quality().delay().quantile(0.9))
                        .orElse(java.util.OptionalDouble.empty());
        if (seconds.isEmpty()) return plan.window();
        var usual = Duration.ofSeconds((long) Math.ceil(seconds.getAsDouble()));
        return usual.compareTo(TRUTH_MOST) > 0 ? TRUTH_MOST : usual;
    }

    private void window(String endpoint, Plan plan, AlarmTable.What what, Seen seen) {
        var judged = verdicts.of(endpoint, plan, what, seen);
        if (judged.isEmpty()) return;
        var to = seen.from().plus(plan.window());
        database.write(handle -> {
            store(handle, endpoint, plan, seen.from(), to, judged);
            AlarmTable.putJudged(handle, endpoint, plan.origin(), what, to);
            return true;
        });
    }

    private void store(
            Handle handle,
            String endpoint,
            Plan plan,
            Instant from,
            Instant to,
            List<Verdicts.Verdict> verdicts) {
        var open = new HashMap<String, Alarm>();
        for (var alarm : AlarmTable.open(handle, endpoint)) open.put(alarm.monitor(), alarm);
        var look = look(verdicts);
        var now = clock.instant();
        Optional<UUID> group = together(open.values(), plan, from);
        for (var each : verdicts) {
            var name = each.monitor().name();
            var before = Optional.ofNullable(open.get(name));
            var window =
                    new Course.Judged(from, to, each.judgement(), detail(each, from, to, look));
            var step =
                    Course.next(before, each.monitor(), endpoint, window, ids.next(), group, now);
            boolean rang = step.transition() == Course.Transition.FIRING;
            SaidTable.put(handle, endpoint, from, each, rang);
            if (step.alarm().isEmpty() || step.alarm().equals(before)) continue;
            var alarm = step.alarm().get();
            AlarmTable.put(handle, alarm);
            if (group.isEmpty() && alarm.isOpen()) group = Optional.of(alarm.group());
            if (step.transition() != Course.Transition.NONE)
                record(
                        handle,
                        alarm,
                        step.transition().name().toLowerCase(java.util.Locale.ROOT),
                        DAVY,
                        alarm.why());
        }
    }

    private static Optional<UUID> together(Iterable<Alarm> open, Plan plan, Instant from) {
        var since = from.minus(plan.window().multipliedBy(TOGETHER_WINDOWS));
        Alarm first = null;
        for (var alarm : open)
            if (!alarm.since().isBefore(since)
                    && (first == null || alarm.opened().isBefore(first.opened()))) first = alarm;
        return Optional.ofNullable(first).map(Alarm::group);
    }

    /// What moved most, for whoever wants to know where to look.
    private static JsonNode look(List<Verdicts.Verdict> verdicts) {
        var look = Json.array();
        for (var each : verdicts)
            if (each.judgement() instanceof Judgement.Bad bad && look.size() < LOOK_MOST) {
                var json = Json.object();
                json.put("what", each.monitor().watch().text());
                if (!bad.what().isEmpty()) json.put("part", bad.what());
                json.put("effect", bad.effect());
                json.put("why", bad.why());
                look.add(json);
            }
        return look;
    }

    private static ObjectNode detail(
            Verdicts.Verdict verdict, Instant from, Instant to, JsonNode look) {
        var json = Json.object();
        var window = json.putObject("window");
        window.put("from", from.toString());
        window.put("to", to.toString());
        if (verdict.judgement() instanceof Judgement.Bad bad) {
            if (bad.value().isPresent()) json.put("value", bad.value().getAsDouble());
            if (!bad.what().isEmpty()) json.put("part", bad.what());
            if (!bad.news().most().isEmpty()) {
                var news = json.putArray("new");
                for (var one : bad.news().most())
                    news.addObject().put("value", one.value()).put("share", one.share());
            }
            json.put("effect", bad.effect());
            json.put("low", bad.low());
            json.put("high", bad.high());
            json.set("look", look);
        }
        return json;
    }

    private void record(Handle handle, Alarm alarm, String what, String who, String why) {
        var detail = (ObjectNode) alarm.detail().deepCopy();
        detail.put("alarm", alarm.id().toString());
        detail.put("group", alarm.group().toString());
        detail.put("endpoint", alarm.endpoint());
        detail.put("monitor", alarm.monitor());
        detail.put("watch", alarm.watch());
        detail.put("severity", alarm.severity().word());
        detail.put("state", alarm.state().word());
        detail.put("since", alarm.since().toString());
        detail.put("why", alarm.why());
        if (alarm.silenced().filter(clock.instant()::isBefore).isPresent())
            detail.put("silenced", true);
        Events.record(
                handle,
                new Event(
                        ids.next(),
                        clock.instant(),
                        "alarm",
                        alarm.endpoint() + "/" + alarm.monitor(),
                        what,
                        who,
                        why,
                        detail));
    }

    /// Alarms, newest first.
    public List<Alarm> list(Optional<String> endpoint, Optional<Alarm.State> state, int limit) {
        return database.read(handle -> AlarmTable.list(handle, endpoint, state, limit));
    }

    /// Those of an endpoint that rang in a stretch of event time, the oldest first.
    public List<Alarm> over(String endpoint, Instant from, Instant to) {
        return database.read(handle -> AlarmTable.over(handle, endpoint, from, to));
    }

    /// Those that are not resolved.
    public List<Alarm> open(String endpoint) {
        return database.read(handle -> AlarmTable.open(handle, endpoint));
    }

    /// @throws Problem NOT_FOUND `alarm-unknown`
    public Alarm alarm(UUID id) {
        return database.read(handle -> AlarmTable.get(handle, id)).orElseThrow(() -> unknown(id));
    }

    private static Problem unknown(UUID id) {
        return new Problem(
                Problem.Kind.NOT_FOUND,
                "alarm-unknown",
                "There is no alarm " + id + ".",
                "None was kept under this id.",
                "See them with: davy alarm list");
    }

    /// What a person does about an alarm.
    public sealed interface Act {
        /// They look after it.
        record Acknowledge() implements Act {}

        /// Nobody is to be told for a while.
        record Silence(Instant until) implements Act {}

        /// It is over, as far as they can tell. If it is not, another begins with the next window.
        record Resolve() implements Act {}
    }

    /// @throws Problem NOT_FOUND `alarm-unknown`; CONFLICT `alarm-resolved`
    public Alarm act(UUID id, Act act, String who, String why) {
        return database.write(handle -> {
            var alarm = AlarmTable.get(handle, id).orElseThrow(() -> unknown(id));
            if (!alarm.isOpen())
                throw new Problem(
                        Problem.Kind.CONFLICT,
                        "alarm-resolved",
                        "The alarm is over since " + alarm.ended().orElse(alarm.until()) + ".",
                        "What is over needs nobody.",
                        "See what is open with: davy alarm list");
            var changed =
                    switch (act) {
                        case Act.Acknowledge _ -> Course.acknowledged(alarm, who, why);
                        case Act.Silence(var until) -> Course.silenced(alarm, who, why, until);
                        case Act.Resolve _ -> Course.resolved(alarm, who, why, clock.instant());
                    };
            var word =
                    switch (act) {
                        case Act.Acknowledge _ -> "acknowledged";
                        case Act.Silence _ -> "silenced";
                        case Act.Resolve _ -> "resolved";
                    };
            AlarmTable.put(handle, changed);
            record(handle, changed, word, who, why);
            return changed;
        });
    }

    /// What each monitor of an endpoint said of its last window, and how often it spoke.
    public List<Said> said(String endpoint) {
        return database.read(handle -> SaidTable.of(handle, endpoint));
    }

    History history() {
        return history;
    }

    References references() {
        return references;
    }

    /// How an endpoint is watched; empty where there is no such endpoint.
    public Optional<Plan> plan(String endpoint) {
        return Optional.ofNullable(declared.plans().get(endpoint));
    }

    /// Up to where an endpoint's traffic was judged.
    Optional<Instant> judged(String endpoint, Plan plan) {
        return database.read(handle ->
                AlarmTable.judged(handle, endpoint, plan.origin(), AlarmTable.What.TRAFFIC));
    }

    @Override
    public void close() {
        closed = true;
        var running = thread;
        if (running == null) return;
        running.interrupt();
        boolean interrupted = false;
        while (running.isAlive())
            try {
                running.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
