package dev.davy.server;

import dev.davy.access.Tokens;
import dev.davy.archive.Archives;
import dev.davy.archive.Erasure;
import dev.davy.batch.BatchPrediction;
import dev.davy.batch.Inputs;
import dev.davy.jobs.Jobs;
import dev.davy.monitoring.BackfillWork;
import dev.davy.monitoring.Backfills;
import dev.davy.monitoring.Declared;
import dev.davy.monitoring.Incidents;
import dev.davy.monitoring.Monitors;
import dev.davy.monitoring.PlanReading;
import dev.davy.monitoring.Skews;
import dev.davy.monitoring.Software;
import dev.davy.monitoring.Truths;
import dev.davy.monitoring.Usages;
import dev.davy.monitoring.Watching;
import dev.davy.monitoring.Windows;
import dev.davy.monitoring.notify.Channel;
import dev.davy.monitoring.notify.Deliveries;
import dev.davy.monitoring.pipeline.Attributions;
import dev.davy.registry.Models;
import dev.davy.review.Automations;
import dev.davy.review.Reviews;
import dev.davy.review.explain.Explanations;
import dev.davy.rollout.AskedAgain;
import dev.davy.rollout.DiffWork;
import dev.davy.rollout.EndpointArms;
import dev.davy.rollout.PolicyReading;
import dev.davy.rollout.RehearsalWork;
import dev.davy.rollout.Rollouts;
import dev.davy.runtime.Onnx;
import dev.davy.serving.Endpoint;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Predictor;
import dev.davy.serving.Privacy;
import dev.davy.serving.Shape;
import dev.davy.serving.feedback.Feedbacks;
import dev.davy.serving.feedback.Reports;
import dev.davy.serving.past.Traffic;
import dev.davy.serving.reading.Readers;
import dev.davy.serving.reading.ServingLoad;
import dev.davy.storage.Blobs;
import dev.davy.storage.DataFolder;
import dev.davy.storage.Database;
import dev.davy.storage.Events;
import dev.davy.storage.Ids;
import dev.davy.storage.Log;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// One data folder, opened: everything that is kept, and everything that answers. No HTTP; [Server]
/// puts it on a port.
///
/// ```java
/// try (var davy = Davy.open(Path.of("davy-data"))) {
///     var answer = davy.endpoint("credit").predict(Row.of("age", 31L, "amount", 1_000.0));
/// }
/// ```
///
/// One process has a data folder at a time.
public final class Davy implements AutoCloseable {
    private final Settings settings;
    private final DataFolder folder;
    private final Opened opened = new Opened();

    private final Database database;
    private final Log log;
    private final Ids ids;
    private final InstantSource clock = InstantSource.system();
    private final Privacy privacy;
    private final Tokens tokens;
    private final Events events;
    private final Models models;
    private final Endpoints endpoints;
    private final Predictor predictor;
    private final Feedbacks feedbacks;
    private final Reports reports;
    private final Jobs jobs;
    private final Inputs inputs;
    private final BatchPrediction batches;
    private final Archives archives;
    private final Windows windows;
    private final Truths truths;
    private final Software software;
    private final Monitors monitors;
    private final Watching watching;
    private final Backfills backfills;
    private final Attributions attributions;
    private final Explanations explanations;
    private final Rollouts rollouts;
    private final Reviews reviews;
    private final Automations automations;
    private final Deliveries deliveries;
    private final Readers readers;
    private final Erasure erasure;

