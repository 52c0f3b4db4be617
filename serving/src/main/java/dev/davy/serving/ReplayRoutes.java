package dev.davy.serving;

import dev.davy.access.Permission;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.http.Upload;
import dev.davy.schema.Row;
import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The HTTP of what happened before and is asked again: rows with the times at which they happened.
///
/// Their predictions have the origin `replay`, so that they count for no monitor or rollout of live
/// traffic; whoever may operate may send them, for a caller who called live traffic a replay would
/// hide it.
public final class ReplayRoutes {
    /// A row that takes longer than this will not come to an end.
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Predictor predictor;
    private final Limits limits;

    public ReplayRoutes(Predictor predictor, Limits limits) {
        this.predictor = predictor;
        this.limits = limits;
    }

    public Routes addTo(Routes routes) {
        return routes.add(
                Route.post(
                                "/api/v1/endpoints/{name}/replay",
                                Permission.OPERATE,
                                Upload.JSON,
                                this::replay)
                        .about(
                                "Answers rows of the past, each with the time at which it"
                                        + " happened, as origin replay."));
    }

    /// One row as it was sent.
    private sealed interface Sent {
        record Good(Row row, Asked asked) implements Sent {}

        record Wrong(Problem why) implements Sent {}
    }

    private Response replay(Request request) {
        var routing = predictor.routing(request.parameter("name"));
        var fields = Fields.of(request.json(), "replay");
        var list = fields.objects("rows");
        if (list.isEmpty()) fields.violation("rows", "'rows' is empty; there is nothing to ask");
        if (list.size() > limits.callRows()) throw RowJson.tooMany(list.size(), limits);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        var sent = new ArrayList<Sent>(list.size());
        for (var each : list) sent.add(read(each, routing.shape(), deadline));
        fields.done();
        var rows = new ArrayList<Row>();
        var asked = new ArrayList<Asked>();
        for (var each : sent)
            if (each instanceof Sent.Good(var row, var as)) {
                rows.add(row);
                asked.add(as);
            }
        var outcomes = predictor.each(routing, rows, asked).iterator();
        var answers = Json.array();
        for (var each : sent)
            answers.add(
                    switch (each) {
                        case Sent.Good _ -> answer(outcomes.next());
                        case Sent.Wrong(var why) -> refused(why);
                    });
        var body = Json.object();
        body.set("predictions", answers);
        return Response.json(body);
    }

    private Sent read(Fields fields, Shape shape, long deadline) {
        var at = fields.text("at");
        var entity = fields.optionalText("entity");
        var input = fields.node("input");
        var time = RowJson.time(at);
        if (time.isEmpty() && !at.isEmpty())
            fields.violation("at", "'at' is not a time like 2026-11-21T10:15:00Z");
        try {
            var row = RowJson.rows(List.of(input), shape.rows(), limits).getFirst();
            return new Sent.Good(row, asked(entity, time, deadline));
        } catch (Problem wrong) {
            return new Sent.Wrong(wrong);
        }
    }

    private static Asked asked(Optional<String> entity, Optional<Instant> at, long deadline) {
        return new Asked(Optional.empty(), entity, Origin.REPLAY, at, Optional.empty(), deadline);
    }

    private static ObjectNode answer(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answered(var predicted) -> {
                var json = PredictionJson.answered(predicted);
                // Of a thousand classes they would be most of the answer; the log has them.
                json.remove("scores");
                yield json;
            }
            case Outcome.Refused(var problem) -> refused(problem);
        };
    }

    private static ObjectNode refused(Problem problem) {
        var json =
                Json.object()
                        .put("code", problem.code())
                        .put("what", problem.what())
                        .put("why", problem.why())
                        .put("todo", problem.todo());
        return Json.object().set("refused", json);
    }
}
