package dev.davy.review.explain;

import dev.davy.schema.Row;
import java.util.List;

/// A model as an explanation sees it: rows in, one number each out.
@FunctionalInterface
interface Asking {
    /// @throws dev.davy.strict.Problem DEADLINE when the time is up
    double[] of(List<Row> rows);
}
