package dev.davy.bench;

/// The soak's tables.
final class SoakReport {
    private static final int ROWS = 13;

    private final Place place;
    private final Tally tally;
    private final Ledger ledger;
    private final SoakServer server;
    private final Vitals vitals;
    private final int longLife;

    SoakReport(
            Place place,
            Tally tally,
            Ledger ledger,
            SoakServer server,
            Vitals vitals,
            int longLife) {
        this.place = place;
        this.tally = tally;
        this.ledger = ledger;
        this.server = server;
        this.vitals = vitals;
        this.longLife = longLife;
    }

    void print(
            Ledger.Audit exported,
            Ledger.Audit archived,
            SoakReview review,
            Feeder feeder,
            SoakSwitches switches,
            SoakUploads uploads) {
        var requests =
                new Table("requests", "asked", "failed during a kill or restart", "else", "wrong");
        tally.kinds()
                .forEach((kind, counts) ->
                        requests.row(
                                kind,
                                counts.asked(),
                                counts.excused(),
                                counts.failed(),
                                counts.wrong()));
        var all = tally.all();
        requests.row("all", all.asked(), all.excused(), all.failed(), all.wrong());
        place.out().println(requests);

        var kept = new Table("kept", "predictions", "feedback", "judgements");
        kept.row("acknowledged", ledger.predictions(), ledger.feedbacks(), review.kept().size());
        kept.row(
                "missing in the export",
                exported.predictionsMissing(),
                exported.feedbackMissing(),
                exported.judgementsMissing(review.kept()));
        kept.row(
                "twice in the export",
                exported.predictionsTwice(),
                exported.feedbackTwice(),
                exported.judgementsTwice());
        kept.row(
                "missing in the archive's Parquet",
                archived.predictionsMissing(),
                archived.feedbackMissing(),
                archived.judgementsMissing(review.kept()));
        kept.row(
                "twice in the archive's Parquet",
                archived.predictionsTwice(),
                archived.feedbackTwice(),
                archived.judgementsTwice());
        kept.row("with another input or answer", exported.wrong() + archived.wrong(), "-", "-");
        kept.row(
                "logged besides: before a kill, or a candidate's rehearsal",
                exported.predictionsUnacknowledged(),
                "-",
                "-");
        kept.row("sent more than once", "-", feeder.retried(), "-");
        place.out().println(kept);

        place.out()
                .printf(
                        "%d kills, %d more while starting, %d restarts in order; stopped after %s s (longest), ready again after %s s (median), %s s (longest).%n",
                        server.kills(),
                        server.whileStarting(),
                        server.stops(),
                        Target.number(server.samples().max("stopped")),
                        Target.number(server.samples().median("ready")),
                        Target.number(server.samples().max("ready")));
        place.out()
                .printf(
                        "%d rollouts promoted, %d rolled back; %d good models taken, %d bad ones refused; %d reviewers died.%n%n",
                        switches.promoted(),
                        switches.rolledBack(),
                        uploads.good(),
                        uploads.bad(),
                        review.deaths());
        place.out().println(vitals.table(ROWS));

        var growth = new Table("the long life", "first quarter", "last quarter", "factor");
        row(growth, "resident MB", vitals.growth(longLife, Vitals.Look::residentMegabytes));
        row(growth, "open files", vitals.growth(longLife, Vitals.Look::openFiles));
        row(growth, "threads", vitals.growth(longLife, Vitals.Look::threads));
        row(growth, "disk MB", vitals.growth(longLife, Vitals.Look::diskOfAll));
        place.out().println(growth);
        place.out()
                .printf(
                        "Most memory at any time: %s MB.%n%n",
                        Target.number(vitals.mostResident()));
    }

    private static void row(Table table, String what, Vitals.Growth growth) {
        table.row(what, growth.first(), growth.last(), growth.factor());
    }
}
