package dev.davy.monitoring;

import dev.davy.schema.Output;
import dev.davy.schema.Schema;
import dev.davy.serving.Endpoint;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Routing;
import dev.davy.strict.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/// What endpoints say of themselves, as far as watching them needs it.
public interface Declared {
    /// Of no endpoints.
    Declared NOTHING =
            new Declared() {
                @Override
                public Map<String, Plan> plans() {
                    return Map.of();
                }

                @Override
                public List<Output> outputs(String endpoint) {
                    return List.of();
                }

                @Override
                public Optional<Schema> schema(long hash) {
                    return Optional.empty();
                }
            };

    /// All endpoints by name, and how they are watched.
    Map<String, Plan> plans();

    List<Output> outputs(String endpoint);

    Optional<Schema> schema(long hash);

    /// The slices that an endpoint declares.
    default List<String> slices(String endpoint) {
        var plan = plans().get(endpoint);
        return plan == null ? List.of() : plan.slices();
    }

    /// A plan that was read, and of which declaration.
    record Read(JsonNode of, Optional<Plan> plan) {}

    private static Optional<Plan> planOf(Endpoint endpoint) {
        try {
            return Optional.of(PlanReading.read(endpoint, Optional.empty(), List.of()));
        } catch (Problem ofAnotherRelease) {
            // It was checked when it was applied.
            return Optional.empty();
        }
    }

    /// The metrics that an endpoint declares.
    default List<Plan.Custom> metrics(String endpoint) {
        var plan = plans().get(endpoint);
        return plan == null ? List.of() : plan.metrics();
    }

    /// Of the endpoints that are served here, as the routing table stands.
    static Declared of(Endpoints endpoints) {
        return new Declared() {
            private final Map<String, Read> read = new ConcurrentHashMap<>();

            @Override
            public Map<String, Plan> plans() {
                var plans = new LinkedHashMap<String, Plan>();
                endpoints
                        .table()
                        .routes()
                        .forEach((name, routing) ->
                                plan(routing).ifPresent(plan -> plans.put(name, plan)));
                return plans;
            }

            private Optional<Plan> plan(Routing routing) {
                var endpoint = routing.endpoint();
                var known = read.get(endpoint.name());
                if (known != null && known.of.equals(endpoint.source())) return known.plan;
                var plan = planOf(endpoint);
                read.put(endpoint.name(), new Read(endpoint.source(), plan));
                return plan;
            }

            @Override
            public List<Output> outputs(String endpoint) {
                return endpoints
                        .table()
                        .route(endpoint)
                        .map(routing -> routing.shape().outputs())
                        .orElse(List.of());
            }

            @Override
            public Optional<Schema> schema(long hash) {
                return endpoints.schema(hash);
            }

            @Override
            public List<Plan.Custom> metrics(String endpoint) {
                return endpoints
                        .table()
                        .route(endpoint)
                        .flatMap(this::plan)
                        .map(Plan::metrics)
                        .orElse(List.of());
            }

            @Override
            public List<String> slices(String endpoint) {
                return endpoints
                        .table()
                        .route(endpoint)
                        .flatMap(this::plan)
                        .map(Plan::slices)
                        .orElse(List.of());
            }
        };
    }
}
