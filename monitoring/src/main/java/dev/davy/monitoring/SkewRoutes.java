package dev.davy.monitoring;

import dev.davy.access.Permission;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.http.Upload;
import dev.davy.strict.Json;
import java.io.IOException;
import java.nio.file.Files;
import tools.jackson.databind.node.ObjectNode;

/// Training-serving skew over HTTP.
public final class SkewRoutes {
    private final Skews skews;
    private final Monitors monitors;

    private SkewRoutes(Skews skews, Monitors monitors) {
        this.skews = skews;
        this.monitors = monitors;
    }

    public static void addTo(Routes routes, Skews skews, Monitors monitors) {
        routes.add(
                Route.post(
                                "/api/v1/endpoints/{name}/skew",
                                Permission.OPERATE,
                                Upload.file("text/csv"),
                                new SkewRoutes(skews, monitors)::skew)
                        .about(
                                "Which columns of a table of features, as training made them, differ"
                                        + " from what serving saw of the same predictions: a CSV"
                                        + " file with a column 'prediction'."));
    }

    private Response skew(Request request) throws IOException {
        var endpoint = request.parameter("name");
        if (monitors.plan(endpoint).isEmpty()) throw Watching.unknown(endpoint);
        try (var csv = Files.newInputStream(request.file())) {
            var found = skews.of(endpoint, csv);
            var json = Json.object();
            json.put("rows", found.rows());
            json.put("unknown", found.unknown());
            json.put("inputs-not-kept", found.notKept());
            json.put("rejected", found.rejected());
            json.set("ignored", Json.tree(found.ignored()));
            var columns = json.putArray("columns");
            for (var each : found.columns()) columns.add(json(each));
            return Response.json(json);
        }
    }

    private static ObjectNode json(Skew.Found column) {
        var json = Json.object();
        json.put("column", column.column());
        json.put("rows", column.rows());
        json.put("differ", column.differ());
        json.put("missing-in-training", column.missingInTraining());
        json.put("missing-in-serving", column.missingInServing());
        MonitoringJson.put(json, "mean-difference", column.meanDifference());
        if (column.largest() > 0) json.put("largest-difference", column.largest());
        column.example()
                .ifPresent(example ->
                        json.putObject("example")
                                .put("prediction", example.prediction().toString())
                                .put("training", example.training())
                                .put("serving", example.serving()));
        return json;
    }
}