    private Davy(Settings settings, DataFolder folder) {
        this.settings = settings;
        this.folder = opened.add(folder);
        try (var together = new Together()) {
            Onnx.natives(folder.natives());
            var state = together.begin(() -> opened.add(database(settings, folder)));
            var records = together.begin(() -> opened.add(openLog(settings, folder)));
            privacy = new Privacy(Secret.in(folder.file("privacy.key")));
            database = state.join();
            log = records.join();
            ids = new Ids(settings.node(), clock, log.newestId());
            tokens = new Tokens(database, ids, clock);
            events = new Events(database);
            var blobs = new Blobs(folder.blobs(), folder.temporary());
            models = new Models(folder, database, blobs, ids, clock, settings.limits());
            endpoints =
                    opened.add(
                            Endpoints.open(
                                    database,
                                    models,
                                    ids,
                                    clock,
                                    settings.limits(),
                                    settings.remotes()));
            archives =
                    opened.add(
                            Archives.open(
                                    folder.archive(),
                                    folder.temporary(),
                                    database,
                                    settings.node(),
                                    log,
                                    endpoints,
                                    blobs,
                                    clock,
                                    settings.archive()));
            feedbacks =
                    opened.add(
                            new Feedbacks(
                                    database,
                                    log,
                                    ids,
                                    clock,
                                    endpoints,
                                    privacy,
                                    archives.archived()));
            predictor = opened.add(predictor(endpoints, log));
            reports = new Reports(database, log, endpoints, predictor, feedbacks);
            jobs = opened.add(new Jobs(database, ids, clock, settings.node()));
            inputs = new Inputs(folder.file("inputs"), clock);
            batches =
                    new BatchPrediction(
                            folder.file("batches"), inputs, predictor, log, settings.limits());
            jobs.register(batches);
            var declared = Declared.of(endpoints);
            windows = new Windows(database, log, endpoints::schema, declared, clock);
            truths = new Truths(database, log, archives.archived(), declared, windows, clock);
            feedbacks.eraseWith(truths::erase);
            feedbacks.eraseEntitiesWith(truths::eraseEntities);
            software =
                    opened.add(
                            new Software(
                                    database,
                                    endpoints,
                                    predictor::waitingRows,
                                    settings.node(),
                                    clock));
            monitors =
                    opened.add(
                            new Monitors(
                                    database, windows, truths, software, declared, ids, clock));
            watching = new Watching(monitors, windows, truths, clock);
            attributions = opened.add(new Attributions(log, endpoints));
            explanations = opened.add(new Explanations(log, archives.archived(), endpoints, clock));
            rollouts =
                    opened.add(
                            new Rollouts(
                                    database,
                                    log,
                                    ids,
                                    clock,
                                    new EndpointArms(endpoints, predictor, models),
                                    endpoints::schema,
                                    settings.node()));
            reviews =
                    new Reviews(database, endpoints, feedbacks, predictor.decisions(), ids, clock);
            feedbacks.eraseWith(reviews::erase);
            var surroundings = opened.add(new Surroundings(monitors, watching, endpoints));
            automations =
                    opened.add(
                            new Automations(
                                    database, endpoints, reviews, surroundings, ids, clock));
            endpoints.check(Davy::check);
            endpoints.check((endpoint, _) -> channels(endpoint));
            deliveries =
                    opened.add(
                            Deliveries.start(
                                    database,
                                    events,
                                    ids,
                                    clock,
                                    settings.deliveries(),
                                    this::channels));
            endpoints.foretell(rollouts::foreseen);
            var again =
                    new AskedAgain(
                            new EndpointArms(endpoints, predictor, models),
                            endpoints,
                            new Traffic(log, archives.archived(), endpoints),
                            feedbacks,
                            endpoints::schema,
                            ids,
                            clock);
            backfills =
                    new Backfills(
                            database,
                            declared,
                            windows,
                            new Traffic(log, archives.archived(), endpoints),
                            clock);
            jobs.register(new BackfillWork(backfills));
            var diffs = new DiffWork(again);
            feedbacks.eraseWith(predictions -> diffs.erase(predictions, jobs));
            jobs.register(new RehearsalWork(again)).register(diffs).start();
            readers =
                    opened.add(
                            Readers.start(
                                    log,
                                    database,
                                    List.of(
                                            archives.follower(),
                                            windows.follower(),
                                            truths.follower(),
                                            reviews.follower(),
                                            rollouts.follower()),
                                    new ServingLoad(log)));
            rollouts.start();
            monitors.start();
            software.start();
            surroundings.start();
            automations.start();
            log.holdFor(() -> readers.committed(archives.follower().name()));
            erasure =
                    archives.erasure(
                            log,
                            readers,
                            feedbacks,
                            database,
                            privacy,
                            ids,
                            clock,
                            models::usesFile);
        } catch (Throwable failure) {
            opened.close();
            throw failure;
        }
    }

    /// Opens a data folder, or makes a new one, with the default settings.
    ///
    /// @throws dev.davy.strict.Problem CONFLICT `data-folder-in-use`
    public static Davy open(Path data) {
        return open(Settings.of(data));
    }

    /// As above, with settings.
    public static Davy open(Settings settings) {
        return new Davy(settings, DataFolder.open(settings.data()));
    }

