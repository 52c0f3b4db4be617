package dev.davy.batch;

import dev.davy.access.Permission;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.http.Upload;
import dev.davy.jobs.JobRoutes;
import dev.davy.jobs.Jobs;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// The files of batches over HTTP: inputs come in, results go out. The jobs themselves are asked
/// for at `/api/v1/jobs`.
public final class BatchRoutes {
    private static final int PIECE = 1 << 18;

    private final Inputs inputs;
    private final Jobs jobs;
    private final BatchPrediction batches;

    private BatchRoutes(Inputs inputs, Jobs jobs, BatchPrediction batches) {
        this.inputs = inputs;
        this.jobs = jobs;
        this.batches = batches;
    }

    public static void addTo(Routes routes, Inputs inputs, Jobs jobs, BatchPrediction batches) {
        var here = new BatchRoutes(inputs, jobs, batches);
        routes.add(
                Route.post(
                                "/api/v1/batch/files",
                                Permission.OPERATE,
                                Upload.file("application/octet-stream"),
                                here::put)
                        .about("Takes in an input of a batch; answers its digest."),
                Route.get("/api/v1/jobs/{id}/result", Permission.READ, here::result)
                        .about("What a batch has predicted, as CSV or Parquet."),
                Route.get("/api/v1/jobs/{id}/rejects", Permission.READ, here::rejects)
                        .about(
                                "The rows that a batch could not ask, with line and reason, as CSV."));
    }

    private Response put(Request request) throws IOException {
        long bytes = Files.size(request.file());
        return Response.json(
                201, Json.object().put("digest", inputs.put(request.file())).put("bytes", bytes));
    }

    private Response result(Request request) {
        var job = jobs.find(JobRoutes.id(request.parameter("id")));
        if (!job.kind().equals(BatchPrediction.KIND)) throw none();
        return file(batches.result(job), "application/octet-stream");
    }

    private Response rejects(Request request) {
        var job = jobs.find(JobRoutes.id(request.parameter("id")));
        if (!job.kind().equals(BatchPrediction.KIND)) throw none();
        return file(batches.rejects(job), "text/csv");
    }

    private static Response file(Optional<Path> file, String type) {
        var path = file.orElseThrow(BatchRoutes::none);
        return new Response(
                200,
                Map.of(),
                new Response.Content.Stream(
                        type,
                        sink -> {
                            try (var in = Files.newInputStream(path)) {
                                for (var piece = in.readNBytes(PIECE);
                                        piece.length > 0;
                                        piece = in.readNBytes(PIECE)) sink.write(piece);
                            }
                        }));
    }

    private static Problem none() {
        return new Problem(
                Problem.Kind.NOT_FOUND,
                "result-unknown",
                "There is no result.",
                "The job is not done, or is no batch.",
                "See how far it is: davy job list");
    }
}
