package dev.davy.archive;

import dev.davy.archive.ArchiveFile.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The SQL of what can be asked: `predictions`, `feedback`, `shadows`, and a view for each endpoint
/// that has the truth in force beside each prediction.
///
/// Truth counts as it does elsewhere: the same feedback sent twice counts once; what another one
/// replaces does not; of several the one that became known last does.
final class Views {
    /// Types of the partitions of the path.
    private static final String PARTITIONS =
            "hive_partitioning = true,"
                    + " hive_types = {'endpoint': VARCHAR, 'schema': BIGINT, 'date': DATE}";

    private final Shelf shelf;

    Views(Shelf shelf) {
        this.shelf = shelf;
    }

    /// The endpoints of which there are predictions, with their files by layout.
    Map<String, Map<Long, List<ArchiveFile>>> endpoints() {
        var endpoints = new LinkedHashMap<String, Map<Long, List<ArchiveFile>>>();
        for (var file : shelf.files(Kind.PREDICTIONS))
            endpoints
                    .computeIfAbsent(file.endpoint(), any -> new LinkedHashMap<>())
                    .computeIfAbsent(file.layout(), any -> new ArrayList<>())
                    .add(file);
        return endpoints;
    }

    /// `predictions`: what all predictions have.
    String predictions() {
        var names = new ArrayList<String>();
        for (var each : Layout.COMMON) names.add(Duck.name(each[0]));
        for (var each : Layout.BEHIND) names.add(Duck.name(each[0]));
        var files = shelf.files(Kind.PREDICTIONS);
        if (files.isEmpty()) {
            var columns = new ArrayList<String>();
            for (var each : Layout.COMMON) columns.add(nothing(each[0], each[1]));
            for (var each : Layout.BEHIND) columns.add(nothing(each[0], each[1]));
            return view("predictions", empty(columns));
        }
        // Files of different columns in one list: by name, of those that all have.
        return view(
                "predictions",
                "SELECT "
                        + String.join(", ", names)
                        + ", endpoint, \"schema\", \"date\" FROM "
                        + parquet(shelf.paths(files), true));
    }

    /// `feedback`: each once, with the id of what replaces it.
    String feedback() {
        var all = all(Kind.FEEDBACK, FeedbackRow.COLUMNS);
        return view(
                "feedback",
                "WITH once AS (SELECT * FROM ("
                        + all
                        + ") QUALIFY row_number() OVER (PARTITION BY id"
                        + " ORDER BY received, log_node, log_epoch, log_offset) = 1),"
                        + " later AS (SELECT replaces AS corrected, arg_max(id, received) AS replaced_by"
                        + " FROM once WHERE replaces IS NOT NULL GROUP BY replaces)"
                        + " SELECT once.*, later.replaced_by FROM once"
                        + " LEFT JOIN later ON later.corrected = once.id");
    }

    /// `shadows`: what shadows said beside the predictions that counted.
    String shadows() {
        return view("shadows", all(Kind.SHADOWS, ShadowRow.COLUMNS));
    }

    /// All rows of a kind that has the same columns everywhere.
    private String all(Kind kind, String named) {
        var files = shelf.files(kind);
        if (!files.isEmpty()) return "SELECT * FROM " + parquet(shelf.paths(files), false);
        var columns = new ArrayList<String>();
        for (var column : named.split(",\\s*", -1)) {
            var parts = column.strip().split("\\s+", -1);
            columns.add(nothing(parts[0], parts[1]));
        }
        return empty(columns);
    }

    private static String nothing(String name, String type) {
        return "CAST(NULL AS " + type + ") AS " + Duck.name(name);
    }

    private static String empty(List<String> columns) {
        return "SELECT "
                + String.join(", ", columns)
                + ", CAST(NULL AS VARCHAR) AS endpoint, CAST(NULL AS BIGINT) AS \"schema\","
                + " CAST(NULL AS DATE) AS \"date\" WHERE false";
    }

    static String view(String name, String query) {
        return "CREATE VIEW " + Duck.name(name) + " AS " + query;
    }

    private static String parquet(List<Path> files, boolean byName) {
        return "read_parquet("
                + Duck.files(files)
                + ", "
                + PARTITIONS
                + (byName ? ", union_by_name = true" : "")
                + ")";
    }

