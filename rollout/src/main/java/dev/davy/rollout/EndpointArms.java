package dev.davy.rollout;

import dev.davy.registry.Models;
import dev.davy.schema.Row;
import dev.davy.serving.Arm;
import dev.davy.serving.Asked;
import dev.davy.serving.Beside;
import dev.davy.serving.Change;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Origin;
import dev.davy.serving.Predictor;
import dev.davy.serving.Standing;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The arms of this server's endpoints.
public final class EndpointArms implements Arms {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Endpoints endpoints;
    private final Predictor predictor;
    private final Models models;

    public EndpointArms(Endpoints endpoints, Predictor predictor, Models models) {
        this.endpoints = endpoints;
        this.predictor = predictor;
        this.models = models;
    }

    @Override
    public Face face(String endpoint) {
        var routing = predictor.routing(endpoint);
        return new Face(
                routing.shape().rows(),
                routing.shape().outputs(),
                routing.endpoint().rollout(),
                routing.endpoint().joinWithin());
    }

    @Override
    public Standing standing(String endpoint) {
        return endpoints.standing(endpoint);
    }

    @Override
    public boolean fallsBack(String endpoint) {
        var fallback = predictor.routing(endpoint).endpoint().fallback();
        return fallback.isPresent()
                && standing(endpoint).live().containsValue(fallback.get().version());
    }

    @Override
    public List<String> declared() {
        return endpoints.table().routes().values().stream()
                .filter(each -> each.ready() && each.endpoint().rollout().isPresent())
                .map(each -> each.endpoint().name())
                .toList();
    }

    @Override
    public Map<String, String> desired(String endpoint) {
        return endpoints.desired(endpoint);
    }

    @Override
    public String resolved(String reference) {
        return models.resolve(reference).address();
    }

    @Override
    public long beside(String endpoint, Beside beside, Change change) {
        return endpoints.beside(endpoint, beside, change);
    }

    @Override
    public long promote(String endpoint, Change change) {
        return endpoints.promote(endpoint, change);
    }

    @Override
    public long rollBack(String endpoint, Change change) {
        return endpoints.rollBack(endpoint, change);
    }

    @Override
    public long settle(String endpoint, boolean keep, Change change) {
        return endpoints.settle(endpoint, keep, change);
    }

    @Override
    public List<String> tried(String endpoint, List<Row> rows) {
        var wrong = new ArrayList<String>();
        for (var row : rows)
            try {
                // Of its own origin: what is tried here is no evidence.
                var asked =
                        new Asked(
                                Optional.empty(),
                                Optional.empty(),
                                Origin.REHEARSAL,
                                Optional.empty(),
                                Optional.of(Arm.Role.CANDIDATE),
                                System.nanoTime() + PATIENCE.toNanos());
                var by = predictor.predict(endpoint, List.of(row), asked).getFirst().arm();
                if (by != Arm.Role.CANDIDATE)
                    wrong.add("It failed, and the %s arm answered instead.".formatted(by.word()));
            } catch (Problem problem) {
                wrong.add(problem.what() + " " + problem.why());
            }
        return wrong;
    }
}
