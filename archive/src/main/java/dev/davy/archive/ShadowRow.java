package dev.davy.archive;

import dev.davy.serving.PredictionJson;
import dev.davy.serving.Shadow;
import dev.davy.storage.Position;
import dev.davy.strict.Json;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a shadow said, on its way into a file.
record ShadowRow(Position at, Shadow shadow) {
    /// `schema=1`: the columns below. Outputs are JSON: a shadow is compared, whatever its endpoint
    /// gives by now.
    static final long LAYOUT = 1;

    static final String COLUMNS =
            """
            prediction VARCHAR, entity VARCHAR, received TIMESTAMPTZ, epoch BIGINT,
            version VARCHAR, outputs VARCHAR, confidence DOUBLE, latency_ms DOUBLE,
            failure VARCHAR, live_outputs VARCHAR, live_confidence DOUBLE,
            live_latency_ms DOUBLE, log_node INTEGER, log_epoch BIGINT, log_offset BIGINT\
            """;

    void write(Sheet sheet) throws SQLException {
        sheet.text(shadow.prediction().toString());
        sheet.text(shadow.entity().orElse(null));
        sheet.time(shadow.received());
        sheet.integer(shadow.epoch());
        sheet.text(shadow.version());
        sheet.text(shadow.failure().isPresent() ? null : json(shadow.outputs()));
        sheet.number(shadow.confidence());
        sheet.number(shadow.nanos() / 1e6);
        sheet.text(shadow.failure().orElse(null));
        sheet.text(json(shadow.live()));
        sheet.number(shadow.liveConfidence());
        sheet.number(shadow.liveNanos() / 1e6);
        sheet.small(at.node());
        sheet.integer(at.epoch());
        sheet.integer(at.offset());
    }

    private static String json(Map<String, @Nullable Object> outputs) {
        var json = Json.object();
        outputs.forEach((name, value) -> json.set(name, PredictionJson.value(value)));
        return Json.text(json);
    }
}
