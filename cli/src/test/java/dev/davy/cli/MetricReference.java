package dev.davy.cli;

import dev.davy.monitoring.Metric;
import dev.davy.server.Caller;
import dev.davy.server.Server;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// `docs/reference/metrics.md`: what `/metrics` shows of an endpoint that was asked, and what a
/// monitor may watch.
final class MetricReference {
    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+)(?:\\{([^}]*)})? .*");

    private static final String ASKED =
            """
            kind: Endpoint
            name: asked
            input: {amount: {type: number}}
            output: {risk: {type: category, classes: [bad, good]}}
            pipeline:
              - {name: judge, rule: {risk: "case when input.amount > 1 then 'bad' else 'good' end"}}
            """;

    private MetricReference() {}

    static String page(Server server) {
        var caller = Caller.of(server);
        caller.apply(ASKED);
        var id =
                caller.predictRows("asked", "[{\"amount\":1},{\"amount\":2}]")
                        .at("/0/id")
                        .asString();
        caller.post(
                "/api/v1/feedback",
                "{\"id\":\"f\",\"prediction\":\"" + id + "\",\"truth\":\"good\"}");
        server.davy().readers().awaitCaughtUp(Duration.ofMinutes(1));
        return """
        # Metrics

        <!-- Made from the code by ReferenceTest; a change belongs into the metric itself. -->

        ## For Prometheus

        `GET /metrics` has these, beside those of Java (`jvm_…`). Counters end in `_total`; times are in seconds, sizes in
        bytes. `davy_prediction_errors_total` and `davy_log_lost_records_total` come with the first of their kind.

        | name | kind | labels | what it is |
        |---|---|---|---|
        """
                + exposed(caller.get("/metrics").is(200).text())
                + """

                ## For monitors

                What stands behind `watch:` in a declaration, a number of each window. A whole column has no unit: its drift is told in
                standard deviations of its ranks, or in points of a share.

                | watch | unit |
                |---|---|
                """
                + watched();
    }

    private static String exposed(String text) {
        var help = new TreeMap<String, String>();
        var kinds = new LinkedHashMap<String, String>();
        var labels = new LinkedHashMap<String, TreeSet<String>>();
        for (var line : text.lines().toList()) {
            var words = line.split(" ", 4);
            if (line.startsWith("# HELP davy_")) help.put(words[2], words[3]);
            else if (line.startsWith("# TYPE davy_")) kinds.put(words[2], words[3]);
            else if (line.startsWith("davy_")) {
                var sample = SAMPLE.matcher(line);
                if (!sample.matches() || sample.group(2) == null) continue;
                var name = sample.group(1).replaceAll("_(bucket|count|sum)$", "");
                for (var label : sample.group(2).split(",(?=[a-z_]+=)"))
                    labels.computeIfAbsent(name, _ -> new TreeSet<>())
                            .add(label.substring(0, label.indexOf('=')));
            }
        }
        var rows = new StringBuilder();
        help.forEach((name, what) -> {
            var of = labels.getOrDefault(name, new TreeSet<>());
            of.remove("le");
            rows.append(
                    "| `%s` | %s | %s | %s |\n"
                            .formatted(name, kinds.get(name), String.join(", ", of), what));
        });
        return rows.toString();
    }

    /// Each form that the messages name.
    private static String watched() {
        var rows = new StringBuilder();
        for (var form : Metric.FORMS.split(", ")) {
            var metric =
                    Metric.read(
                            form.replace("COLUMN", "age")
                                    .replace("NAME", "said")
                                    .replace("CLASS", "good")
                                    .replace("VALUE", "a")
                                    .replaceAll("\\(([a-z]+)\\|.*\\)", "($1)"));
            rows.append("| `%s` | %s |\n".formatted(form.replace("|", "\\|"), unit(metric)));
        }
        return rows.toString();
    }

    private static String unit(Metric metric) {
        return switch (metric) {
            case Metric.Column column when column.where() == Metric.Where.SOFTWARE ->
                    busy(column.name());
            case Metric.Column _ ->
                    "drift of a whole column; with a limit its mean, in the column's own unit";
            case Metric.Missing _, Metric.Share _, Metric.Errors _, Metric.DecidedBy _ ->
                    "% of the rows";
            case Metric.Mean _, Metric.Extreme _ -> "the column's own";
            case Metric.Quantile quantile when quantile.column().where() == Metric.Where.LATENCY ->
                    "ms";
            case Metric.Quantile _ -> "the column's own";
            case Metric.Requests _ -> "rows";
            case Metric.Told _ -> "events per prediction";
            case Metric.Figure figure ->
                    figure.isShare()
                            ? "% of those whose truth has come"
                            : "the output's own, of those whose truth has come";
            case Metric.Surprise _ ->
                    "drift of how often answers are right against their confidences";
        };
    }

    /// How busy the machine, the process and the models are; the words of [Metric#FORMS].
    private static String busy(String name) {
        return switch (name) {
            case "software.batch", "software.queue" -> "rows";
            case "software.wait" -> "ms";
            case "process.cpu", "machine.cpu" -> "% of all processors";
            case "machine.memory" -> "% of the machine's memory";
            case "process.memory", "process.heap" -> "bytes";
            case "process.open-files" -> "files and connections";
            case "process.threads" -> "threads";
            case "machine.load" -> "tasks per processor";
            default -> throw new IllegalStateException(name + " has no unit here");
        };
    }
}
