package dev.davy.serving;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which arm answers which share, of all endpoints: immutable, replaced whole. A request reads it
/// once and sees exactly one.
public final class RoutingTable {

    /// Nothing is served.
    public static final RoutingTable EMPTY = new RoutingTable(Map.of());

    private final Map<String, Routing> routes;

    /// By the request line of the two calls that must not cost a search.
    private final Map<String, Routing> byInferPath = new HashMap<>();

    public RoutingTable(Map<String, Routing> routes) {
        this.routes = Map.copyOf(routes);
        for (var routing : this.routes.values()) {
            var models = "/v2/models/" + routing.endpoint().name();
            byInferPath.put(models + "/infer", routing);
            routing.live()
                    .ifPresent(arm ->
                            byInferPath.put(
                                    models + "/versions/" + arm.program().number() + "/infer",
                                    routing));
        }
    }

    /// The route of an endpoint.
    public Optional<Routing> route(String endpoint) {
        return Optional.ofNullable(routes.get(endpoint));
    }

    /// The route that a path of the protocol's infer call names exactly as we would write it.
    public @Nullable Routing byInferPath(String path) {
        return byInferPath.get(path);
    }

    /// All routes by endpoint.
    public Map<String, Routing> routes() {
        return routes;
    }

    /// This table with one route put in or replaced.
    public RoutingTable with(Routing routing) {
        var next = new HashMap<>(routes);
        next.put(routing.endpoint().name(), routing);
        return new RoutingTable(next);
    }

    /// This table without an endpoint.
    public RoutingTable without(String endpoint) {
        var next = new HashMap<>(routes);
        next.remove(endpoint);
        return new RoutingTable(next);
    }
}
