package dev.davy.monitoring;

import dev.davy.schema.Column;
import dev.davy.schema.LogPolicy;
import dev.davy.schema.Schema;
import dev.davy.serving.Endpoints;
import dev.davy.serving.LoggedInput;
import dev.davy.serving.Prediction;
import dev.davy.serving.PredictionReader;
import dev.davy.serving.feedback.Archived;
import dev.davy.storage.Log;
import dev.davy.strict.Csv;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Holds a table of features, as training made them, against what serving saw of the same
/// predictions.
public final class Skews {
    /// The column of the table that names the prediction.
    static final String PREDICTION = "prediction";

    /// Each is looked up in the log or the archive.
    private static final int ROWS_MOST = 100_000;

    private final Log log;
    private final Archived archived;
    private final Endpoints endpoints;
    private final Limits limits;

    public Skews(Log log, Archived archived, Endpoints endpoints, Limits limits) {
        this.log = log;
        this.archived = archived;
        this.endpoints = endpoints;
        this.limits = limits;
    }

    /// The archive does not know it: there the inputs are those that the endpoint takes now.
    private Optional<Schema> schema(Prediction prediction) {
        return endpoints
                .schema(prediction.schema())
                .or(() ->
                        endpoints
                                .table()
                                .route(prediction.endpoint())
                                .map(routing -> routing.shape().rows())
                                .filter(now -> prediction.inputs().size() <= now.columns().size()));
    }

    /// What was found.
    ///
    /// @param columns those in which most rows differ first
    /// @param rows of the table that could be compared
    /// @param unknown rows whose prediction is not one of the endpoint, or not kept
    /// @param notKept rows whose prediction was kept without its inputs
    /// @param rejected lines of the table that are no rows
    /// @param ignored columns of the table that no logged input has, or whose input is not logged
    ///   as it is
    record Found(
            List<Skew.Found> columns,
            long rows,
            long unknown,
            long notKept,
            long rejected,
            List<String> ignored) {}

    /// @throws Problem UNACCEPTABLE `skew-without-predictions`, `skew-too-long`, and what [Csv]
    ///   says
    Found of(String endpoint, InputStream csv) throws IOException {
        try (var table = Csv.open(csv, "the table of features", limits)) {
            int at = table.header().indexOf(PREDICTION);
            if (at < 0) throw withoutPredictions(table.header());
            var comparing = new Comparing(endpoint, table.header(), at);
            for (var row = table.next(); row.isPresent(); row = table.next())
                if (row.get() instanceof Csv.CsvRow(long _, var cells)) comparing.row(cells);
            return comparing.found(table.rejected());
        }
    }

    private static Problem withoutPredictions(List<String> header) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "skew-without-predictions",
                "The table names no predictions.",
                "Its columns are %s; one of them must be '%s'."
                        .formatted(String.join(", ", header), PREDICTION),
                "Add a column 'prediction' with the id that each answer carried.");
    }

    private Optional<Prediction> find(UUID id) {
        return log.find(id, PredictionReader::isPrediction)
                .map(PredictionReader::read)
                .or(() -> archived.find(id));
    }

    /// One table.
    private final class Comparing {
        private final String endpoint;
        private final List<String> header;
        private final int at;
        private final Map<String, Skew> skews = new LinkedHashMap<>();
        private long seen;
        private long rows;
        private long unknown;
        private long notKept;

        Comparing(String endpoint, List<String> header, int at) {
            this.endpoint = endpoint;
            this.header = header;
            this.at = at;
        }

        void row(List<String> cells) {
            if (++seen > ROWS_MOST)
                throw new Problem(
                        Problem.Kind.TOO_LARGE,
                        "skew-too-long",
                        "The table is too long to be compared at once.",
                        "Each row is looked up; at most %,d are.".formatted(ROWS_MOST),
                        "Draw some of its rows.");
            var prediction = prediction(cells.get(at)).filter(is -> is.endpoint().equals(endpoint));
            if (prediction.isEmpty()) {
                unknown++;
                return;
            }
            var schema = schema(prediction.get());
            if (schema.isEmpty() || prediction.get().inputs().isEmpty()) {
                notKept++;
                return;
            }
            rows++;
            compare(prediction.get(), schema.get(), cells);
        }

        private Optional<Prediction> prediction(String id) {
            try {
                return find(UUID.fromString(id));
            } catch (IllegalArgumentException noId) {
                return Optional.empty();
            }
        }

        private void compare(Prediction prediction, Schema schema, List<String> cells) {
            for (int i = 0; i < header.size(); i++) {
                var name = header.get(i);
                if (i == at || schema.column(name).filter(Skews::canBeCompared).isEmpty()) continue;
                skews.computeIfAbsent(name, Skew::new)
                        .add(
                                prediction.id(),
                                cells.get(i),
                                LoggedInput.value(prediction, schema, name));
            }
        }

        Found found(long rejected) {
            var columns = new ArrayList<Skew.Found>();
            for (var each : skews.values()) columns.add(each.found());
            columns.sort(
                    Comparator.comparingLong(Skew.Found::differ)
                            .reversed()
                            .thenComparing(Skew.Found::column));
            var ignored =
                    rows == 0
                            ? List.<String>of()
                            : header.stream()
                                    .filter(name ->
                                            !name.equals(PREDICTION) && !skews.containsKey(name))
                                    .toList();
            return new Found(columns, rows, unknown, notKept, rejected, ignored);
        }
    }

    private static boolean canBeCompared(Column column) {
        return column.log() == LogPolicy.KEEP
                && switch (column.type()) {
                    case NUMBER, INTEGER, CATEGORY, TEXT, BOOLEAN, TIME -> true;
                    case IMAGE, AUDIO, VECTOR -> false;
                };
    }
}
