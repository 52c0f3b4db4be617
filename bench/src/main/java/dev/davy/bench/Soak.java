package dev.davy.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Everything at once, for an hour: callers, truth, rollouts, people, visitors, uploads good and
/// bad, while the server is killed and restarted; and a long life in the middle without that, in
/// which growth would show.
final class Soak implements Measurement {
    private static final long SEED = 20_261_122;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration QUICK = Duration.ofSeconds(24);
    private static final Duration FEEDBACK_MAX = Duration.ofMinutes(1);
    private static final Duration LEFT_MAX = Duration.ofSeconds(15);

    @Override
    public String name() {
        return "soak";
    }

    @Override
    public String about() {
        return "everything at once for an hour, with kills and restarts: what is wrong, lost or grows";
    }

    /// @param fault between two faults, on average, outside of the long life
    /// @param perSecond predictions
    private record Plan(
            Duration all,
            Duration fault,
            Duration look,
            double perSecond,
            Duration rollout,
            Duration upload) {
        static Plan lasting(Duration all, boolean quick) {
            return quick
                    ? new Plan(
                            all,
                            Duration.ofSeconds(4),
                            Duration.ofMillis(500),
                            60,
                            Duration.ofSeconds(4),
                            Duration.ofSeconds(4))
                    : new Plan(
                            all,
                            Duration.ofSeconds(60),
                            Duration.ofSeconds(5),
                            60,
                            Duration.ofMinutes(1),
                            Duration.ofSeconds(15));
        }

        /// The parts of all: faults, then a long life without any, then faults again.
        static final double FAULTS_FIRST = 0.35;

        static final double LONG_LIFE = 0.5;
    }

    private final Whereabouts where = new Whereabouts();
    private final Tally tally = new Tally();
    private final Ledger ledger = new Ledger();
    private final Heard heard = new Heard();
    private final Crew crew = new Crew();
    private final Random random = new Random(SEED);

    @Override
    public List<Target> run(Place place) throws Exception {
        var plan = Plan.lasting(place.length().orElse(place.quick() ? QUICK : HOUR), place.quick());
        var data = place.work().resolve("data");
        var models = new SoakModels(place);
        var vitals = new Vitals(data);
        var feeder = new Feeder(crew, ledger, where, tally.of("feedback"));
        var recent = new SoakRecent(SEED);
        var switches = new SoakSwitches(where, tally, heard);
        var uploads = new SoakUploads(where, tally, models.file(1), SEED);
        var review = new SoakReview(where, ledger, tally);
        try (var server = new SoakServer(place, data, where, tally, SEED)) {
            prepare(server, models);
            new SoakCallers(where, models, ledger, tally, heard, feeder, recent)
                    .start(crew, plan.perSecond(), SEED);
            switches.start(crew, plan.rollout());
            uploads.start(crew, plan.upload());
            review.start(crew, plan.perSecond() / 20, SEED);
            new SoakVisitors(place, where, tally, recent).start(crew, Duration.ofMillis(500));
            int longLife = live(place, plan, server, vitals, review);
            review.close();
            where.pause();
            awaitFeedback(feeder);
            int left = left(data.resolve("temporary"));
            tally.outageBegins();
            server.process().kill();
            where.over();
            crew.join();
            crew.check();
            switches.finish();
            var last = new SoakServer(place, data, new Whereabouts(), tally, SEED);
            try (last) {
                last.start();
                return told(
                        place,
                        data,
                        models,
                        server,
                        last.process().port(),
                        vitals,
                        longLife,
                        feeder,
                        switches,
                        uploads,
                        review,
                        left);
            }
        } finally {
            where.over();
            review.close();
        }
    }

    private static void prepare(SoakServer server, SoakModels models)
            throws IOException, InterruptedException {
        server.start();
        int port = server.process().port();
        try (var calls = new ReviewCalls(() -> port)) {
            for (int version = 1; version <= SoakModels.VERSIONS; version++)
                calls.push(SoakModels.NAME, "application/zip", models.bundle(version));
            // The page of this model is looked at from the beginning.
            calls.push("pushed", "application/octet-stream", models.file(1));
        }
        SoakSwitches.declare(port);
        SoakReview.declare(port);
    }

    /// From the first call to the last; which life was the long one.
    private int live(Place place, Plan plan, SoakServer server, Vitals vitals, SoakReview review)
            throws IOException, InterruptedException {
        var hour = new Hour(place, plan, server, vitals, review, System.nanoTime());
        faults(hour, Plan.FAULTS_FIRST);
        int longLife = server.lives();
        phase(hour, Plan.LONG_LIFE, Long.MAX_VALUE);
        faults(hour, 1 - Plan.FAULTS_FIRST - Plan.LONG_LIFE);
        return longLife;
    }

    private record Hour(
            Place place,
            Plan plan,
            SoakServer server,
            Vitals vitals,
            SoakReview review,
            long begun) {}

    /// At least one, and the last at its end: what comes then has a new server.
    private void faults(Hour hour, double part) throws IOException, InterruptedException {
        long end = System.nanoTime() + (long) (part * hour.plan().all().toNanos());
        while (System.nanoTime() < end) {
            var wait = 2 * random.nextDouble() * hour.plan().fault().toNanos();
            long left = end - System.nanoTime();
            phase(hour, Math.min(wait, (double) left) / hour.plan().all().toNanos(), end);
            hour.server().fault();
        }
    }

