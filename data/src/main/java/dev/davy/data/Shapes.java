package dev.davy.data;

import dev.davy.schema.Block.Cells;
import dev.davy.schema.Column;
import dev.davy.schema.ColumnType;
import dev.davy.schema.LogPolicy;
import dev.davy.schema.Schema;
import dev.davy.strict.Quote;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Finds out what a table's columns are, from every one of their values: a type holds for all of
/// them, or the column is text and a finding says why.
public final class Shapes {
    /// More different texts than these are no category.
    public static final int CLASSES_MAX = 100;

    private Shapes() {}

    /// Reads the whole table once; what it sees goes into the table's findings.
    public static List<Shape> of(Table table) throws IOException {
        var names = table.columns();
        var evidence = names.stream().map(name -> new Evidence(name, table.type(name))).toList();
        table.read(
                names,
                (block, lines) -> {
                    for (int c = 0; c < names.size(); c++)
                        evidence.get(c).add(block.cells().get(c), block.rows(), lines);
                });
        return evidence.stream().map(each -> each.shape(table.findings())).toList();
    }

    /// The schema that these columns have: one without a missing value is required.
    public static Schema schema(List<Shape> shapes) {
        return new Schema(
                shapes.stream()
                        .map(shape ->
                                new Column(
                                        shape.column(),
                                        shape.type(),
                                        shape.missing() == 0,
                                        shape.classes(),
                                        LogPolicy.KEEP,
                                        shape.type() == ColumnType.VECTOR
                                                ? List.of(-1L)
                                                : List.of(),
                                        Optional.empty(),
                                        Optional.empty()))
                        .toList());
    }

    /// By column.
    public static Map<String, ColumnType> types(List<Shape> shapes) {
        var types = new HashMap<String, ColumnType>();
        for (var shape : shapes) types.put(shape.column(), shape.type());
        return types;
    }

    /// What was seen of one column.
    private static final class Evidence {
        private final String name;
        private final Optional<ColumnType> declared;
        private final Map<Cell, Long> times = new EnumMap<>(Cell.class);
        private final Map<Cell, Long> firstLine = new EnumMap<>(Cell.class);
        private final Map<Cell, String> first = new EnumMap<>(Cell.class);
        private final TreeSet<String> texts = new TreeSet<>();
        private long rows;
        private long missing;

        Evidence(String name, Optional<ColumnType> declared) {
            this.name = name;
            this.declared = declared;
        }

        void add(Cells cells, int count, long[] lines) {
            rows += count;
            boolean typed = declared.isPresent() && declared.get() != ColumnType.TEXT;
            for (int row = 0; row < count; row++) {
                if (cells instanceof Cells.Texts(var values)) {
                    var utf8 = values[row];
                    if (utf8 == null) missing++;
                    else add(new String(utf8, StandardCharsets.UTF_8), lines[row]);
                } else if (typed) {
                    if (isMissing(cells, row)) missing++;
                    else if (cells instanceof Cells.Doubles(var values, var _)
                            && !Double.isFinite(values[row]))
                        count(Cell.NOT_A_NUMBER, Double.toString(values[row]), lines[row]);
                }
            }
        }

        private static boolean isMissing(Cells cells, int row) {
            return switch (cells) {
                case Cells.Doubles(var _, var missing) -> missing[row];
                case Cells.Floats(var _, var missing) -> missing[row];
                case Cells.Longs(var _, var missing) -> missing[row];
                case Cells.Flags(var _, var missing) -> missing[row];
                case Cells.Texts(var values) -> values[row] == null;
                case Cells.Values(var values) -> values[row] == null;
            };
        }

        private void add(String text, long line) {
            count(declared.isPresent() ? Cell.TEXT : Cell.of(text), text, line);
            if (texts.size() <= CLASSES_MAX) texts.add(text);
        }

