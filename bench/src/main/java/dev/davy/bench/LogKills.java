package dev.davy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Kills a server that is predicting and taking feedback, at random moments, again and again, and
/// asks its log afterwards for everything that it had acknowledged.
final class LogKills implements Measurement {
    private static final long SEED = 20_251_122;

    /// One kill in so many hits a server that is just coming up, and reads its log.
    private static final int WHILE_STARTING_EVERY = 10;

    private static final Duration LIFE_MAX = Duration.ofSeconds(60);

    private final Candidate davy = new Candidate.Davy();
    private final Random random = new Random(SEED);
    private final Samples samples = new Samples();
    private int kills;

    @Override
    public String name() {
        return "log";
    }

    @Override
    public String about() {
        return "kill -9 under load, again and again: what the log holds of what was acknowledged";
    }

    @Override
    public List<Target> run(Place place) throws Exception {
        int killsWanted = place.quick() ? 8 : 100;
        int predictionsWanted = place.quick() ? 40_000 : 1_000_000;
        var data = place.work().resolve("data");
        var requests = new LogRequests(place);
        var ledger = new Ledger();
        try (var load = new LogLoad(ledger, requests, SEED)) {
            prepare(place, data);
            while (kills < killsWanted || ledger.predictions() < predictionsWanted) {
                if (kills % 10 == 0)
                    place.progress(
                            "%d kills, %,d predictions, %,d with feedback"
                                    .formatted(kills, ledger.predictions(), ledger.feedbacks()));
                live(place, data, load, ledger, killsWanted, predictionsWanted);
            }
            load.pause();
            try (var server = start(place, data)) {
                samples.add("ready", server.awaitReady().toNanos() / 1e9);
                load.serverAt(server.port());
                awaitFeedback(load);
                place.progress("exporting");
                var audit = ledger.audit(requests);
                LogExport.read(place, server.port(), audit::line);
                place.progress("reading the archive");
                var archived = ledger.audit(requests);
                var archive = new ArchiveAudit(server.port(), data);
                archive.read(archived);
                print(place, ledger, load, audit, archived, archive);
                if (!place.quick()) ways(place);
                var targets =
                        new ArrayList<>(
                                targets(ledger, load, audit, killsWanted, predictionsWanted));
                targets.addAll(ArchiveAudit.targets(archived, archive));
                return targets;
            }
        }
    }

    /// The choice that the log was built on: a copy into a mapped file, or a write per batch.
    private static void ways(Place place) throws Exception {
        place.progress("two ways of writing");
        LogWays.main(new String[] {place.work().resolve("ways").toString(), "2"});
        place.out().println();
    }

    private void prepare(Place place, Path data) throws IOException, InterruptedException {
        try (var server = start(place, data)) {
            server.awaitReady();
            Candidate.Davy.push(
                    server.port(),
                    LogRequests.ENDPOINT,
                    "application/zip",
                    LogRequests.bundle(place));
        }
    }

    private ServerProcess start(Place place, Path data) throws IOException {
        int port = ServerProcess.freePort();
        // Every second, so that kills hit the archive while it writes a file.
        var config = place.work().resolve("davy.yaml");
        Files.writeString(config, "archive: {every: 1 s}\n");
        var plain = davy.command(place, data, port, true);
        var words = new ArrayList<>(plain.words());
        words.add("--config");
        words.add(config.toString());
        return ServerProcess.start(
                new ServerProcess.Command(words, plain.environment()),
                port,
                place.work().resolve("davy.output"));
    }

    /// Until all feedback is acknowledged, as long as some is.
    private static void awaitFeedback(LogLoad load) throws InterruptedException {
        int open = load.feedbackOpen();
        for (long since = System.nanoTime(); open > 0; Thread.sleep(10)) {
            load.check();
            int left = load.feedbackOpen();
            if (left != open) since = System.nanoTime();
            open = left;
            if (System.nanoTime() - since > LIFE_MAX.toNanos())
                throw new Unmeasurable(open + " items of feedback stay unacknowledged.");
        }
    }

    /// One life of the server, ended by a kill.
    private void live(
            Place place,
            Path data,
            LogLoad load,
            Ledger ledger,
            int killsWanted,
            int predictionsWanted)
            throws IOException, InterruptedException {
        var server = start(place, data);
        try {
            if (random.nextInt(WHILE_STARTING_EVERY) == 0) {
                Thread.sleep(random.nextInt(1_000));
                samples.add("killed while starting", 1);
                return;
            }
            samples.add("ready", server.awaitReady().toNanos() / 1e9);
            load.serverAt(server.port());
            int before = ledger.predictions();
            int mean = (predictionsWanted - before) / Math.max(1, killsWanted - kills);
            int goal = before + 1 + random.nextInt(Math.max(1, 2 * mean));
            long end = System.nanoTime() + LIFE_MAX.toNanos();
            while (ledger.predictions() < goal && System.nanoTime() < end) {
                load.check();
                Thread.sleep(1);
            }
        } finally {
            kills++;
            server.kill();
            load.serverAt(0);
        }
    }

    private void print(
            Place place,
            Ledger ledger,
            LogLoad load,
            Ledger.Audit audit,
            Ledger.Audit archived,
            ArchiveAudit archive) {
        var table = new Table("what", "predictions", "feedback");
        table.row("acknowledged", ledger.predictions(), ledger.feedbacks());
        table.row(
                "of these, missing in the export",
                audit.predictionsMissing(),
                audit.feedbackMissing());
        table.row("exported twice", audit.predictionsTwice(), audit.feedbackTwice());
        table.row("exported with another input or answer", audit.wrong(), "-");
        table.row(
                "logged, and the kill came before the answer",
                audit.predictionsUnacknowledged(),
                "-");
        table.row(
                "missing in the archive's Parquet",
                archived.predictionsMissing(),
                archived.feedbackMissing());
        table.row(
                "twice in the archive's Parquet",
                archived.predictionsTwice(),
                archived.feedbackTwice());
        table.row("in Parquet with another input or answer", archived.wrong(), "-");
        table.row("sent more than once", "-", load.retried());
        place.out().println(table);
        place.out()
                .printf(
                        "%d kills, %d of them while starting; ready again after %s s (median), %s s (longest).%n%n",
                        kills,
                        samples.count("killed while starting"),
                        Target.number(samples.median("ready")),
                        Target.number(samples.max("ready")));
        place.out()
                .printf(
                        "The archive, %d files, was complete %s s after the last start's export.%n%n",
                        archive.fileCount(), Target.number(archive.caughtUpSeconds()));
    }

    private List<Target> targets(
            Ledger ledger, LogLoad load, Ledger.Audit audit, int killsWanted, int wanted) {
        return List.of(
                Target.atLeast("kills", kills, killsWanted),
                Target.atLeast("acknowledged predictions", ledger.predictions(), wanted),
                Target.atMost("acknowledged predictions missing", audit.predictionsMissing(), 0),
                Target.atMost("predictions exported twice", audit.predictionsTwice(), 0),
                Target.atMost(
                        "predictions exported with another input or answer", audit.wrong(), 0),
                Target.atMost("acknowledged feedback missing", audit.feedbackMissing(), 0),
                Target.atMost("feedback exported twice", audit.feedbackTwice(), 0),
                Target.atMost("gaps in the export", audit.gaps(), 0),
                Target.atMost("requests refused", load.refused(), 0));
    }
}
