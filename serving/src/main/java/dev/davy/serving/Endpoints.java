package dev.davy.serving;

import dev.davy.registry.Models;
import dev.davy.schema.Schema;
import dev.davy.storage.Database;
import dev.davy.storage.Event;
import dev.davy.storage.Events;
import dev.davy.storage.Ids;
import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Keeps the endpoints: what is desired of each, what is live, and the routing table that requests
/// read.
///
/// A change is committed first and published after, so that what callers see is always what a
/// restart would bring back.
public final class Endpoints implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Endpoints.class);

    /// How long a program that was replaced is kept loaded: longer than any request that may still
    /// be in it.
    private static final long RETIRED_SECONDS = 90;

    private final Database database;
    private final Ids ids;
    private final InstantSource clock;
    private final Loader loader;
    private final Object changing = new Object();
    private final Map<String, String> unavailable = new ConcurrentHashMap<>();
    private final List<Consumer<LoadedModel>> closing = new CopyOnWriteArrayList<>();
    private final Map<Long, Schema> schemas = new ConcurrentHashMap<>();
    private final ScheduledExecutorService retiring =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("davy-retiring").factory());

    /// Replaced whole; read once per request.
    private volatile RoutingTable table = RoutingTable.EMPTY;

    private Endpoints(Database database, Ids ids, InstantSource clock, Loader loader) {
        this.database = database;
        this.ids = ids;
        this.clock = clock;
        this.loader = loader;
    }

    /// Opens the keeper and loads what was live. An endpoint that can't be loaded is there, not
    /// ready, and says why; the others answer.
    ///
    /// @param remotes `host:port` of every server that may be asked as a remote model
    public static Endpoints open(
            Database database,
            Models models,
            Ids ids,
            InstantSource clock,
            Limits limits,
            Set<String> remotes) {
        var endpoints = new Endpoints(database, ids, clock, new Loader(models, limits, remotes));
        models.protect((handle, model, version) -> users(handle, model + "/" + version));
        endpoints.restore();
        return endpoints;
    }

    private void restore() {
        var all = database.read(EndpointTable::all);
        // Each in a thread of its own: what costs time is reading and preparing model files.
        try (var pool =
                Executors.newFixedThreadPool(
                        Math.max(2, Runtime.getRuntime().availableProcessors()),
                        Thread.ofPlatform().name("davy-load-", 0).factory())) {
            for (var stored : all) pool.execute(() -> restore(stored));
        }
    }

    private void restore(EndpointTable.Stored stored) {
        try {
            var endpoint = read(stored.declaration());
            publish(
                    stored.loaded()
                            ? assembled(endpoint, stored.epoch(), stored.live())
                            : unloaded(endpoint, stored.epoch()));
        } catch (RuntimeException e) {
            unavailable.put(
                    stored.name(),
                    e instanceof Problem problem
                            ? problem.getMessage()
                            : "It could not be loaded.");
            LOGGER.warn("endpoint {} is not ready: {}", stored.name(), e.getMessage(), e);
        }
    }

    /// The routing table of now with the models that are loaded, for trying it out before anybody
    /// calls: what is counted there is not counted here. It must not be closed, for the models are
    /// these.
    public Endpoints rehearsal() {
        var rehearsal = new Endpoints(database, ids, clock, loader);
        for (var routing : table.routes().values())
            rehearsal.table = rehearsal.table.with(routing.rehearsal());
        return rehearsal;
    }

    /// Which arm answers which share, now.
    public RoutingTable table() {
        return table;
    }

    /// Reads a declaration.
    ///
    /// @throws Problem UNACCEPTABLE with all that is wrong with it
    public static Endpoint read(JsonNode declaration) {
        var name = declaration.path("name").asString("");
        return EndpointReading.read(
                Fields.of(declaration, name.isEmpty() ? "endpoint" : "endpoint '" + name + "'"),
                declaration);
    }

    /// Reads a declaration whose mistakes are told with the lines of the file they stand in.
    public static Endpoint read(dev.davy.strict.Yaml.Document document) {
        var name = document.tree().path("name").asString("");
        return EndpointReading.read(
                Fields.of(document, name.isEmpty() ? "endpoint" : "endpoint '" + name + "'"),
                document.tree());
    }

    /// What applying a declaration did, or would do.
    ///
    /// @param result `created`, `changed` or `unchanged`
    /// @param changes a sentence each
    public record Applied(String kind, String name, String result, List<String> changes) {}

    /// Makes an endpoint be as declared.
    ///
    /// The same declaration again changes nothing. Another model is what is desired from now on;
    /// what is live changes by [#switchLive] only.
    ///
    /// @param dryRun says what would be done, and does not
    public Applied apply(Endpoint endpoint, String who, String why, boolean dryRun) {
        synchronized (changing) {
            var before = database.read(handle -> EndpointTable.find(handle, endpoint.name()));
            if (before.isEmpty()) return create(endpoint, who, why, dryRun);
            if (before.get().declaration().equals(endpoint.source()))
                return new Applied("Endpoint", endpoint.name(), "unchanged", List.of());
            return change(endpoint, before.get(), who, why, dryRun);
        }
    }

    private Applied create(Endpoint endpoint, String who, String why, boolean dryRun) {
        var routing = assembled(endpoint, 1, Map.of());
        var live = liveVersions(routing);
        var changes = new ArrayList<String>();
        changes.add(
                endpoint.external()
                        ? "served elsewhere, reported to us"
                        : "live: " + String.join(", ", live.values()));
        if (dryRun) {
            close(routing);
            return new Applied("Endpoint", endpoint.name(), "created", changes);
        }
        keep(
                new EndpointTable.Stored(endpoint.name(), endpoint.source(), 1, live, true),
                routing,
                "created",
                who,
                why);
        return new Applied("Endpoint", endpoint.name(), "created", changes);
    }

    private Applied change(
            Endpoint endpoint,
            EndpointTable.Stored before,
            String who,
            String why,
            boolean dryRun) {
        var changes = changes(before.declaration(), endpoint.source());
        long epoch = before.epoch() + 1;
        // Components that are still there go on with the version they have.
        var pinned = new LinkedHashMap<>(before.live());
        var routing =
                before.loaded() ? assembled(endpoint, epoch, pinned) : unloaded(endpoint, epoch);
        var live = before.loaded() ? liveVersions(routing) : before.live();
        for (var component : endpoint.pipeline())
            if (component instanceof Component.Registered registered) {
                var running = live.get(registered.name());
                if (running != null && !desiredIs(registered.model(), running))
                    changes.add(
                            "desired is "
                                    + registered.model()
                                    + ", live stays "
                                    + running
                                    + "; bring it live with: davy endpoint switch "
                                    + endpoint.name()
                                    + " --model "
                                    + registered.model());
            }
        if (dryRun) {
            close(routing);
            return new Applied("Endpoint", endpoint.name(), "changed", changes);
        }
        keep(
                new EndpointTable.Stored(
                        endpoint.name(), endpoint.source(), epoch, live, before.loaded()),
                routing,
                "changed",
                who,
                why);
        return new Applied("Endpoint", endpoint.name(), "changed", changes);
    }

    private boolean desiredIs(String reference, String running) {
        return reference.equals(running)
                || loader.resolves(reference).filter(running::equals).isPresent();
    }

    private static List<String> changes(JsonNode before, JsonNode after) {
        var keys = new TreeMap<String, String>();
        for (var key : before.properties())
            if (!after.has(key.getKey())) keys.put(key.getKey(), "left out, was " + key.getValue());
        for (var key : after.properties()) {
            var was = before.get(key.getKey());
            if (was == null) keys.put(key.getKey(), "is " + key.getValue());
            else if (!was.equals(key.getValue()))
                keys.put(key.getKey(), "is " + key.getValue() + ", was " + was);
        }
        var changes = new ArrayList<String>();
        keys.forEach((key, what) -> changes.add(key + ": " + what));
        return changes;
    }

    /// Flips the live arm to another version of one component's model: atomically, loaded and warm
    /// beforehand. Requests under way end on the version they began with.
    ///
    /// @param component empty for an endpoint with one model
    /// @param reference `name/7` or `name@alias`
    public void switchLive(
            String name, Optional<String> component, String reference, String who, String why) {
        synchronized (changing) {
            var before = stored(name);
            var endpoint = read(before.declaration());
            var target = component.orElseGet(() -> onlyModel(endpoint));
            if (endpoint.pipeline().stream()
                    .noneMatch(each ->
                            each.name().equals(target) && each instanceof Component.Registered))
                throw new Problem(
                        Problem.Kind.NOT_FOUND,
                        "component-unknown",
                        "Endpoint '" + name + "' has no model component '" + target + "'.",
                        "Its models are " + before.live().keySet() + ".",
                        "Name one of these.");
            var pinned = new LinkedHashMap<>(before.live());
            pinned.put(target, reference);
            long epoch = before.epoch() + 1;
            var routing = assembled(endpoint, epoch, pinned);
            keep(
                    new EndpointTable.Stored(
                            name, before.declaration(), epoch, liveVersions(routing), true),
                    routing,
                    "switched",
                    who,
                    why);
        }
    }

    private static String onlyModel(Endpoint endpoint) {
        var models =
                endpoint.pipeline().stream()
                        .filter(each -> each instanceof Component.Registered)
                        .toList();
        if (models.size() != 1)
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "component-needed",
                    "Endpoint '" + endpoint.name() + "' has " + models.size() + " models.",
                    "It can't be told which one is meant.",
                    "Name the component.");
        return models.getFirst().name();
    }

    /// Loads an endpoint again that was unloaded.
    public void load(String name, String who) {
        synchronized (changing) {
            EndpointTable.Stored before;
            Routing routing;
            long epoch;
            try {
                before = stored(name);
                if (before.loaded() && table.route(name).filter(Routing::ready).isPresent()) return;
                epoch = before.epoch() + 1;
                routing = assembled(read(before.declaration()), epoch, before.live());
            } catch (Problem problem) {
                throw new Problem(
                        problem.kind(),
                        problem.code(),
                        "Endpoint '" + name + "' failed to load. " + problem.what(),
                        problem.why(),
                        problem.todo());
            }
            keep(
                    new EndpointTable.Stored(
                            name, before.declaration(), epoch, liveVersions(routing), true),
                    routing,
                    "loaded",
                    who,
                    "");
        }
    }

    /// Takes an endpoint out of memory; it stays known, and callers are told that it is not ready.
    public void unload(String name, String who) {
        synchronized (changing) {
            var before = stored(name);
            if (!before.loaded()) return;
            long epoch = before.epoch() + 1;
            keep(
                    new EndpointTable.Stored(
                            name, before.declaration(), epoch, before.live(), false),
                    unloaded(read(before.declaration()), epoch),
                    "unloaded",
                    who,
                    "");
        }
    }

    /// Deletes an endpoint. Its predictions stay in the log.
    public void delete(String name, String who, String why) {
        synchronized (changing) {
            stored(name);
            database.write(handle -> {
                EndpointTable.delete(handle, name);
                record(handle, name, "deleted", who, why, Json.object());
                return true;
            });
            var before = table.route(name);
            table = table.without(name);
            unavailable.remove(name);
            before.ifPresent(this::retire);
        }
    }

    private EndpointTable.Stored stored(String name) {
        return database.read(handle -> EndpointTable.find(handle, name))
                .orElseThrow(() -> unknown(name));
    }

    static Problem unknown(String name) {
        return new Problem(
                Problem.Kind.NOT_FOUND,
                "endpoint-unknown",
                "There is no endpoint '" + name + "'.",
                "It was never created, or it was deleted.",
                "See the endpoints with: davy get endpoint");
    }

    private void keep(
            EndpointTable.Stored stored, Routing routing, String what, String who, String why) {
        var detail = Json.object();
        detail.put("epoch", stored.epoch());
        detail.set("live", Json.tree(stored.live()));
        detail.set("declaration", stored.declaration());
        try {
            database.write(handle -> {
                EndpointTable.put(handle, stored);
                var shape = routing.shape();
                EndpointTable.putSchema(handle, shape.rowsHash(), shape.rows().json());
                EndpointTable.putSchema(handle, shape.tensorsHash(), shape.tensors().json());
                record(handle, stored.name(), what, who, why, detail);
                return true;
            });
        } catch (RuntimeException e) {
            close(routing);
            throw e;
        }
        publish(routing);
    }

    private void record(
            Handle handle, String name, String what, String who, String why, ObjectNode detail) {
        Events.record(
                handle,
                new Event(ids.next(), clock.instant(), "endpoint", name, what, who, why, detail));
    }

    private void publish(Routing routing) {
        Optional<Routing> before;
        synchronized (changing) {
            before = table.route(routing.endpoint().name());
            table = table.with(routing);
            unavailable.remove(routing.endpoint().name());
        }
        before.ifPresent(this::retire);
    }

    private void retire(Routing routing) {
        var _ = retiring.schedule(() -> close(routing), RETIRED_SECONDS, TimeUnit.SECONDS);
    }

    private void close(Routing routing) {
        for (var arm : routing.arms())
            for (var model : arm.program().models()) {
                closing.forEach(listener -> listener.accept(model));
                model.close();
            }
    }

    /// Tells of each model that is about to be closed, for those who keep something of it.
    void onClose(Consumer<LoadedModel> listener) {
        closing.add(listener);
    }

    private Routing assembled(Endpoint endpoint, long epoch, Map<String, String> pinned) {
        if (endpoint.external()) {
            var input = endpoint.input().orElseThrow();
            var shape =
                    Shape.of(
                            endpoint,
                            input,
                            endpoint.output().stream()
                                    .map(Endpoint.DeclaredOutput::output)
                                    .toList(),
                            Optional.empty());
            return routing(endpoint, shape, epoch, List.of());
        }
        var loaded = loader.load(endpoint, pinned);
        return routing(
                endpoint,
                loaded.shape(),
                epoch,
                List.of(new Arm(Arm.Role.LIVE, loaded.program(), Assignment.BUCKETS)));
    }

    private Routing unloaded(Endpoint endpoint, long epoch) {
        var shape =
                table.route(endpoint.name())
                        .map(Routing::shape)
                        .orElseGet(() ->
                                Shape.of(
                                        endpoint,
                                        endpoint.input().orElse(new Schema(List.of())),
                                        List.of(),
                                        Optional.empty()));
        return routing(endpoint, shape, epoch, List.of());
    }

    private Routing routing(Endpoint endpoint, Shape shape, long epoch, List<Arm> arms) {
        var statistics =
                table.route(endpoint.name()).map(Routing::statistics).orElseGet(Statistics::new);
        return new Routing(
                endpoint,
                shape,
                epoch,
                arms,
                statistics,
                new BlobBudget(endpoint.capture().blobBytesPerSecond(), System.nanoTime()));
    }

    private static Map<String, String> liveVersions(Routing routing) {
        var versions = new LinkedHashMap<String, String>();
        routing.live()
                .ifPresent(arm -> {
                    for (var step : arm.program().steps())
                        if (step instanceof Program.ModelStep model)
                            versions.put(step.name(), model.version());
                });
        return versions;
    }

    /// The endpoints by which a model version is live, for refusing to delete it.
    private static List<String> users(Handle handle, String version) {
        var users = new ArrayList<String>();
        for (var stored : EndpointTable.all(handle))
            if (stored.live().containsValue(version)) users.add("endpoint '" + stored.name() + "'");
        return users;
    }

    /// The schema that log records name by this hash.
    public Optional<Schema> schema(long hash) {
        var known = schemas.get(hash);
        if (known != null) return Optional.of(known);
        var found = database.read(handle -> EndpointTable.schema(handle, hash)).map(Schema::read);
        found.ifPresent(schema -> schemas.put(hash, schema));
        return found;
    }

    /// All endpoints, for people: what is desired, what is live, and why they differ.
    public List<ObjectNode> all() {
        return database.read(EndpointTable::all).stream().map(this::shown).toList();
    }

    /// One endpoint, for people.
    public ObjectNode one(String name) {
        return shown(stored(name));
    }

    private ObjectNode shown(EndpointTable.Stored stored) {
        var json = Json.object();
        json.put("name", stored.name());
        var routing = table.route(stored.name());
        boolean external = stored.declaration().has("external");
        boolean ready = routing.filter(Routing::ready).isPresent();
        json.put(
                "state",
                external
                        ? "external"
                        : ready ? "ready" : stored.loaded() ? "not ready" : "unloaded");
        var reason = unavailable.get(stored.name());
        if (reason != null) json.put("reason", reason);
        json.put("epoch", stored.epoch());
        json.set("live", Json.tree(stored.live()));
        var desired = Json.object();
        var differs = new ArrayList<String>();
        for (var component : read(stored.declaration()).pipeline())
            if (component instanceof Component.Registered registered) {
                desired.put(registered.name(), registered.model());
                var live = stored.live().get(registered.name());
                if (live != null && !desiredIs(registered.model(), live))
                    differs.add(
                            registered.name()
                                    + ": desired is "
                                    + registered.model()
                                    + ", live is "
                                    + live);
            }
        json.set("desired", desired);
        if (!differs.isEmpty()) json.set("differs", Json.tree(differs));
        routing.filter(Routing::ready)
                .ifPresent(route -> {
                    json.set("input", route.shape().rows().json());
                    var outputs = Json.object();
                    for (var output : route.shape().outputs())
                        outputs.set(output.name(), output.kind().json());
                    json.set("output", outputs);
                });
        json.set("declaration", stored.declaration());
        return json;
    }

    @Override
    public void close() {
        retiring.shutdownNow();
        for (var routing : table.routes().values()) close(routing);
    }
}
