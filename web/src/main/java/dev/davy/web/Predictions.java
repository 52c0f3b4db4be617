package dev.davy.web;

import dev.davy.schema.OutputKind;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Prediction;
import dev.davy.serving.PredictionReader;
import dev.davy.serving.feedback.Feedbacks;
import dev.davy.storage.Log;
import dev.davy.strict.Problem;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.UUID;

/// Puts one prediction into words.
final class Predictions {
    private static final int SCORES = 12;

    private final Endpoints endpoints;
    private final Feedbacks feedbacks;
    private final Log log;
    private final InstantSource clock;

    Predictions(Endpoints endpoints, Feedbacks feedbacks, Log log, InstantSource clock) {
        this.endpoints = endpoints;
        this.feedbacks = feedbacks;
        this.log = log;
        this.clock = clock;
    }

    /// @throws Problem NOT_FOUND `prediction-unknown`
    PredictionView one(String endpoint, UUID id, String who) {
        var prediction =
                log.find(id, PredictionReader::isPrediction)
                        .map(PredictionReader::read)
                        .filter(found -> found.endpoint().equals(endpoint))
                        .orElseThrow(() -> unknown(id.toString()));
        var schema = endpoints.schema(prediction.schema());
        var truth = feedbacks.truth(prediction);
        var brief = RecentView.of(prediction, schema, truth, clock.instant());
        var inputs = new ArrayList<PredictionView.Pair>();
        var media = new ArrayList<PredictionView.Medium>();
        for (int i = 0; i < prediction.inputs().size(); i++) {
            var value = prediction.inputs().get(i);
            var name =
                    schema.isPresent() && i < schema.get().columns().size()
                            ? schema.get().columns().get(i).name()
                            : "column " + (i + 1);
            inputs.add(new PredictionView.Pair(name, said(value)));
            if (value instanceof Prediction.Summary summary && summary.kept())
                medium(brief.href(), name, summary, media);
        }
        return new PredictionView(
                new Chrome("A prediction of " + endpoint + " · Davy", "monitor", who, false),
                endpoint,
                Monitor.href(endpoint),
                id.toString(),
                sentence(prediction, brief),
                List.of(),
                brief,
                inputs,
                media,
                answers(prediction, classes(endpoint)),
                facts(prediction),
                feedback(id),
                "/api/v1/predictions/" + id);
    }

    private static void medium(
            String href,
            String column,
            Prediction.Summary summary,
            List<PredictionView.Medium> into) {
        boolean sound = summary.contentType().startsWith("audio/");
        if (!sound && !summary.contentType().startsWith("image/")) return;
        into.add(
                new PredictionView.Medium(
                        column,
                        href + "/content/" + Figures.segment(column),
                        sound,
                        said(summary)));
    }

    private static String sentence(Prediction prediction, RecentView brief) {
        var decision = prediction.decision();
        if (decision.failure().isPresent())
            return "It was not answered: " + decision.failure().get() + ".";
        return brief.answer()
                + (brief.confidence().isEmpty()
                        ? ""
                        : ", with a confidence of " + brief.confidence())
                + (brief.truth().isEmpty() ? "." : "; the truth is " + brief.truth() + ".");
    }

    private static String said(@org.jspecify.annotations.Nullable Object value) {
        if (value instanceof String text) return Figures.brief(text, 500);
        if (value instanceof Prediction.Summary summary) {
            var text = new StringBuilder(RecentView.value(summary));
            summary.measured()
                    .forEach((name, number) ->
                            text.append(", ")
                                    .append(name)
                                    .append(' ')
                                    .append(Figures.number(number)));
            return text.toString();
        }
        return RecentView.value(value);
    }

    /// The classes of the endpoint's outputs that list them, by name.
    private Map<String, List<String>> classes(String endpoint) {
        var classes = new HashMap<String, List<String>>();
        for (var output :
                endpoints
                        .table()
                        .route(endpoint)
                        .map(each -> each.shape().outputs())
                        .orElse(List.of()))
            switch (output.kind()) {
                case OutputKind.Category category -> classes.put(output.name(), category.classes());
                case OutputKind.MultiLabel labels -> classes.put(output.name(), labels.classes());
                default -> {}
            }
        return classes;
    }

    private static List<PredictionView.Answer> answers(
            Prediction prediction, Map<String, List<String>> classes) {
        var answers = new ArrayList<PredictionView.Answer>();
        for (var answer : prediction.answers()) {
            var said = new ArrayList<String>();
            answer.values()
                    .forEach((name, value) -> said.add(name + " " + RecentView.value(value)));
            answers.add(
                    new PredictionView.Answer(
                            answer.component(),
                            answer.version(),
                            Figures.millis(OptionalDouble.of(answer.nanos() / 1e6)),
                            answer.skipped() ? "skipped" : String.join(" · ", said),
                            answer.failure().orElse(""),
                            scores(answer, classes)));
        }
        return answers;
    }

    /// The scores of the first output, in the order of its classes.
    private static List<Drawing.Bar> scores(
            Prediction.ComponentAnswer answer, Map<String, List<String>> classes) {
        var bars = new ArrayList<Drawing.Bar>();
        for (var scores : answer.scores().entrySet()) {
            var names = classes.getOrDefault(scores.getKey(), List.of());
            // A component's output may share its name with one of the endpoint's, and no more.
            boolean named = names.size() == scores.getValue().length;
            for (int i = 0; i < Math.min(SCORES, scores.getValue().length); i++)
                bars.add(
                        new Drawing.Bar(
                                named ? names.get(i) : scores.getKey() + " " + i,
                                Math.clamp(scores.getValue()[i], 0, 1),
                                OptionalDouble.empty(),
                                0,
                                0,
                                0,
                                0,
                                "value"));
            break;
        }
        return bars;
    }

    private static List<PredictionView.Pair> facts(Prediction prediction) {
        var facts = new ArrayList<PredictionView.Pair>();
        facts.add(new PredictionView.Pair("version", prediction.version()));
        facts.add(new PredictionView.Pair("arm", prediction.arm().word()));
        facts.add(
                new PredictionView.Pair(
                        "decided by",
                        prediction.decision().by()
                                + (prediction.decision().reason().isEmpty()
                                        ? ""
                                        : " (" + prediction.decision().reason() + ")")));
        facts.add(new PredictionView.Pair("happened", Figures.time(prediction.eventTime())));
        facts.add(new PredictionView.Pair("received", Figures.time(prediction.received())));
        facts.add(new PredictionView.Pair("origin", prediction.origin().word()));
        facts.add(new PredictionView.Pair("request", prediction.request()));
        prediction
                .entity()
                .ifPresent(entity -> facts.add(new PredictionView.Pair("entity", entity)));
        return facts;
    }

    private List<PredictionView.Pair> feedback(UUID id) {
        var said = new ArrayList<PredictionView.Pair>();
        feedbacks
                .joined(id)
                .ifPresent(json -> {
                    for (var each : json.path("feedback"))
                        for (var kind : List.of("truth", "judgement", "event"))
                            if (each.has(kind))
                                said.add(
                                        new PredictionView.Pair(
                                                kind,
                                                Figures.brief(
                                                        each.get(kind).isString()
                                                                ? each.get(kind).asString()
                                                                : each.get(kind).toString(),
                                                        200)));
                });
        return said;
    }

    static Problem unknown(String id) {
        return new Problem(
                Problem.Kind.NOT_FOUND,
                "prediction-unknown",
                "There is no prediction '" + Figures.brief(id, 60) + "' of this endpoint.",
                "It was never made here, or the log does not hold it any more.",
                "See the last ones on the endpoint's page.");
    }
}
