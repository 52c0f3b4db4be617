package dev.davy.demo.own;

import dev.davy.demo.own.Plan.Fed;
import dev.davy.runtime.Bundle;
import dev.davy.runtime.Datatype;
import dev.davy.runtime.Feed;
import dev.davy.runtime.TensorSpec;
import dev.davy.schema.Column;
import dev.davy.schema.ColumnType;
import dev.davy.schema.LogPolicy;
import dev.davy.strict.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/// Finds out how a model and a table fit together: first by what the person said, then by names,
/// then by counting; and asks where that leaves more than one way.
public final class Planner {
    /// What comes of it.
    public sealed interface Outcome {
        record Ready(Plan plan) implements Outcome {}

        record Asking(List<Question> questions) implements Outcome {}
    }

    private final Bundle bundle;
    private final boolean described;
    private final Table table;
    private final Said said;
    private final List<Facts> facts;
    private final List<Question> questions = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<Fed> fed = new ArrayList<>();
    private final Set<Integer> used = new HashSet<>();
    private final Descriptor descriptor;
    private OptionalInt target = OptionalInt.empty();

    private Planner(Bundle bundle, boolean described, Table table, Said said) {
        this.bundle = bundle;
        this.described = described;
        this.table = table;
        this.said = said;
        facts =
                IntStream.range(0, table.header().size())
                        .mapToObj(column -> Facts.of(table, column))
                        .toList();
        descriptor = new Descriptor(bundle);
    }

    /// @param described whether the bundle came with a `model.yaml`, which then holds
    /// @throws Problem UNACCEPTABLE `model-takes-no-table`, `column-unknown`, `column-does-not-fit`
    public static Outcome plan(Bundle bundle, boolean described, Table table, Said said) {
        return new Planner(bundle, described, table, said).plan();
    }

    private Outcome plan() {
        said.target().ifPresent(name -> target = OptionalInt.of(place(name)));
        if (described) columns();
        else tensors();
        var entity = entity();
        entity.ifPresent(used::add);
        var output = Truths.output(bundle);
        if (target.isEmpty() && !said.noTarget() && questions.isEmpty())
            target = findTarget(output);
        if (!questions.isEmpty()) return new Outcome.Asking(List.copyOf(questions));
        var kind = output.kind();
        var name = output.name();
        if (!described) {
            if (target.isPresent()) {
                int place = target.getAsInt();
                if (!questionOfClasses(output, place)) return new Outcome.Asking(questions);
                name = descriptor.named(output.name(), table.header().get(place));
                kind = descriptor.kind(kind, classes(output, place));
            }
        }
        target.ifPresent(
                place -> notes.add("the truth is in column '" + table.header().get(place) + "'"));
        if (target.isEmpty()) notes.add("no column holds the truth: nothing is told later");
        return new Outcome.Ready(
                new Plan(
                        bundle,
                        described ? Optional.empty() : Optional.of(descriptor.json(name, kind)),
                        fed,
                        name,
                        kind,
                        target,
                        entity,
                        notes));
    }

    /// A bundle whose descriptor says what its columns are.
    private void columns() {
        for (var column : bundle.input().columns()) {
            switch (column.type()) {
                case IMAGE, AUDIO, VECTOR -> throw noTable(column.name(), column.type().word());
                case NUMBER, INTEGER, CATEGORY, TEXT, BOOLEAN, TIME -> {}
            }
            int place = found(column.name());
            if (place < 0) {
                if (column.required()) ask(column.name());
                continue;
            }
            use(column, place);
        }
    }

    /// A model file alone: its tensors, fed by columns of their names.
    private void tensors() {
        var specs = bundle.signature().inputs();
        for (int at = 0; at < specs.size(); at++)
            switch (bundle.feeds().get(at)) {
                case Feed.Scalar(var tensor, _) -> scalar(specs.get(at), tensor);
                case Feed.Vector(var tensor, var column)
                        when bundle.input().column(column).orElseThrow().shape().size() == 1 ->
                        vector(
                                specs.get(at),
                                tensor,
                                bundle.input().column(column).orElseThrow().shape().getFirst());
                default -> throw noTable(specs.get(at).name(), "of shape " + specs.get(at).shape());
            }
    }