    private static Database database(Settings settings, DataFolder folder) {
        if (settings.storage().isEmpty()) return Database.sqlite(folder.state());
        var storage = settings.storage().get();
        return Database.jdbc(storage.url(), storage.user(), storage.password());
    }

    private static Log openLog(Settings settings, DataFolder folder) {
        return Log.open(folder.log(), settings.node(), settings.log(), InstantSource.system());
    }

    /// How a candidate comes live, and what is watched, is declared with the endpoint and read by
    /// others than it.
    private static void check(Endpoint endpoint, Shape shape) {
        PlanReading.read(endpoint, Optional.of(shape.rows()), shape.outputs());
        dev.davy.review.PolicyReading.read(endpoint, shape.rows(), shape.outputs());
        if (endpoint.rollout().isPresent())
            PolicyReading.read(
                    endpoint.rollout().get(),
                    Optional.of(shape.rows()),
                    Optional.of(shape.outputs()),
                    Optional.empty());
    }

    private static List<Channel> channels(Endpoint endpoint) {
        var declared = endpoint.source().get("notify");
        return declared == null ? List.of() : Channel.read(declared);
    }

    private List<Channel> channels(String endpoint) {
        return endpoints
                .table()
                .route(endpoint)
                .map(routing -> channels(routing.endpoint()))
                .orElse(List.of());
    }

    /// A predictor of these endpoints that writes into this log.
    Predictor predictor(Endpoints of, Log into) {
        return new Predictor(of, into, ids, clock, privacy, settings.limits());
    }

    /// An endpoint, to be asked in this process: the same routing and log, and no HTTP.
    ///
    /// @throws dev.davy.strict.Problem NOT_FOUND `endpoint-unknown`; UNAVAILABLE
    ///   `endpoint-not-ready`
    public ServedEndpoint endpoint(String name) {
        predictor.routing(name);
        return new ServedEndpoint(name, predictor);
    }

    /// What was predicted, summed up.
    public Windows windows() {
        return windows;
    }

    /// What came to be known of predictions.
    public Truths truths() {
        return truths;
    }

    /// How busy the machine and the models are.
    public Software software() {
        return software;
    }

    /// What is watched, and what rings.
    public Monitors monitors() {
        return monitors;
    }

    /// What each metric was worth.
    public Usages usages() {
        return new Usages(monitors, watching, windows);
    }

    /// What training made of a prediction's inputs, held against what serving saw.
    public Skews skews() {
        return new Skews(log, archives.archived(), endpoints, settings.limits());
    }

    /// Metrics that are counted over the past.
    public Backfills backfills() {
        return backfills;
    }

    /// How endpoints are.
    public Watching watching() {
        return watching;
    }

    /// What happened, for those who were not there.
    public Incidents incidents() {
        return new Incidents(
                monitors, watching, windows, events, new Recalls(archives), InstantSource.system());
    }

    /// Which part of a pipeline became other.
    public Attributions attributions() {
        return attributions;
    }

    /// What answers hung on.
    public Explanations explanations() {
        return explanations;
    }

    /// Candidates on their way to live.
    public Rollouts rollouts() {
        return rollouts;
    }

    /// What people decide.
    public Reviews reviews() {
        return reviews;
    }

    /// How much models decide alone.
    public Automations automations() {
        return automations;
    }

    /// Who is told of alarms.
    public Deliveries deliveries() {
        return deliveries;
    }

    public Settings settings() {
        return settings;
    }

    public DataFolder folder() {
        return folder;
    }

    public Database database() {
        return database;
    }

    public Tokens tokens() {
        return tokens;
    }

    public Events events() {
        return events;
    }

    public Models models() {
        return models;
    }

    public Endpoints endpoints() {
        return endpoints;
    }

    public Predictor predictor() {
        return predictor;
    }

    public Feedbacks feedbacks() {
        return feedbacks;
    }

    public Reports reports() {
        return reports;
    }

    /// What was uploaded for batches.
    public Inputs inputs() {
        return inputs;
    }

    public BatchPrediction batches() {
        return batches;
    }

    public Jobs jobs() {
        return jobs;
    }

    public Log log() {
        return log;
    }

    public Archives archives() {
        return archives;
    }

    public Erasure erasure() {
        return erasure;
    }

    public Readers readers() {
        return readers;
    }

    /// Ends in order: nobody is asked any more, what was logged is on disk, and the folder is free
    /// for another process when this returns.
    @Override
    public void close() {
        opened.close();
    }
}
