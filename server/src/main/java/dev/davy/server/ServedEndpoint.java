package dev.davy.server;

import dev.davy.schema.Row;
import dev.davy.serving.Asked;
import dev.davy.serving.Predicted;
import dev.davy.serving.Predictor;
import java.util.List;
import java.util.Optional;

/// An endpoint as callers in this process ask it. For any number of threads, but not virtual ones:
/// a model is native code, which would hold their carrier.
public final class ServedEndpoint {
    private final String name;
    private final Predictor predictor;

    ServedEndpoint(String name, Predictor predictor) {
        this.name = name;
        this.predictor = predictor;
    }

    public String name() {
        return name;
    }

    /// Answers one row, within the endpoint's own deadline. It is in the log when this returns.
    ///
    /// @throws dev.davy.strict.Problem when the row does not fit the endpoint's input, when the
    ///   model fails, or when the deadline passes
    public Predicted predict(Row row) {
        return predict(List.of(row)).getFirst();
    }

    /// Answers several rows, in their order; all of them or none.
    public List<Predicted> predict(List<Row> rows) {
        var routing = predictor.routing(name);
        long deadline = Predictor.deadline(routing, System.nanoTime(), Optional.empty());
        return predict(rows, Asked.live(deadline));
    }

    /// As above, with more said of the request: the entity it is about, when it happened.
    public List<Predicted> predict(List<Row> rows, Asked asked) {
        return predictor.predict(name, rows, asked);
    }
}