    /// Looks on for so long.
    ///
    /// @param part of all
    private void phase(Hour hour, double part, long atMostUntil)
            throws IOException, InterruptedException {
        long begun = System.nanoTime();
        long look = begun;
        long told = begun;
        while (System.nanoTime() - begun < part * hour.plan().all().toNanos()
                && System.nanoTime() < atMostUntil) {
            crew.check();
            hour.review().check();
            long now = System.nanoTime();
            double minutes = (now - hour.begun()) / 60e9;
            if (now >= look) {
                look = now + hour.plan().look().toNanos();
                hour.vitals().look(minutes, hour.server().lives(), hour.server().process());
            }
            if (now >= told) {
                told = now + Duration.ofMinutes(1).toNanos();
                var counts = tally.all();
                hour.place()
                        .progress(
                                "minute %.1f: %,d requests, %d failed, %d wrong, start %d"
                                        .formatted(
                                                minutes,
                                                counts.asked(),
                                                counts.failed(),
                                                counts.wrong(),
                                                hour.server().lives()));
            }
            Thread.sleep(20);
        }
    }

    private void awaitFeedback(Feeder feeder) throws InterruptedException {
        long until = System.nanoTime() + FEEDBACK_MAX.toNanos();
        while (feeder.open() > 0) {
            crew.check();
            if (System.nanoTime() > until)
                throw new Unmeasurable(feeder.open() + " items of feedback stay unacknowledged.");
            Thread.sleep(10);
        }
    }

    private List<Target> told(
            Place place,
            Path data,
            SoakModels models,
            SoakServer server,
            int port,
            Vitals vitals,
            int longLife,
            Feeder feeder,
            SoakSwitches switches,
            SoakUploads uploads,
            SoakReview review,
            int left)
            throws Exception {
        place.progress("exporting");
        var exported = ledger.audit(models);
        LogExport.read(place, port, exported::line);
        place.progress("reading the archive");
        var archived = ledger.audit(models);
        var archive = new ArchiveAudit(port, data);
        archive.read(archived);
        new SoakReport(place, tally, ledger, server, vitals, longLife)
                .print(exported, archived, review, feeder, switches, uploads);
        var targets = new ArrayList<Target>();
        var all = tally.all();
        targets.add(Target.atMost("wrong answers", (double) all.wrong(), 0));
        targets.add(Target.atMost("answers of a version not in the table", heard.impossible(), 0));
        targets.add(
                Target.atMost(
                        "failed requests, but while it was killed or restarted",
                        (double) all.failed(),
                        0));
        targets.addAll(kept(exported, "the export", review));
        targets.addAll(kept(archived, "the archive", review));
        targets.add(Target.atMost("gaps in the export", exported.gaps(), 0));
        targets.add(
                Target.atMost(
                        "difference between Parquet and davy query",
                        (double) Math.abs(archive.queried() - archived.predictionCount()),
                        0));
        targets.add(Target.atLeast("kills", server.kills(), 1));
        targets.add(Target.atLeast("orderly restarts", server.stops(), place.quick() ? 0 : 1));
        targets.add(Target.atMost("of these not ended with 0", server.disorderly(), 0));
        targets.add(Target.atLeast("promotions", switches.promoted(), 1));
        targets.add(Target.atLeast("rollbacks", switches.rolledBack(), 1));
        targets.add(Target.atLeast("good models taken", uploads.good(), 1));
        targets.add(Target.atLeast("bad models refused clearly", uploads.bad(), 1));
        targets.add(Target.atMost("files left in temporary/", left, 0));
        if (!place.quick())
            targets.add(
                    Target.atMost(
                            "resident memory, last quarter of the long life over its first",
                            vitals.growth(longLife, Vitals.Look::residentMegabytes).factor(),
                            1.15));
        targets.add(
                Target.atMost(
                        "open files, the same",
                        vitals.growth(longLife, Vitals.Look::openFiles).factor(),
                        1.15));
        targets.add(
                Target.atMost(
                        "threads, the same",
                        vitals.growth(longLife, Vitals.Look::threads).factor(),
                        1.15));
        return targets;
    }

    private static List<Target> kept(Ledger.Audit audit, String where, SoakReview review) {
        return List.of(
                Target.atMost(
                        "acknowledged predictions missing in " + where,
                        audit.predictionsMissing(),
                        0),
                Target.atMost("predictions twice in " + where, audit.predictionsTwice(), 0),
                Target.atMost("predictions wrong in " + where, audit.wrong(), 0),
                Target.atMost(
                        "acknowledged feedback missing in " + where, audit.feedbackMissing(), 0),
                Target.atMost("feedback twice in " + where, audit.feedbackTwice(), 0),
                Target.atMost(
                        "acknowledged judgements missing in " + where,
                        audit.judgementsMissing(review.kept()),
                        0),
                Target.atMost("judgements twice in " + where, audit.judgementsTwice(), 0));
    }

    /// How many temporary files stay there while nothing is asked; a start would remove them.
    private static int left(Path folder) throws IOException, InterruptedException {
        long until = System.nanoTime() + LEFT_MAX.toNanos();
        while (true) {
            int files;
            try (var all = Files.walk(folder)) {
                files = (int) all.filter(Files::isRegularFile).count();
            } catch (UncheckedIOException deleted) {
                files = -1;
            }
            if (files == 0 || files > 0 && System.nanoTime() > until) return files;
            Thread.sleep(50);
        }
    }
}
