package dev.davy.web;

import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.jobs.Job;
import dev.davy.jobs.Jobs;
import dev.davy.strict.Json;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Optional;

/// The page of background work.
final class JobPages {
    private static final int SHOWN = 100;

    private final Jobs jobs;
    private final InstantSource clock;

    JobPages(Jobs jobs, InstantSource clock) {
        this.jobs = jobs;
        this.clock = clock;
    }

    Response all(Request request) {
        var now = clock.instant();
        var rows = new ArrayList<JobsView.Row>();
        int going = 0, failed = 0;
        for (var job : jobs.list(Optional.empty(), Optional.empty(), Optional.empty(), SHOWN)) {
            rows.add(row(job, now));
            if (!job.state().isEnd()) going++;
            if (job.state() == Job.State.FAILED) failed++;
        }
        var plans = new ArrayList<JobsView.Plan>();
        for (var plan : jobs.schedules())
            plans.add(
                    new JobsView.Plan(
                            plan.name(),
                            "every night at " + plan.at() + " (" + plan.zone() + ")",
                            plan.kind()));
        var chrome = new Chrome("Jobs · Davy", "jobs", Pages.who(request), false);
        return Html.page(
                "jobs", new JobsView(chrome, sentence(rows.size(), going, failed), rows, plans));
    }

    private static String sentence(int all, int going, int failed) {
        if (all == 0) return "There was none yet.";
        var done = going == 0 ? "Yes" : "No: " + Figures.of(going, "job") + " going on";
        return done
                + (failed == 0 ? "." : going == 0 ? ", but " : ", and ")
                + (failed == 0 ? "" : Figures.count(failed) + " of the last " + all + " failed.");
    }

    private static JobsView.Row row(Job job, Instant now) {
        var progress = job.progress();
        boolean known = progress.total() > 0;
        var said =
                job.failure()
                        .map(failure -> failure.what() + " " + String.join(" ", failure.why()))
                        .or(() -> job.result().map(Json::text))
                        .orElse("");
        return new JobsView.Row(
                job.id().toString(),
                job.about(),
                job.kind(),
                job.state().word(),
                known ? Figures.number(100.0 * progress.done() / progress.total()) : "",
                Figures.count(progress.done())
                        + (known ? " of " + Figures.count(progress.total()) : "")
                        + " "
                        + progress.unit(),
                Figures.brief(said, 240),
                job.failure().isPresent(),
                job.who(),
                job.created().toString(),
                Figures.ago(job.created(), now),
                Figures.time(job.created()));
    }
}
