package dev.davy.jobs;

import dev.davy.access.Permission;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.http.Upload;
import dev.davy.jobs.Job.State;
import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/// Jobs over HTTP.
public final class JobRoutes {
    private static final String JOBS = "/api/v1/jobs";
    private static final String JOB = JOBS + "/{id}";
    private static final String SCHEDULES = "/api/v1/job-schedules";
    private static final int PAGE = 100;

    private final Jobs jobs;
    private final InstantSource clock;

    private JobRoutes(Jobs jobs, InstantSource clock) {
        this.jobs = jobs;
        this.clock = clock;
    }

    public static void addTo(Routes routes, Jobs jobs, InstantSource clock) {
        var here = new JobRoutes(jobs, clock);
        routes.add(
                Route.get(JOBS, Permission.READ, here::list)
                        .query("state", "kind", "before", "limit")
                        .about("Background work, newest first."),
                Route.post(JOBS, Permission.OPERATE, Upload.JSON, here::submit)
                        .about("Takes on a job of a kind, with arguments."),
                Route.get(JOB, Permission.READ, here::job)
                        .about("A job: its state, progress, result or failure."),
                Route.delete(JOB, Permission.OPERATE, here::remove)
                        .about("Forgets a job that is over, with its files."),
                Route.get(JOB + "/log", Permission.READ, here::log)
                        .query("after", "limit")
                        .about("What a job said, oldest first."),
                Route.post(JOB + "/cancel", Permission.OPERATE, Upload.NONE, here::cancel)
                        .about("Tells a job to end."),
                Route.post(JOB + "/resume", Permission.OPERATE, Upload.NONE, here::resume)
                        .about("Lets a job that failed or was cancelled go on where it was."),
                Route.get(SCHEDULES, Permission.READ, here::schedules)
                        .about("Jobs that are asked for every night."),
                Route.put(SCHEDULES + "/{name}", Permission.OPERATE, Upload.JSON, here::schedule)
                        .about("Asks for a job every night."),
                Route.delete(SCHEDULES + "/{name}", Permission.OPERATE, here::unschedule)
                        .about("Asks for it no more."));
    }

    /// A job as these routes show it, for the routes of a kind of work.
    public static Response created(Job job, InstantSource clock) {
        return Response.created(JOBS + "/" + job.id(), JobJson.job(job, clock.instant()));
    }

    private Response list(Request request) {
        int limit = (int) request.query("limit", PAGE, 1, request.limits().pageSize());
        var page =
                jobs.list(
                        request.query("state").map(JobRoutes::state),
                        request.query("kind"),
                        request.query("before").map(JobRoutes::id),
                        limit);
        var json = Json.object();
        var list = json.putArray("jobs");
        var now = clock.instant();
        for (var job : page) list.add(JobJson.job(job, now));
        if (page.size() == limit) json.put("before", page.getLast().id().toString());
        return Response.json(json);
    }

    private Response submit(Request request) {
        var fields = Fields.of(request.json(), "The job");
        var kind = fields.text("kind");
        var arguments = fields.optionalNode("arguments").orElse(Json.object());
        fields.done();
        return created(jobs.submit(kind, arguments, request.who().name()), clock);
    }

    private Response job(Request request) {
        return shown(jobs.find(id(request.parameter("id"))));
    }

    private Response shown(Job job) {
        return Response.json(JobJson.job(job, clock.instant()));
    }

    private Response remove(Request request) {
        jobs.remove(id(request.parameter("id")), request.who().name());
        return Response.nothing();
    }

    private Response log(Request request) {
        var job = jobs.find(id(request.parameter("id")));
        long after = request.query("after", 0, 0, Jobs.LOG_LINES * 2L);
        int limit = (int) request.query("limit", PAGE, 1, request.limits().pageSize());
        return Response.json(JobJson.lines(jobs.log(job.id(), after, limit)));
    }

    private Response cancel(Request request) {
        return shown(jobs.cancel(id(request.parameter("id")), request.who().name()));
    }

    private Response resume(Request request) {
        return shown(jobs.resume(id(request.parameter("id")), request.who().name()));
    }

    private Response schedules(Request request) {
        var json = Json.object();
        var list = json.putArray("schedules");
        for (var schedule : jobs.schedules()) list.add(JobJson.schedule(schedule));
        return Response.json(json);
    }

    private Response schedule(Request request) {
        var fields = Fields.of(request.json(), "The schedule");
        var kind = fields.text("kind");
        var arguments = fields.optionalNode("arguments").orElse(Json.object());
        var at = fields.text("at");
        var zone = fields.optionalText("zone").orElse("UTC");
        fields.done();
        return Response.json(
                JobJson.schedule(
                        jobs.schedule(
                                request.parameter("name"),
                                kind,
                                arguments,
                                time(at),
                                zone(zone),
                                request.who().name())));
    }

    private Response unschedule(Request request) {
        jobs.unschedule(request.parameter("name"));
        return Response.nothing();
    }

    private static LocalTime time(String text) {
        try {
            return LocalTime.parse(text);
        } catch (DateTimeException e) {
            throw malformed("at", "The time of the day can't be read.", "It is like 02:30.");
        }
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw malformed("zone", "The zone is not known.", "It is like Europe/Berlin or UTC.");
        }
    }

    private static State state(String text) {
        return Arrays.stream(State.values())
                .filter(state -> state.word().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        malformed(
                                "state",
                                "There is no such state.",
                                "The states are "
                                        + Arrays.stream(State.values()).map(State::word).toList()
                                        + "."));
    }

    /// @throws Problem NOT_FOUND `job-unknown` for a text that is no id
    public static UUID id(String text) {
        return Optional.of(text)
                .filter(id ->
                        id.matches("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"))
                .map(UUID::fromString)
                .orElseThrow(() ->
                        new Problem(
                                        Problem.Kind.NOT_FOUND,
                                        "job-unknown",
                                        "There is no such job.",
                                        "The id of a job is a UUID in lower case.",
                                        "List them with: davy job list")
                                .at("id"));
    }

    private static Problem malformed(String field, String what, String why) {
        return new Problem(Problem.Kind.MALFORMED, field + "-malformed", what, why, "Correct it.")
                .at(field);
    }
}