        private void count(Cell cell, String text, long line) {
            if (times.merge(cell, 1L, Long::sum) == 1) {
                first.put(cell, text);
                firstLine.put(cell, line);
            }
        }

        private long times(Cell... cells) {
            long sum = 0;
            for (var cell : cells) sum += times.getOrDefault(cell, 0L);
            return sum;
        }

        Shape shape(Findings findings) {
            var type = type(findings);
            boolean text = type == ColumnType.TEXT;
            boolean category =
                    text
                            && !texts.isEmpty()
                            && texts.size() <= CLASSES_MAX
                            && 2L * texts.size() <= rows - missing;
            return new Shape(
                    name,
                    category ? ColumnType.CATEGORY : type,
                    rows,
                    missing,
                    category ? List.copyOf(texts) : List.of());
        }

        private ColumnType type(Findings findings) {
            if (rows > 0 && missing == rows)
                findings.add("column-empty", false, name, 0, "no row has a value in " + said());
            tell(findings, Cell.OUT_OF_RANGE, "number-out-of-range", true, "no double is as large");
            tell(findings, Cell.NOT_A_NUMBER, "not-finite", false, "it counts as missing");
            if (declared.isPresent()) return declared.get();
            long numbers = times(Cell.INTEGER, Cell.DECIMAL, Cell.OUT_OF_RANGE);
            long values = rows - missing;
            if (values == 0) return ColumnType.TEXT;
            if (times(Cell.INTEGER) == values) return ColumnType.INTEGER;
            if (numbers > 0 && numbers + times(Cell.NOT_A_NUMBER) == values)
                return ColumnType.NUMBER;
            if (times(Cell.BOOLEAN) == values) return ColumnType.BOOLEAN;
            if (times(Cell.TIME) == values) return ColumnType.TIME;
            mixed(findings, numbers);
            return ColumnType.TEXT;
        }

        private void tell(
                Findings findings, Cell cell, String code, boolean wrong, String consequence) {
            if (times(cell) > 0)
                findings.add(
                        code,
                        wrong,
                        name,
                        firstLine.getOrDefault(cell, 0L),
                        times(cell),
                        "%s holds %s; %s"
                                .formatted(
                                        said(),
                                        Quote.of(first.getOrDefault(cell, "")),
                                        consequence));
        }

        private void mixed(Findings findings, long numbers) {
            var kinds = new ArrayList<String>();
            if (numbers > 0) kinds.add(numbers + " numbers");
            if (times(Cell.BOOLEAN) > 0) kinds.add(times(Cell.BOOLEAN) + " times true or false");
            if (times(Cell.TIME) > 0) kinds.add(times(Cell.TIME) + " times");
            if (kinds.isEmpty() || isId()) return;
            var odd = odd(numbers);
            var text = first.getOrDefault(odd, "");
            findings.add(
                    "mixed-types",
                    true,
                    name,
                    firstLine.getOrDefault(odd, 0L),
                    times(odd),
                    "%s holds %s, and texts such as %s; it is read as text. Where that stands for a"
                                    .formatted(said(), String.join(", ", kinds), Quote.of(text))
                            + " missing value, say so: --missing "
                            + text);
        }

        /// The kind of which there is least: most likely the odd one.
        private Cell odd(long numbers) {
            return numbers > 0 && times(Cell.TEXT) == 0 && times(Cell.BOOLEAN) > 0
                    ? Cell.BOOLEAN
                    : times(Cell.TEXT) > 0 ? Cell.TEXT : Cell.TIME;
        }

        /// All digits, some with leading zeros: numbers of things, not amounts.
        private boolean isId() {
            var text = first.getOrDefault(Cell.TEXT, "");
            return times(Cell.DECIMAL, Cell.BOOLEAN, Cell.TIME) == 0
                    && text.startsWith("0")
                    && text.chars().allMatch(c -> c >= '0' && c <= '9');
        }

        private String said() {
            return "column " + Quote.of(name);
        }
    }
}
