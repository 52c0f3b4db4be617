package dev.davy.rollout;

import dev.davy.jobs.JobStopped;
import dev.davy.jobs.Jobs;
import dev.davy.jobs.Running;
import dev.davy.jobs.Work;
import dev.davy.rollout.AskedAgain.Stretch;
import dev.davy.serving.Cases;
import dev.davy.serving.past.Logged;
import dev.davy.strict.Fields;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/// The job that says which logged answers would be others under another version. It begins anew
/// when it was interrupted.
public final class DiffWork implements Work {
    /// As it stands in jobs.
    public static final String KIND = "answers-compared";

    /// Predictions that are asked again; of more, as many are drawn.
    private static final int ASKED = 20_000;

    private static final int ASKED_MOST = 1_000_000;
    private static final int SLICES_MOST = 32;

    /// Comparisons that are remembered, of which only some can be under way at once.
    private static final int RUNS_MOST = 64;

    private final AskedAgain again;

    /// What was erased since a job began, by its id.
    private final Map<UUID, Set<UUID>> erased =
            Collections.synchronizedMap(
                    new LinkedHashMap<>() {
                        @Override
                        protected boolean removeEldestEntry(Map.Entry<UUID, Set<UUID>> eldest) {
                            return size() > RUNS_MOST;
                        }
                    });

    public DiffWork(AskedAgain again) {
        this.again = again;
    }

    @Override
    public String kind() {
        return KIND;
    }

    /// @param most predictions that are asked
    /// @param slices that somebody named; none: those of the endpoint's guards
    private record Wanted(Stretch stretch, long most, List<String> slices) {}

    private Wanted wanted(JsonNode arguments) {
        var fields = Fields.of(arguments, "The comparison");
        var stretch = again.stretch(fields, "with");
        long most = fields.optionalInteger("most", 1, ASKED_MOST).orElse(ASKED);
        var input = again.arms().face(stretch.endpoint()).input();
        var slices =
                fields.has("slices")
                        ? SliceReading.read(fields, Optional.of(input))
                        : List.<String>of();
        fields.done();
        return new Wanted(stretch, most, slices);
    }

    @Override
    public JsonNode check(JsonNode arguments) {
        var wanted = wanted(arguments);
        var stretch = wanted.stretch();
        var named =
                new Stretch(
                        stretch.endpoint(),
                        again.versions(stretch),
                        stretch.from(),
                        stretch.until());
        var json = AskedAgain.json(named, "with").put("most", wanted.most());
        if (!wanted.slices().isEmpty()) wanted.slices().forEach(json.putArray("slices")::add);
        return json;
    }

    @Override
    public String about(JsonNode arguments) {
        return AskedAgain.about(arguments, "with");
    }

    @Override
    public JsonNode run(Running job) throws Exception {
        erased.put(job.job().id(), ConcurrentHashMap.newKeySet());
        var wanted = wanted(job.job().arguments());
        var stretch = wanted.stretch();
        long all = count(job, stretch);
        double drawn = Math.min(1, (double) wanted.most() / Math.max(1, all));
        job.total(Math.max(1, Math.round(all * drawn)), "predictions");
        var slicing = new Slicing(again.schemas());
        var flips = new Flips(slices(wanted), slicing::isIn);
        var done = new AtomicLong();
        try (var apart = again.endpoints().apart(stretch.endpoint(), stretch.to())) {
            again.traffic()
                    .read(
                            stretch.endpoint(),
                            stretch.from(),
                            stretch.until(),
                            logged -> {
                                if (isWanted(logged, drawn)) {
                                    var asking = AskedAgain.asking(apart, logged);
                                    if (logged.prediction().decision().failure().isPresent()
                                            || Cases.answer(logged.prediction()).isEmpty())
                                        flips.unanswered();
                                    else if (asking.isEmpty()) flips.notKept();
                                    else
                                        flips.add(
                                                logged,
                                                asking.get().get(),
                                                again.feedbacks().later(logged.prediction()));
                                    job.progress(done.incrementAndGet());
                                }
                                return !job.stopping();
                            });
        }
        job.check();
        return FlipsJson.of(flips, stretch, Course.said(stretch.to()), all, drawn);
    }

    @Override
    public JsonNode kept(UUID job, JsonNode result) {
        return FlipsJson.without(result, erased.getOrDefault(job, Set.of()));
    }

    /// Forgets what was asked in predictions that are erased: in results that are kept, and in
    /// those to come of what is being compared now.
    public void erase(Collection<UUID> predictions, Jobs jobs) {
        synchronized (erased) {
            erased.values().forEach(each -> each.addAll(predictions));
        }
        var ids = Set.copyOf(predictions);
        jobs.rewrite(KIND, result -> FlipsJson.without(result, ids));
    }

    private long count(Running job, Stretch stretch) throws JobStopped {
        var seen = new AtomicLong();
        again.traffic()
                .read(
                        stretch.endpoint(),
                        stretch.from(),
                        stretch.until(),
                        logged -> {
                            if (AskedAgain.isAsked(logged)) seen.incrementAndGet();
                            return !job.stopping();
                        });
        job.check();
        return seen.get();
    }

    private static boolean isWanted(Logged logged, double share) {
        return AskedAgain.isAsked(logged) && isDrawn(logged.prediction().id(), share);
    }

    /// By the id, so that whoever asks again gets the same.
    static boolean isDrawn(UUID id, double share) {
        if (share >= 1) return true;
        long mixed =
                (id.getMostSignificantBits() ^ id.getLeastSignificantBits()) * 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ mixed >>> 32) * 0x9e3779b97f4a7c15L;
        return (mixed >>> 11) * 0x1p-53 < share;
    }

    /// Those that somebody named, else those that a rollout's guards would be held on.
    private List<String> slices(Wanted wanted) {
        var endpoint = wanted.stretch().endpoint();
        var face = again.arms().face(endpoint);
        var columns =
                wanted.slices().isEmpty()
                        ? Starting.plan(face, Optional.empty(), Against.LIVE).columns()
                        : wanted.slices();
        var recent = new Recent(again.schemas());
        var first = again.first(wanted.stretch());
        var values = recent.facts(first, columns, face.input()).values();
        var slices = new ArrayList<String>();
        for (var column : columns)
            if (values.containsKey(column))
                values.get(column).forEach(value -> slices.add(column + "=" + value));
            else slices.add(column);
        return slices.stream().distinct().limit(SLICES_MOST).toList();
    }
}