    /// All predictions of an endpoint, without truth.
    String base(String endpoint, Map<Long, List<ArchiveFile>> byLayout) {
        var parts = new ArrayList<String>();
        byLayout.forEach((number, files) -> {
            var layout = shelf.layout(endpoint, number);
            var first = files.stream().filter(file -> file.generation() == 1).toList();
            var later = files.stream().filter(file -> file.generation() > 1).toList();
            // A later generation has columns of truth, too.
            for (var each : List.of(first, later))
                if (!each.isEmpty()) parts.add(rows(layout, shelf.paths(each)));
        });
        return String.join(" UNION ALL BY NAME ", parts);
    }

    static String rows(Layout layout, List<Path> files) {
        return "SELECT "
                + layout.names()
                + ", endpoint, \"schema\", \"date\" FROM "
                + parquet(files, false);
    }

    /// The outputs of an endpoint in any of these layouts, by the names of their columns.
    List<Field> outputs(String endpoint, Iterable<Long> layouts) {
        var outputs = new HashMap<String, Field>();
        var names = new ArrayList<String>();
        for (long number : layouts)
            for (var field : shelf.layout(endpoint, number).outputs()) {
                if (!outputs.containsKey(field.name())) names.add(field.name());
                outputs.put(field.name(), field);
            }
        var list = new ArrayList<Field>();
        for (var name : names) list.add(java.util.Objects.requireNonNull(outputs.get(name)));
        return list;
    }

    /// The predictions of `base` with the truth in force; needs the view `feedback`.
    ///
    /// @param within how long after a prediction truth about its entity still belongs to it
    static String joined(String base, String endpoint, List<Field> outputs, Duration within) {
        if (outputs.isEmpty())
            return "SELECT base.*, CAST(NULL AS TIMESTAMPTZ) AS truth_known,"
                    + " CAST(NULL AS VARCHAR) AS truth_source FROM ("
                    + base
                    + ") base";
        var only = Duck.text(outputs.getFirst().source());
        var wide = new ArrayList<String>();
        var columns = new ArrayList<String>();
        for (int i = 0; i < outputs.size(); i++) {
            var output = outputs.get(i);
            wide.add("max(value) FILTER (output = " + Duck.text(output.source()) + ") AS v" + i);
            columns.add(typed("truth.v" + i, output) + " AS " + Duck.name(output.truthName()));
        }
        return "WITH base AS ("
                + base
                + "), candidates AS (SELECT prediction, coalesce(output, "
                + only
                + ") AS output, value, source, known, id, 0 AS rank FROM feedback"
                + " WHERE kind = 'truth' AND replaced_by IS NULL AND prediction IS NOT NULL"
                + " UNION ALL SELECT base.id, coalesce(f.output, "
                + only
                + "), f.value, f.source, f.known, f.id, 1 FROM feedback f JOIN base"
                + " ON f.entity = base.entity WHERE f.kind = 'truth' AND f.replaced_by IS NULL"
                + " AND f.prediction IS NULL AND f.endpoint = "
                + Duck.text(endpoint)
                + " AND f.known >= base.event_time AND f.known < base.event_time + to_microseconds("
                + within.toNanos() / 1_000
                + ")), force AS (SELECT * FROM candidates QUALIFY row_number() OVER"
                + " (PARTITION BY prediction, output ORDER BY rank DESC, known DESC, id DESC) = 1),"
                + " truth AS (SELECT prediction, "
                + String.join(", ", wide)
                + ", max(known) AS truth_known, arg_max(source, known) AS truth_source"
                + " FROM force GROUP BY prediction)"
                + " SELECT base.*, "
                + String.join(", ", columns)
                + ", truth.truth_known, truth.truth_source"
                + " FROM base LEFT JOIN truth ON truth.prediction = base.id";
    }

    /// Truth is kept as JSON; beside an output it has the output's type.
    private static String typed(String json, Field output) {
        return switch (output.type()) {
            case "DOUBLE" -> "TRY_CAST(" + json + " AS DOUBLE)";
            case "DOUBLE[]" -> "from_json(" + json + ", '[\"DOUBLE\"]')";
            case "VARCHAR[]" -> "from_json(" + json + ", '[\"VARCHAR\"]')";
            default -> {
                boolean plain =
                        output.kind()
                                .filter(kind -> kind.equals("category") || kind.equals("text"))
                                .isPresent();
                yield plain ? "json_extract_string(" + json + ", '$')" : json;
            }
        };
    }
}
