package dev.davy.web;

import java.util.List;

/// What each metric of an endpoint was worth.
///
/// @param sentence the answer to the page's question
/// @param filled which metrics were counted over the past, a sentence each
public record MetricsView(
        Chrome chrome,
        String name,
        String href,
        String sentence,
        List<Row> rows,
        List<String> filled) {

    /// A metric.
    ///
    /// @param there whether a person declared it
    /// @param silent whether it had nothing to say for long
    public record Row(
            String name,
            String href,
            String there,
            String windows,
            String moved,
            String alarms,
            String last,
            String bytes,
            String micros,
            String price,
            boolean silent) {}
}