    private static Problem noTable(String input, String what) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "model-takes-no-table",
                "The model does not take the rows of a table.",
                "Its input '" + input + "' is " + what + "; a cell is one number or one text.",
                "Write a model.yaml for it and use: davy model push, davy endpoint create.");
    }

    private void scalar(TensorSpec spec, String tensor) {
        int place = found(tensor);
        if (place < 0) ask(tensor);
        else use(column(place, spec.datatype(), tensor), place);
        if (place >= 0)
            descriptor.feeds(tensor, fed.getLast().column(), facts.get(place).missing() > 0);
    }

    private int found(String wanted) {
        var given = said.columns().get(wanted);
        return given == null ? table.place(wanted) : place(given);
    }

    private void ask(String wanted) {
        questions.add(
                new Question(
                        "--column " + wanted + "=",
                        "Which column feeds the model's input '" + wanted + "'?",
                        choices(used)));
    }

    private void vector(TensorSpec spec, String tensor, long size) {
        var places = new ArrayList<Integer>();
        if (!said.features().isEmpty()) said.features().forEach(name -> places.add(place(name)));
        else places.addAll(numbers(spec.datatype() == Datatype.BYTES));
        boolean last =
                size > 0
                        && places.size() == size + 1
                        && target.isEmpty()
                        && said.features().isEmpty()
                        && Truths.fits(
                                Truths.output(bundle).kind(), facts.get(places.getLast()).values());
        if (last) target = OptionalInt.of(places.removeLast());
        if (size > 0 && places.size() != size) {
            questions.add(
                    new Question(
                            "--features",
                            "The model's input '%s' takes %d values, and %s: which are they, in the order of its training?"
                                    .formatted(
                                            tensor,
                                            size,
                                            said.features().isEmpty()
                                                    ? places.size() + " columns could be among them"
                                                    : said.features().size() + " were named"),
                            choices(Set.of())));
            return;
        }
        for (int place : places) use(column(place, spec.datatype(), tensor), place);
        descriptor.feeds(tensor, fed.stream().map(Fed::column).toList());
        if (said.features().isEmpty())
            notes.add("'" + tensor + "' takes these columns, in the order of the file");
    }

    private List<Integer> numbers(boolean texts) {
        var found = new ArrayList<Integer>();
        for (int at = 0; at < table.header().size(); at++) {
            boolean is = facts.get(at).number() || facts.get(at).flag();
            if (is != texts && !target.equals(OptionalInt.of(at)) && !isIdentity(at)) found.add(at);
        }
        return found;
    }

    private void use(Column column, int place) {
        var of = facts.get(place);
        boolean text = column.type() == ColumnType.CATEGORY || column.type() == ColumnType.TEXT;
        if (!text && !of.number() && !of.flag() && of.missing() < of.cells())
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "column-does-not-fit",
                    "Column '" + table.header().get(place) + "' does not fit the model.",
                    "The model takes a number there; the column has '" + of.example() + "'.",
                    "Name another column: --column "
                            + column.name()
                            + "=COLUMN, or mend the table.");
        used.add(place);
        fed.add(new Fed(column, place));
    }

    /// The column as the table has it, in a type that the tensor takes.
    private Column column(int place, Datatype datatype, String tensor) {
        var of = facts.get(place);
        var type = of.type();
        if (datatype == Datatype.BYTES)
            type = of.values().size() >= Facts.MOST ? ColumnType.TEXT : ColumnType.CATEGORY;
        else if (datatype == Datatype.BOOL) type = ColumnType.BOOLEAN;
        else if (type == ColumnType.CATEGORY || type == ColumnType.TEXT) type = ColumnType.NUMBER;
        boolean closed = type == ColumnType.CATEGORY && of.isClosed();
        boolean optional = of.missing() > 0 && (datatype.isFloat() || datatype == Datatype.BYTES);
        try {
            return new Column(
                    table.header().get(place),
                    type,
                    !optional,
                    closed
                            ? of.values().stream().filter(value -> !value.isEmpty()).toList()
                            : List.of(),
                    LogPolicy.KEEP,
                    List.of(),
                    Optional.empty(),
                    Optional.empty());
        } catch (IllegalArgumentException notAColumn) {
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "column-does-not-fit",
                    "Column " + (place + 1) + " cannot feed '" + tensor + "'.",
                    String.valueOf(notAColumn.getMessage()),
                    "Give it another name in the table's header.");
        }
    }

    private OptionalInt entity() {
        for (int at = 0; at < table.header().size(); at++)
            if (!used.contains(at) && !target.equals(OptionalInt.of(at)) && isIdentity(at)) {
                notes.add(
                        "column '"
                                + table.header().get(at)
                                + "' says whom a row is about, and is logged as a hash");
                return OptionalInt.of(at);
            }
        return OptionalInt.empty();
    }

    private boolean isIdentity(int place) {
        return plainly(place).matches("id|.*[_ -]id|uuid|serial|applicant|customer|.*[_ ]key");
    }

    private String plainly(int place) {
        return table.header().get(place).toLowerCase(java.util.Locale.ROOT);
    }

    private OptionalInt findTarget(dev.davy.schema.Output output) {
        var left = new ArrayList<Integer>();
        for (int at = 0; at < table.header().size(); at++) if (!used.contains(at)) left.add(at);
        if (left.isEmpty()) return OptionalInt.empty();
        int named = table.place(output.name());
        if (named >= 0 && left.contains(named)) return OptionalInt.of(named);
        var likely =
                left.stream()
                        .filter(at -> Truths.fits(output.kind(), facts.get(at).values()))
                        .toList();
        if (likely.size() == 1 && left.size() == 1) return OptionalInt.of(likely.getFirst());
        var called =
                likely.stream()
                        .filter(at -> plainly(at).matches("target|label|class|y|truth|outcome"))
                        .toList();
        if (called.size() == 1) return OptionalInt.of(called.getFirst());
        questions.add(
                new Question(
                        "--target",
                        "Which column holds the truth of '" + output.name() + "'?",
                        choices(used) + " (or --no-target when none does)"));
        return OptionalInt.empty();
    }

    /// Asks for the names of classes where the model has numbers for them and the table has words.
    private boolean questionOfClasses(dev.davy.schema.Output output, int place) {
        var classes = classes(output, place);
        if (Truths.fits(descriptor.kind(output.kind(), classes), facts.get(place).values()))
            return true;
        questions.add(
                new Question(
                        "--classes",
                        "The model's answers and column '"
                                + table.header().get(place)
                                + "' do not speak the same language: "
                                + Truths.said(output.kind())
                                + ", and the column has '"
                                + facts.get(place).example()
                                + "'. Which classes are these, in the model's order?",
                        String.join(",", facts.get(place).values().stream().limit(5).toList())
                                + " (or choose another column with --target, or --no-target)"));
        return false;
    }

    private List<String> classes(dev.davy.schema.Output output, int place) {
        if (!said.classes().isEmpty()) return said.classes();
        return Truths.numbered(output.kind(), facts.get(place).values());
    }

    private String choices(Set<Integer> without) {
        return String.join(
                " | ",
                IntStream.range(0, table.header().size())
                        .filter(at -> !without.contains(at))
                        .mapToObj(table.header()::get)
                        .limit(40)
                        .toList());
    }

    private int place(String name) {
        int place = table.place(name);
        if (place >= 0) return place;
        throw new Problem(
                Problem.Kind.UNACCEPTABLE,
                "column-unknown",
                "The table has no column '" + name + "'.",
                "It has: " + String.join(", ", table.header()) + ".",
                "Name one of these.");
    }
}
