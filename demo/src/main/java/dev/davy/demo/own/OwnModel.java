package dev.davy.demo.own;

import dev.davy.demo.Door;
import dev.davy.demo.Source;
import dev.davy.demo.own.Plan.Fed;
import dev.davy.schema.Column;
import dev.davy.schema.ColumnType;
import dev.davy.schema.LogPolicy;
import dev.davy.schema.Schema;
import dev.davy.strict.Csv;
import dev.davy.strict.Json;
import dev.davy.strict.Numbers;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A person's model with their table: half of the rows, chosen by chance, are the reference; the
/// others are sent, one by one and again from the beginning, each with its truth a little later.
public final class OwnModel implements Source {
    private static final int SEED = 20_251_121;

    /// With fewer rows than this all of them are both the reference and the traffic.
    private static final int FEW = 40;

    private final String name;
    private final Plan plan;
    private final Table table;
    private final List<Ready> sent = new ArrayList<>();
    private final List<Ready> reference = new ArrayList<>();
    private final List<String> rejects = new ArrayList<>(); // the first few, for a person
    private long rejected;

    /// A row that the model takes.
    private record Ready(ObjectNode row, Optional<Object> truth) {}

    /// @param name of the model and the endpoint
    /// @throws Problem UNACCEPTABLE `rows-do-not-fit` when not one row can be read
    public OwnModel(String name, Plan plan, Table table) {
        this.name = name;
        this.plan = plan;
        this.table = table;
        rejects.addAll(table.rejects());
        rejected = table.rejected();
        var all = new ArrayList<Ready>();
        for (var line : table.lines()) read(line).ifPresent(all::add);
        if (all.isEmpty())
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "rows-do-not-fit",
                    "Not one row of '" + table.name() + "' can be given to the model.",
                    rejects,
                    "Mend the table, or name other columns: davy try --help says how.");
        Collections.shuffle(all, new Random(SEED));
        int half = all.size() < FEW ? 0 : all.size() / 2;
        reference.addAll(half == 0 ? all : all.subList(0, half));
        sent.addAll(all.subList(half, all.size()));
    }

    private Optional<Ready> read(Table.Line line) {
        var row = Json.object();
        for (var each : plan.fed()) {
            var cell = line.cells().get(each.place());
            if (each.isText() ? cell.isEmpty() : Facts.isMissing(cell)) {
                if (each.column().required() && !each.isText())
                    return rejected(line, "'" + each.column().name() + "' is missing");
                if (each.column().required()) row.put(each.column().name(), cell);
                continue;
            }
            if (!put(row, each, cell))
                return rejected(
                        line,
                        "'%s' is '%s'; it must be %s"
                                .formatted(
                                        each.column().name(), cell, each.column().type().word()));
        }
        plan.entity()
                .ifPresent(place -> row.put(table.header().get(place), line.cells().get(place)));
        var truth =
                plan.truth().isEmpty()
                        ? Optional.<Object>empty()
                        : Truths.read(plan.kind(), line.cells().get(plan.truth().getAsInt()));
        return Optional.of(new Ready(row, truth));
    }

    private Optional<Ready> rejected(Table.Line line, String why) {
        rejected++;
        if (rejects.size() < Table.TOLD) rejects.add("line " + line.number() + ": " + why);
        return Optional.empty();
    }

    private static boolean put(ObjectNode row, Fed fed, String cell) {
        var name = fed.column().name();
        switch (fed.column().type()) {
            case CATEGORY, TEXT, TIME -> row.put(name, cell);
            case BOOLEAN -> {
                var flag = Facts.flag(cell);
                if (flag == null && !cell.equals("0") && !cell.equals("1")) return false;
                row.put(name, flag == null ? cell.equals("1") : flag.booleanValue());
            }
            case INTEGER -> {
                var number = Numbers.asDecimal(cell);
                if (number.isEmpty() || number.getAsDouble() != Math.rint(number.getAsDouble()))
                    return false;
                row.put(name, (long) number.getAsDouble());
            }
            case NUMBER -> {
                var number = Numbers.asDecimal(cell);
                if (number.isEmpty()) return false;
                row.put(name, number.getAsDouble());
            }
            case IMAGE, AUDIO, VECTOR -> {
                return false;
            }
        }
        return true;
    }

    /// Rows that are left out, because they are none or because the model cannot take them.
    public long rejected() {
        return rejected;
    }

    /// Why, of the first few.
    public List<String> rejects() {
        return List.copyOf(rejects);
    }

    public int referenceRows() {
        return reference.size();
    }

    public int sentRows() {
        return sent.size();
    }

    /// Pushes the model with its reference, and creates the endpoint.
    ///
    /// @param bundle what is pushed: a model file, or an archive of a folder
    public void prepare(Door door, byte[] bundle, String contentType) {
        var versions = "/api/v1/models/" + Door.encoded(name) + "/versions";
        var why = "?why=" + Door.encoded("davy try with " + table.name());
        var kept = door.send("POST", versions + why, contentType, bundle);
        int version = kept.path("version").asInt(1);
        door.send("PUT", versions + "/" + version + "/reference", "text/csv", referenceCsv());
        door.post("/api/v1/apply" + why, endpoint(version));
    }

    private byte[] referenceCsv() {
        var lines = new StringBuilder();
        var header = new ArrayList<String>();
        plan.fed().forEach(each -> header.add(each.column().name()));
        if (plan.truth().isPresent()) header.add(plan.output());
        Csv.writeRow(lines, header);
        for (var each : reference) {
            var cells = new ArrayList<String>();
            for (var fed : plan.fed()) cells.add(each.row().path(fed.column().name()).asString(""));
            if (plan.truth().isPresent()) cells.add(each.truth().map(String::valueOf).orElse(""));
            Csv.writeRow(lines, cells);
        }
        return lines.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private ObjectNode endpoint(int version) {
        var endpoint =
                Json.object()
                        .put("kind", "Endpoint")
                        .put("name", name)
                        .put("about", "Tried with " + table.name())
                        .put("model", name + "/" + version);
        if (plan.entity().isPresent()) {
            var column = table.header().get(plan.entity().getAsInt());
            endpoint.put("entity", "input." + column);
            var columns = new ArrayList<Column>();
            plan.fed().forEach(each -> columns.add(each.column()));
            columns.add(
                    new Column(
                            column,
                            ColumnType.TEXT,
                            false,
                            List.of(),
                            LogPolicy.HASH,
                            List.of(),
                            Optional.empty(),
                            Optional.empty()));
            endpoint.set("input", new Schema(columns).json());
        }
        return endpoint;
    }

    @Override
    public String endpoint() {
        return name;
    }

    @Override
    public Case at(long number, Instant at) {
        var ready = sent.get((int) (number % sent.size()));
        return new Case(ready.row(), prediction -> later(ready, number, prediction, at));
    }

    private List<Later> later(Ready ready, long number, JsonNode prediction, Instant at) {
        if (ready.truth().isEmpty()) return List.of();
        var id = prediction.path("id").asString("");
        // Between 3 and 40 seconds later: long enough to see that an answer waits for its truth.
        var due = at.plus(Duration.ofMillis(3_000 + Math.floorMod(number * 7_919, 37_000)));
        var feedback =
                Json.object()
                        .put("id", "truth-" + id)
                        .put("prediction", id)
                        .put("output", plan.output())
                        .put("source", table.name())
                        .put("at", due.toString());
        feedback.set("truth", Json.tree(ready.truth().get()));
        return List.of(new Later(due, feedback));
    }
}
