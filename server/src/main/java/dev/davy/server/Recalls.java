package dev.davy.server;

import dev.davy.archive.Archives;
import dev.davy.archive.Queries;
import dev.davy.monitoring.Health;
import dev.davy.monitoring.Incident;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/// Finds the predictions that were made while something rang, in the archive.
record Recalls(Archives archives) implements Incident.Finding {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// Alarms that come and go leave many stretches; beyond these they are taken as one.
    private static final int STRETCHES_MOST = 50;

    @Override
    public Incident.Recall of(String endpoint, List<Health.Stretch> stretches, int most) {
        var asked =
                stretches.size() <= STRETCHES_MOST
                        ? stretches
                        : List.of(
                                new Health.Stretch(
                                        stretches.getFirst().from(), stretches.getLast().to()));
        var within =
                asked.stream()
                        .map(each ->
                                "(event_time >= '%s' AND event_time < '%s')"
                                        .formatted(each.from(), each.to()))
                        .collect(Collectors.joining(" OR ", "(", ")"));
        var where =
                " FROM predictions WHERE endpoint = '%s' AND %s"
                        .formatted(endpoint.replace("'", "''"), within);
        var bounds = new Queries.Bounds(most, PATIENCE);
        long count =
                archives.queries()
                        .answer("SELECT count(*)" + where, bounds)
                        .rows()
                        .path(0)
                        .path(0)
                        .asLong();
        var ids = new ArrayList<UUID>();
        for (var row :
                archives.queries()
                        .answer(
                                "SELECT id" + where + " ORDER BY event_time, id LIMIT " + most,
                                bounds)
                        .rows()) ids.add(UUID.fromString(row.path(0).asString()));
        return new Incident.Recall(asked, count, ids);
    }
}
