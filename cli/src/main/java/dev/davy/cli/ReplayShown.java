package dev.davy.cli;

import dev.davy.strict.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.Collectors;

/// What came of a replay, for people and as JSON.
final class ReplayShown {
    private static final DateTimeFormatter SHORT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Connection connection;
    private final Replaying.Plan plan;
    private final List<String> leftOut;
    private final List<Path> files;

    /// @param leftOut columns of the table that the endpoint does not take
    ReplayShown(
            Connection connection, Replaying.Plan plan, List<String> leftOut, List<Path> files) {
        this.connection = connection;
        this.plan = plan;
        this.leftOut = leftOut;
        this.files = files;
    }

    void show(Replayed so) {
        if (connection.json()) json(so);
        else people(so);
    }

    private void people(Replayed so) {
        var terminal = connection.terminal();
        double seconds = so.nanos / 1e9;
        terminal.line(
                Terminal.clean(
                        "%,d of %,d rows of %s were played against %s in %.1f s, %,.0f a second."
                                .formatted(
                                        so.rows,
                                        plan.rows().size(),
                                        names(),
                                        plan.endpoint(),
                                        seconds,
                                        so.rows / Math.max(seconds, 1e-3))));
        if (so.first != null && so.last != null)
            terminal.line(
                    "They happened from %s to %s (UTC), %s."
                            .formatted(
                                    SHORT.format(so.first),
                                    SHORT.format(so.last),
                                    span(so.first, so.last)));
        terminal.line("");
        terminal.line("%,10d answered".formatted(so.answered));
        refused(so.refused, "refused");
        terminal.line("%,10d truths told".formatted(so.truths));
        refused(so.truthRefused, "truths refused");
        if (so.lost > 0)
            terminal.line("%,10d truths not told: their row got no answer".formatted(so.lost));
        if (so.orphans > 0)
            terminal.line(
                    "%,10d of the truths are orphans: no row has their key".formatted(so.orphans));
        if (!plan.whole() && !plan.truths().isEmpty())
            terminal.line("           Truth of other rows was left out, with any orphans.");
        if (!leftOut.isEmpty())
            terminal.line(
                    Terminal.clean(
                            "Left out, because the endpoint does not take them: "
                                    + String.join(", ", leftOut)
                                    + "."));
        terminal.line(end(so));
        if (so.answered > 0)
            terminal.next(
                    "davy query \"select date_trunc('day', event_time) as day, count(*) as rows from predictions"
                            + " where endpoint = '"
                            + plan.endpoint()
                            + "' and origin = 'replay' group by all order by all\"");
    }

    private String end(Replayed so) {
        if (!so.stopped) return "Replaying again makes new predictions.";
        return so.rows < plan.rows().size()
                ? "Stopped; go on with: --from " + plan.rows().get((int) so.rows).at()
                : "Stopped before all truth was told.";
    }

    private String names() {
        return files.stream()
                .map(file -> String.valueOf(file.getFileName()))
                .collect(Collectors.joining(", "));
    }

    private void refused(SortedMap<String, Replayed.Times> of, String what) {
        long all = Replayed.sum(of);
        connection.terminal().line("%,10d %s".formatted(all, what));
        of.forEach((code, times) ->
                connection
                        .terminal()
                        .line(
                                Terminal.clean(
                                        "           %s, %,d times: %s"
                                                .formatted(code, times.times(), times.example()))));
    }

    private static String span(Instant from, Instant to) {
        var span = Duration.between(from, to);
        if (span.toDays() >= 2) return "%,d days".formatted(span.toDays());
        if (span.toHours() >= 2) return span.toHours() + " hours";
        return span.toMinutes() + " minutes";
    }

    private void json(Replayed so) {
        var json =
                Json.object()
                        .put("endpoint", plan.endpoint())
                        .put("origin", "replay")
                        .put("rows", so.rows)
                        .put("of", plan.rows().size())
                        .put("answered", so.answered)
                        .put("stopped", so.stopped)
                        .put("seconds", so.nanos / 1e9);
        json.set("refused", counts(so.refused));
        json.set(
                "truth",
                Json.object()
                        .put("told", so.truths)
                        .put("orphans", so.orphans)
                        .put("without-prediction", so.lost)
                        .set("refused", counts(so.truthRefused)));
        if (so.first != null && so.last != null)
            json.put("from", so.first.toString()).put("to", so.last.toString());
        json.set("left-out", Json.tree(leftOut));
        connection.terminal().json(json);
    }

    private static tools.jackson.databind.JsonNode counts(SortedMap<String, Replayed.Times> of) {
        var json = Json.object();
        of.forEach((code, times) -> json.put(code, times.times()));
        return json;
    }
}
