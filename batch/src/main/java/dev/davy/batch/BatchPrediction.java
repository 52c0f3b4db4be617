package dev.davy.batch;

import dev.davy.jobs.Job;
import dev.davy.jobs.Running;
import dev.davy.jobs.Work;
import dev.davy.schema.Schema;
import dev.davy.serving.Predictor;
import dev.davy.storage.Log;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.SafePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// The work of batch prediction. Everything of one job lies in a folder of its own: links to its
/// input, the parts that are done, and in the end its result and what was refused.
public final class BatchPrediction implements Work {
    /// As it stands in jobs.
    public static final String KIND = "batch-prediction";

    private static final String SUMMARY = "summary.json";
    private static final String REJECTS = "rejects.csv";

    private final Path folder;
    private final Inputs inputs;
    private final Predictor predictor;
    private final Log log;
    private final Limits limits;

    /// @param folder of all batches
    public BatchPrediction(
            Path folder, Inputs inputs, Predictor predictor, Log log, Limits limits) {
        this.folder = folder;
        this.inputs = inputs;
        this.predictor = predictor;
        this.log = log;
        this.limits = limits;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public JsonNode check(JsonNode arguments) {
        var request = Request.of(arguments);
        predictor.routing(request.endpoint());
        inputs.check(request.file());
        return request.json();
    }

    @Override
    public String about(JsonNode arguments) {
        return arguments.path("endpoint").asString() + " ← " + arguments.path("name").asString();
    }

    @Override
    public JsonNode run(Running job) throws Exception {
        var request = Request.of(job.job().arguments());
        var own = folder(job.job().id());
        Files.createDirectories(own);
        var summary = SafePath.inside(own, SUMMARY);
        // Killed after the last step and before anybody took note of it.
        if (Files.exists(summary)) return Json.read(Files.readAllBytes(summary), limits);
        inputs.link(request.file(), own);
        var routing = predictor.routing(request.endpoint());
        JsonNode result;
        try (var source = source(request, own, routing.shape().rows());
                var pass = new Pass(job, request, own, source, routing, predictor, log)) {
            if (!source.ignored().isEmpty())
                job.log("columns that the endpoint does not know: " + source.ignored());
            result = pass.run();
        }
        write(summary, result);
        tidy(own);
        return result;
    }

    private Source source(Request request, Path own, Schema schema) throws IOException {
        var file = SafePath.inside(own, request.file());
        return switch (request.input()) {
            case CSV -> CsvSource.open(file, request.name(), schema, limits);
            case PARQUET -> {
                var duck = Duck.in(own);
                try {
                    yield ParquetSource.open(file, schema, duck);
                } catch (IOException | RuntimeException e) {
                    duck.close();
                    throw e;
                }
            }
            case FILES -> FilesSource.open(file, schema, digest -> linked(digest, own), limits);
        };
    }

    private Path linked(String digest, Path own) {
        try {
            inputs.link(digest, own);
            return SafePath.inside(own, digest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, JsonNode json) throws IOException {
        var fresh = SafePath.beside(file, "summary.fresh");
        Files.write(fresh, Json.write(json));
        Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    /// Of a job that is done only what it was done for stays.
    private static void tidy(Path own) throws IOException {
        try (var files = Files.list(own)) {
            for (var file : files.toList()) {
                var name = String.valueOf(file.getFileName());
                if (!name.equals(SUMMARY) && !name.equals(REJECTS) && !name.startsWith("result."))
                    delete(file);
            }
        }
    }

    @Override
    public void discard(Job job) {
        try {
            if (Files.exists(folder(job.id()))) delete(folder(job.id()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path what) throws IOException {
        try (var files = Files.walk(what)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    private Path folder(UUID job) {
        return SafePath.inside(folder, job.toString());
    }

    /// The result of a job that is done.
    Optional<Path> result(Job job) {
        var name = result(Request.of(job.arguments()).output());
        return Optional.of(SafePath.inside(folder(job.id()), name)).filter(Files::exists);
    }

    /// What was refused in a job that is done.
    Optional<Path> rejects(Job job) {
        return Optional.of(SafePath.inside(folder(job.id()), REJECTS)).filter(Files::exists);
    }

    static String result(Request.Output output) {
        return "result." + Request.word(output);
    }

    static String rejects() {
        return REJECTS;
    }
}
