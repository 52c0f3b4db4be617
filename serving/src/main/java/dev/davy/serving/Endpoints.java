package dev.davy.serving;

import dev.davy.registry.Models;
import dev.davy.schema.Schema;
import dev.davy.serving.EndpointTable.Stored;
import dev.davy.storage.Database;
import dev.davy.storage.Event;
import dev.davy.storage.Events;
import dev.davy.storage.Ids;
import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Keeps the endpoints: what is desired of each, what is live, and the routing table that requests
/// read.
///
/// A change is committed first and published after, so that what callers see is what a restart
/// would bring back. Only a promotion and a rollback are published first: they need nothing but
/// what is warm already, and a rollback must not wait for a disk. Whoever asked is answered when it
/// is kept.
public final class Endpoints implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Endpoints.class);

    /// How long a program that was replaced is kept loaded: longer than any request that may still
    /// be in it.
    private static final long RETIRED_SECONDS = 90;

    /// So many changes may have been published and not kept; those after them are kept first. A
    /// restart goes on behind their epochs, or one epoch would mean two things in the log.
    private static final int UNKEPT_MOST = 8;

    /// Changes of an endpoint that are looked through for how it stood: 50 pages of 200.
    private static final int STOOD_PAGE = 200;

    private static final int STOOD_PAGES = 50;

    private static final Duration KEPT_WITHIN = Duration.ofSeconds(10);

    private final Database database;
    private final Ids ids;
    private final InstantSource clock;
    private final Loader loader;
    private final Assembler assembler;
    private final Object changing = new Object();

    /// Loading a model takes long: whoever changes another endpoint does not wait for it.
    private final Map<String, Object> locks = new ConcurrentHashMap<>();

    private final Map<String, String> unavailable = new ConcurrentHashMap<>();
    private final List<Consumer<LoadedModel>> closing = new CopyOnWriteArrayList<>();
    private final List<BiConsumer<Endpoint, Shape>> checks = new CopyOnWriteArrayList<>();
    private final List<Foretelling> foretellings = new CopyOnWriteArrayList<>();
    private volatile Automating automating = Routing::automation;
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
        assembler = new Assembler(loader);
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

    private void restore(Stored found) {
        var stored = behindUnkept(found);
        try {
            publish(routing(read(stored.declaration()), stored, false));
        } catch (RuntimeException e) {
            unavailable.put(
                    stored.name(),
                    e instanceof Problem problem
                            ? problem.getMessage()
                            : "It could not be loaded.");
            LOGGER.warn("endpoint {} is not ready: {}", stored.name(), e.getMessage(), e);
        }
    }

    /// Where arms stand ready to be flipped, a flip may have been published that was never kept.
    private Stored behindUnkept(Stored found) {
        if (found.beside().isEmpty() && found.kept().isEmpty()) return found;
        var behind = found.at(found.epoch() + UNKEPT_MOST + 1);
        try {
            database.write(handle -> {
                EndpointTable.put(handle, behind);
                return true;
            });
            return behind;
        } catch (Problem noDisk) {
            // It serves on; nothing that could take an epoch twice can be kept either.
            LOGGER.warn("endpoint {} stands as it did: {}", found.name(), noDisk.getMessage());
            return found;
        }
    }

    /// Who says who decides what an endpoint is asked. Must not fail, and must not wait.
    public interface Automating {
        Automation of(Routing routing);
    }

    /// From now on this says who decides, at all endpoints.
    public void automate(Automating by) {
        synchronized (changing) {
            automating = by;
            for (var routing : table.routes().values())
                table = table.with(routing.with(by.of(routing)));
        }
    }

    /// Asks again who decides at an endpoint: something has changed.
    public void automateAgain(String name) {
        synchronized (changing) {
            var routing = table.route(name);
            if (routing.isEmpty()) return;
            table = table.with(routing.get().with(automating.of(routing.get())));
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

    /// Has each declaration checked before it is kept, by those who read parts of it that are not
    /// read here.
    ///
    /// @param check is given what the endpoint takes and gives too; throws a problem when something
    ///   in the declaration does not fit
    public void check(BiConsumer<Endpoint, Shape> check) {
        checks.add(check);
    }

    /// Says what a change would bring about beyond itself.
    public interface Foretelling {
        /// @param live versions by component, as they stand
        /// @return a sentence each
        List<String> of(Endpoint endpoint, Shape shape, Map<String, String> live);
    }

    /// Has whoever tries a change out told of its consequences, by those who bring them about.
    public void foretell(Foretelling foretelling) {
        foretellings.add(foretelling);
    }

    /// What applying a declaration did, or would do.
    ///
    /// @param result `created`, `changed` or `unchanged`
    /// @param changes a sentence each
    /// @param foreseen what would come of it then, a sentence each; told where it is only tried out
    public record Applied(
            String kind, String name, String result, List<String> changes, List<String> foreseen) {
        public Applied {
            changes = List.copyOf(changes);
            foreseen = List.copyOf(foreseen);
        }
    }

    /// Makes an endpoint be as declared.
    ///
    /// The same declaration again changes nothing. Another model is what is desired from now on;
    /// what is live changes by a rollout or by [#switchLive] only.
    ///
    /// @param dryRun says what would be done, and does not
    public Applied apply(Endpoint endpoint, String who, String why, boolean dryRun) {
        synchronized (lock(endpoint.name())) {
            var before = database.read(handle -> EndpointTable.find(handle, endpoint.name()));
            if (before.isPresent() && before.get().declaration().equals(endpoint.source()))
                return new Applied("Endpoint", endpoint.name(), "unchanged", List.of(), List.of());
            var wanted =
                    before.map(each ->
                                    Standins.follow(next(each), read(each.declaration()), endpoint))
                            .orElseGet(() ->
                                    Stored.alone(endpoint.name(), endpoint.source(), 1, Map.of()));
            // Components that are still there go on with the version they have.
            var routing = checked(endpoint, routing(endpoint, wanted, true));
            var live = wanted.loaded() ? versions(routing) : wanted.live();
            var changes =
                    before.isPresent()
                            ? EndpointView.changes(
                                    before.get().declaration(), endpoint, live, this::desiredIs)
                            : List.of(
                                    endpoint.external()
                                            ? "served elsewhere, reported to us"
                                            : "live: " + String.join(", ", live.values()));
            var result = before.isPresent() ? "changed" : "created";
            var foreseen = new ArrayList<String>();
            if (dryRun)
                for (var each : foretellings)
                    foreseen.addAll(each.of(endpoint, routing.shape(), live));
            if (dryRun) letGo(routing);
            else
                bring(
                        wanted.live().equals(live) ? wanted : wanted.live(live, wanted.isolated()),
                        routing,
                        result,
                        Change.by(who, why));
            return new Applied("Endpoint", endpoint.name(), result, changes, foreseen);
        }
    }

    private Routing checked(Endpoint endpoint, Routing routing) {
        try {
            for (var check : checks) check.accept(endpoint, routing.shape());
            return routing;
        } catch (RuntimeException e) {
            letGo(routing);
            throw e;
        }
    }

    private boolean desiredIs(String reference, String running) {
        return reference.equals(running)
                || loader.resolves(reference).filter(running::equals).isPresent();
    }

    /// Flips the live arm to another version of one component's model: atomically, loaded and warm
    /// beforehand, and checked by nobody. Requests under way end on the version they began with.
    ///
    /// @param component empty for an endpoint with one model
    /// @param reference `name/7` or `name@alias`
    /// @throws Problem CONFLICT `candidate-on-its-way` while a candidate stands beside live
    public void switchLive(
            String name, Optional<String> component, String reference, String who, String why) {
        synchronized (lock(name)) {
            var before = stored(name);
            if (before.beside().isPresent()) throw onItsWay(name);
            var endpoint = read(before.declaration());
            var target = component.orElseGet(() -> onlyModel(endpoint));
            checkIsModel(endpoint, target, before);
            var live = new LinkedHashMap<>(before.live());
            live.put(target, loader.resolves(reference).orElse(reference));
            change(next(before).live(live, false).kept(Map.of()), "switched", Change.by(who, why));
        }
    }

    private static Problem onItsWay(String name) {
        return new Problem(
                Problem.Kind.CONFLICT,
                "candidate-on-its-way",
                "Endpoint '" + name + "' can't be switched.",
                "A candidate is on its way to live.",
                "Promote it or roll it back first: davy rollout status " + name);
    }

    private static void checkIsModel(Endpoint endpoint, String component, Stored before) {
        if (endpoint.pipeline().stream()
                .noneMatch(each ->
                        each.name().equals(component) && each instanceof Component.Registered))
            throw new Problem(
                    Problem.Kind.NOT_FOUND,
                    "component-unknown",
                    "Endpoint '"
                            + endpoint.name()
                            + "' has no model component '"
                            + component
                            + "'.",
                    "Its models are " + before.live().keySet() + ".",
                    "Name one of these.");
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

    /// How an endpoint stood when a routing of this epoch answered; empty when no event tells.
    ///
    /// @param answered when it did; epochs begin anew for an endpoint that was deleted and declared
    ///   again
    public Optional<Stood> stood(String name, long epoch, Instant answered) {
        // A flip may be kept after the first request that saw it; a restart skips epochs.
        var until = answered.plus(KEPT_WITHIN);
        Optional<UUID> before = Optional.empty();
        for (int page = 0; page < STOOD_PAGES; page++) {
            var events = new Events(database).of("endpoint", name, before, STOOD_PAGE);
            for (var event : events) {
                if (event.at().isAfter(until) || !event.detail().has("declaration")) continue;
                var stood = stood(event);
                if (stood.epoch() <= epoch) return Optional.of(stood);
            }
            if (events.size() < STOOD_PAGE) break;
            before = Optional.of(events.getLast().id());
        }
        return Optional.empty();
    }

    private static Stood stood(Event event) {
        var live = new LinkedHashMap<String, String>();
        for (var each : event.detail().path("live").properties())
            live.put(each.getKey(), each.getValue().asString());
        return new Stood(
                read(event.detail().path("declaration")),
                event.detail().path("epoch").asLong(),
                live,
                event.at());
    }

    /// Loads an endpoint as it stood, apart from what answers: see [Rerun]. Close it.
    ///
    /// @throws Problem when something of it is gone or can't be loaded
    public Rerun rerun(Stood stood) {
        return new Rerun(stood, loader.load(stood.endpoint(), stood.live(), true));
    }

    /// What stands behind an endpoint now.
    ///
    /// @throws Problem NOT_FOUND `endpoint-unknown`
    public Standing standing(String name) {
        return stored(name).standing();
    }

    /// The versions that are desired by the declaration and the aliases of now, by component; those
    /// that can't be resolved are not there.
    public Map<String, String> desired(String name) {
        var desired = new LinkedHashMap<String, String>();
        for (var component : read(stored(name).declaration()).pipeline())
            if (component instanceof Component.Registered registered)
                loader.resolves(registered.model())
                        .ifPresent(version -> desired.put(registered.name(), version));
        return desired;
    }

    /// Puts a candidate beside live, or gives it another share. It is loaded and tried first; one
    /// that is there already goes on as it is.
    ///
    /// @return the epoch of the new routing
    /// @throws Problem UNACCEPTABLE when it can't be loaded or does not fit the endpoint's callers
    public long beside(String name, Beside beside, Change change) {
        synchronized (lock(name)) {
            var before = stored(name);
            var endpoint = read(before.declaration());
            for (var component : beside.versions().keySet())
                checkIsModel(endpoint, component, before);
            return change(next(before).beside(Optional.of(beside)), "candidate", change);
        }
    }

    /// Gives the candidate all traffic: a pointer flip. It is live now, in its child process still,
    /// and what was live is kept warm.
    ///
    /// @return the epoch of the new routing
    /// @throws Problem CONFLICT `no-candidate`
    public long promote(String name, Change change) {
        synchronized (lock(name)) {
            var before = stored(name);
            var beside = before.beside().orElseThrow(() -> noCandidate(name));
            var live = new LinkedHashMap<>(before.live());
            live.putAll(beside.versions());
            var after = next(before).beside(Optional.empty()).kept(before.live()).live(live, true);
            return flip(before, after, "promoted", change, false);
        }
    }

    /// Gives all traffic back to live; after a promotion, to what was live before. A pointer flip.
    ///
    /// @return the epoch of the new routing
    /// @throws Problem CONFLICT `no-candidate`
    public long rollBack(String name, Change change) {
        synchronized (lock(name)) {
            var before = stored(name);
            if (before.beside().isEmpty() && before.kept().isEmpty()) throw noCandidate(name);
            var after =
                    before.beside().isPresent()
                            ? next(before).beside(Optional.empty())
                            : next(before).live(before.kept(), false).kept(Map.of());
            return flip(before, after, "rolled back", change, true);
        }
    }

    /// Takes a promoted version into the server's own process: it is loaded there, warmed, and
    /// flipped to.
    ///
    /// @param keep whether what was live before stays warm
    /// @return the epoch of the new routing
    public long settle(String name, boolean keep, Change change) {
        synchronized (lock(name)) {
            var before = stored(name);
            var after = next(before).live(before.live(), false);
            return change(keep ? after : after.kept(Map.of()), "settled", change);
        }
    }

    /// Loads versions of an endpoint's models into child processes, apart from its routing: no
    /// caller sees them, and nothing of it is kept.
    ///
    /// @param versions by component; components that are not named are as in the live arm
    /// @throws Problem UNACCEPTABLE when it can't be loaded or does not fit the endpoint's callers;
    ///   UNAVAILABLE `endpoint-not-ready`
    public Apart apart(String name, Map<String, String> versions) {
        var stored = stored(name);
        var endpoint = read(stored.declaration());
        for (var component : versions.keySet()) checkIsModel(endpoint, component, stored);
        var routing = table.route(name).filter(Routing::ready).orElseThrow(() -> notReady(name));
        var all = new LinkedHashMap<>(stored.live());
        all.putAll(versions);
        var loaded = loader.load(endpoint, all, true);
        try {
            var live = routing.live().orElseThrow(() -> notReady(name)).program();
            Fitting.check(endpoint, new Loader.Loaded(live, routing.shape()), loaded);
        } catch (Problem problem) {
            loaded.program().models().forEach(LoadedModel::close);
            throw problem;
        }
        return new Apart(loaded.program(), routing.shape());
    }

    static Problem notReady(String name) {
        return new Problem(
                Problem.Kind.UNAVAILABLE,
                "endpoint-not-ready",
                "Endpoint '" + name + "' is not ready.",
                "No arm of it is loaded.",
                "Load it, or see why with: davy get endpoint " + name);
    }

    private static Problem noCandidate(String name) {
        return new Problem(
                Problem.Kind.CONFLICT,
                "no-candidate",
                "Endpoint '" + name + "' has no candidate.",
                "Nothing stands beside its live arm, and nothing is kept from before.",
                "See what is live with: davy get endpoint " + name);
    }

    /// Assembles, keeps and publishes.
    private long change(Stored after, String what, Change change) {
        bring(after, routing(read(after.declaration()), after, true), what, change);
        return after.epoch();
    }

    /// Publishes what is warm already, and keeps it then.
    ///
    /// @param stays whether it stands until a restart although it can't be kept: harm that was
    ///   stopped does not begin again for want of a disk, and whoever asks again may keep it
    private long flip(Stored before, Stored after, String what, Change change, boolean stays) {
        var shown = table.route(before.name());
        boolean mayLead =
                shown.filter(Routing::ready).isPresent()
                        && after.epoch() - before.epoch() <= UNKEPT_MOST;
        if (!mayLead) return change(after, what, change);
        var routing = routing(read(after.declaration()), after, true);
        publish(routing);
        try {
            keep(after, routing, what, change);
        } catch (RuntimeException e) {
            if (!stays) shown.ifPresent(this::publish);
            throw e;
        }
        return after.epoch();
    }

    /// The same at an epoch that no prediction has carried yet.
    private Stored next(Stored before) {
        long shown = table.route(before.name()).map(Routing::epoch).orElse(0L);
        return before.at(Math.max(before.epoch(), shown) + 1);
    }

    /// Loads an endpoint again that was unloaded.
    public void load(String name, String who) {
        synchronized (lock(name)) {
            Stored after;
            Routing routing;
            try {
                var before = stored(name);
                if (before.loaded() && table.route(name).filter(Routing::ready).isPresent()) return;
                after = next(before).loaded(true);
                routing = routing(read(before.declaration()), after, true);
            } catch (Problem problem) {
                throw new Problem(
                        problem.kind(),
                        problem.code(),
                        "Endpoint '" + name + "' failed to load. " + problem.what(),
                        problem.why(),
                        problem.todo());
            }
            bring(after, routing, "loaded", Change.by(who, ""));
        }
    }

    /// Takes an endpoint out of memory; it stays known, and callers are told that it is not ready.
    public void unload(String name, String who) {
        synchronized (lock(name)) {
            var before = stored(name);
            if (!before.loaded()) return;
            change(next(before).loaded(false), "unloaded", Change.by(who, ""));
        }
    }

    /// Deletes an endpoint. Its predictions stay in the log.
    public void delete(String name, String who, String why) {
        synchronized (lock(name)) {
            stored(name);
            database.write(handle -> {
                EndpointTable.delete(handle, name);
                record(handle, name, "deleted", Change.by(who, why), Json.object());
                return true;
            });
            Optional<Routing> before;
            synchronized (changing) {
                before = table.route(name);
                table = table.without(name);
                unavailable.remove(name);
            }
            before.ifPresent(routing -> retire(models(routing)));
        }
    }

    private Object lock(String name) {
        return locks.computeIfAbsent(name, _ -> new Object());
    }

    private Stored stored(String name) {
        return database.read(handle -> EndpointTable.find(handle, name))
                .orElseThrow(() -> unknown(name));
    }

    /// What whoever names an endpoint that is not there is told: NOT_FOUND `endpoint-unknown`.
    public static Problem unknown(String name) {
        return new Problem(
                Problem.Kind.NOT_FOUND,
                "endpoint-unknown",
                "There is no endpoint '" + name + "'.",
                "It was never created, or it was deleted.",
                "See the endpoints with: davy get endpoint");
    }

    /// @param strict whether a candidate that can't be loaded is a problem
    private Routing routing(Endpoint endpoint, Stored stored, boolean strict) {
        var before = table.route(stored.name());
        return stored.loaded()
                ? assembler.assembled(endpoint, stored, before, strict)
                : assembler.unloaded(endpoint, stored.epoch(), before);
    }

    /// Keeps and publishes; what was loaded for it is closed again when it can't be kept.
    private void bring(Stored stored, Routing routing, String what, Change change) {
        try {
            keep(stored, routing, what, change);
        } catch (RuntimeException e) {
            letGo(routing);
            throw e;
        }
        publish(routing);
    }

    private void keep(Stored stored, Routing routing, String what, Change change) {
        var detail = Json.object();
        detail.put("epoch", stored.epoch());
        detail.set("live", Json.tree(stored.live()));
        stored.beside().ifPresent(beside -> detail.set("candidate", Json.tree(beside)));
        if (!stored.kept().isEmpty()) detail.set("kept", Json.tree(stored.kept()));
        detail.set("declaration", stored.declaration());
        database.write(handle -> {
            EndpointTable.put(handle, stored);
            var shape = routing.shape();
            EndpointTable.putSchema(handle, shape.rowsHash(), shape.rows().json());
            EndpointTable.putSchema(handle, shape.tensorsHash(), shape.tensors().json());
            record(handle, stored.name(), what, change, detail);
            change.alongside().keep(handle, stored.epoch());
            return true;
        });
    }

    private void record(Handle handle, String name, String what, Change change, ObjectNode detail) {
        Events.record(
                handle,
                new Event(
                        ids.next(),
                        clock.instant(),
                        "endpoint",
                        name,
                        what,
                        change.who(),
                        change.why(),
                        detail));
    }

    private void publish(Routing routing) {
        Set<LoadedModel> gone;
        synchronized (changing) {
            var before = table.route(routing.endpoint().name());
            table = table.with(routing.with(automating.of(routing)));
            unavailable.remove(routing.endpoint().name());
            gone = before.map(Endpoints::models).orElseGet(Set::of);
        }
        if (gone.isEmpty()) return;
        gone.removeAll(models(routing));
        retire(gone);
    }

    private static Set<LoadedModel> models(Routing routing) {
        Set<LoadedModel> models = Collections.newSetFromMap(new IdentityHashMap<>());
        for (var arm : routing.arms()) models.addAll(arm.program().models());
        return models;
    }

    private void retire(Set<LoadedModel> models) {
        if (models.isEmpty()) return;
        var _ = retiring.schedule(() -> close(models), RETIRED_SECONDS, TimeUnit.SECONDS);
    }

    /// Closes what was loaded for a routing that nobody will see.
    private void letGo(Routing routing) {
        var models = models(routing);
        table.route(routing.endpoint().name()).ifPresent(now -> models.removeAll(models(now)));
        close(models);
    }

    private void close(Set<LoadedModel> models) {
        for (var model : models) {
            closing.forEach(listener -> listener.accept(model));
            model.close();
        }
    }

    /// Tells of each model that is about to be closed, for those who keep something of it.
    void onClose(Consumer<LoadedModel> listener) {
        closing.add(listener);
    }

    private static Map<String, String> versions(Routing routing) {
        return routing.live().map(arm -> arm.program().versions()).orElseGet(Map::of);
    }

    /// The endpoints that need a model version, for refusing to delete it.
    private static List<String> users(Handle handle, String version) {
        var users = new ArrayList<String>();
        for (var stored : EndpointTable.all(handle))
            if (stored.live().containsValue(version)
                    || stored.kept().containsValue(version)
                    || stored.beside()
                            .filter(beside -> beside.versions().containsValue(version))
                            .isPresent()) users.add("endpoint '" + stored.name() + "'");
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

    private ObjectNode shown(Stored stored) {
        return EndpointView.of(
                stored,
                read(stored.declaration()),
                table.route(stored.name()),
                Optional.ofNullable(unavailable.get(stored.name())),
                this::desiredIs);
    }

    @Override
    public void close() {
        retiring.shutdownNow();
        for (var routing : table.routes().values()) close(models(routing));
    }
}
