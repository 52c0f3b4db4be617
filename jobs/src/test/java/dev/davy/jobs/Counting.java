package dev.davy.jobs;

import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import tools.jackson.databind.JsonNode;

/// Counts up to a number and keeps each step; stands still at one of them until it is let go or
/// told to stop.
final class Counting implements Work {
    final List<Long> steps = new CopyOnWriteArrayList<>();
    final CountDownLatch standing = new CountDownLatch(1);
    final CountDownLatch letGo = new CountDownLatch(1);
    final List<Job> discarded = new CopyOnWriteArrayList<>();
    volatile boolean erased;

    @Override
    public String kind() {
        return "counting";
    }

    @Override
    public JsonNode check(JsonNode arguments) {
        if (arguments.path("to").asLong(0) > 0) return arguments;
        throw new Problem(
                Problem.Kind.UNACCEPTABLE, "to-missing", "It can't count.", "No end.", "Say to.");
    }

    @Override
    public String about(JsonNode arguments) {
        return "up to " + arguments.path("to").asLong();
    }

    @Override
    public JsonNode run(Running job) throws JobStopped {
        long to = job.job().arguments().path("to").asLong();
        long stand = job.job().arguments().path("stand").asLong(-1);
        job.total(to, "steps");
        long from = job.reached().map(each -> each.path("step").asLong()).orElse(0L);
        for (long step = from + 1; step <= to; step++) {
            if (step == stand) {
                standing.countDown();
                while (letGo.getCount() > 0) {
                    job.check();
                    Thread.onSpinWait();
                }
            }
            if (job.job().arguments().path("fail").asLong(-1) == step && job.job().attempts() == 1)
                throw new Problem(
                        Problem.Kind.UNACCEPTABLE, "no-more", "It broke.", "At 3.", "Resume it.");
            steps.add(step);
            job.reached(Json.object().put("step", step), step);
        }
        job.log("counted");
        return Json.object().put("counted", to);
    }

    static JsonNode without(JsonNode result) {
        return Json.object();
    }

    @Override
    public JsonNode kept(UUID job, JsonNode result) {
        return erased ? without(result) : result;
    }

    @Override
    public void discard(Job job) {
        discarded.add(job);
    }
}
