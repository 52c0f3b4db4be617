package dev.davy.archive;

import dev.davy.access.Permission;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.http.Upload;
import dev.davy.serving.reading.Readers;
import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import java.time.Duration;

/// The HTTP of the archive.
public final class ArchiveRoutes {
    /// A question waits so long for the archive to have what came before it.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Archives archives;
    private final Readers readers;
    private final Erasure erasure;

    public ArchiveRoutes(Archives archives, Readers readers, Erasure erasure) {
        this.archives = archives;
        this.readers = readers;
        this.erasure = erasure;
    }

    public Routes addTo(Routes routes) {
        return routes.add(
                Route.post("/api/v1/query", Permission.READ, Upload.JSON, this::query)
                        .about("Answers one SELECT over the archive, in DuckDB's SQL."),
                Route.post("/api/v1/erasures", Permission.ADMINISTER, Upload.JSON, this::erase)
                        .about("Takes an entity out of log and archive; answers the receipt."));
    }

    private Response erase(Request request) {
        var fields = Fields.of(request.json(), "The erasure");
        var entity = fields.text("entity");
        var why = fields.optionalText("why").orElse("");
        fields.done();
        var who = request.who().name();
        return Response.json(201, Duck.apart(() -> erasure.erase(entity, who, why)));
    }

    private Response query(Request request) {
        var fields = Fields.of(request.json(), "The question");
        var sql = fields.text("sql");
        var most = Queries.Bounds.MOST;
        int rows =
                (int)
                        fields.optionalInteger("limit", 1, most.rows())
                                .orElse(Queries.Bounds.DEFAULT.rows());
        var time = fields.optionalDuration("timeout").orElse(Queries.Bounds.DEFAULT.time());
        if (time.compareTo(most.time()) > 0)
            fields.violation("timeout", "must be at most " + most.time().toSeconds() + " s");
        fields.done();
        boolean caughtUp = readers.awaitCaughtUp(Archive.NAME, PATIENCE);
        var table = archives.queries().answer(sql, new Queries.Bounds(rows, time));
        var json = Json.object();
        var columns = json.putArray("columns");
        for (var column : table.columns())
            columns.add(Json.object().put("name", column.name()).put("type", column.type()));
        json.set("rows", table.rows());
        json.put("truncated", table.truncated());
        if (!caughtUp) {
            var lag = readers.lag(Archive.NAME);
            json.set(
                    "behind",
                    Json.object()
                            .put("bytes", lag.bytes())
                            .put("seconds", lag.time().toMillis() / 1e3));
        }
        return Response.json(json);
    }
}
