package dev.davy.jobs;

import dev.davy.strict.Json;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Jobs as callers see them.
final class JobJson {
    private JobJson() {}

    static ObjectNode job(Job job, Instant now) {
        var json = Json.object().put("id", job.id().toString()).put("kind", job.kind());
        json.put("about", job.about()).put("state", job.state().word());
        json.put("who", job.who()).put("created", job.created().toString());
        job.started().ifPresent(at -> json.put("started", at.toString()));
        job.ended().ifPresent(at -> json.put("ended", at.toString()));
        json.put("attempts", job.attempts());
        var progress = json.putObject("progress").put("done", job.progress().done());
        if (job.progress().total() > 0) progress.put("total", job.progress().total());
        progress.put("unit", job.progress().unit());
        progress.put("per-second", Math.round(job.perSecond(now) * 10) / 10.0);
        job.secondsLeft(now)
                .ifPresent(left -> progress.put("seconds-left", Math.round(left * 10) / 10.0));
        json.set("arguments", job.arguments());
        job.result().ifPresent(result -> json.set("result", result));
        job.failure().ifPresent(failure -> json.set("failure", failure(failure)));
        return json;
    }

    static ObjectNode failure(Job.Failure failure) {
        var json = Json.object().put("code", failure.code()).put("what", failure.what());
        failure.why().forEach(json.putArray("why")::add);
        return json.put("todo", failure.todo());
    }

    static ObjectNode lines(List<Job.Line> lines) {
        var json = Json.object();
        var list = json.putArray("lines");
        for (var line : lines)
            list.addObject()
                    .put("number", line.number())
                    .put("at", line.at().toString())
                    .put("text", line.text());
        return json;
    }

    static ObjectNode schedule(Schedule schedule) {
        var json = Json.object().put("name", schedule.name()).put("kind", schedule.kind());
        json.set("arguments", schedule.arguments());
        json.put("at", schedule.at().toString()).put("zone", schedule.zone().getId());
        json.put("who", schedule.who()).put("next", schedule.next().toString());
        schedule.last().ifPresent(job -> json.put("last", job.toString()));
        return json;
    }
}
