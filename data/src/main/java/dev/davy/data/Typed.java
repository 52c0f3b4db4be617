package dev.davy.data;

import dev.davy.schema.Block;
import dev.davy.schema.Block.Cells;
import dev.davy.schema.ColumnType;
import dev.davy.schema.Times;
import dev.davy.strict.Numbers;
import dev.davy.strict.Quote;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A table of texts, read as what its columns are known to be. A cell that does not fit is missing,
/// and a finding says so.
public final class Typed implements Table {
    private final Table inner;
    private final Map<String, ColumnType> types;

    private Typed(Table inner, Map<String, ColumnType> types) {
        this.inner = inner;
        this.types = types;
    }

    /// @param types of columns, by name; those of the file where it says them itself
    public static Table of(Table table, Map<String, ColumnType> types) {
        boolean says = table.columns().stream().allMatch(name -> table.type(name).isPresent());
        return says ? table : new Typed(table, Map.copyOf(types));
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public List<String> columns() {
        return inner.columns();
    }

    @Override
    public Optional<ColumnType> type(String column) {
        return inner.type(column).or(() -> Optional.ofNullable(types.get(column)));
    }

    @Override
    public OptionalLong rows() {
        return inner.rows();
    }

    @Override
    public int parts() {
        return inner.parts();
    }

    @Override
    public Findings findings() {
        return inner.findings();
    }

    @Override
    public double done() {
        return inner.done();
    }

    @Override
    public void close() throws IOException {
        inner.close();
    }

    @Override
    public void read(int part, List<String> columns, Into into) throws IOException {
        inner.read(
                part,
                columns,
                (block, lines) -> {
                    var cells = new ArrayList<Cells>();
                    for (int c = 0; c < columns.size(); c++)
                        cells.add(cells(columns.get(c), block.cells().get(c), block.rows(), lines));
                    into.rows(new Block(columns, cells, block.rows()), lines);
                });
    }

    private Cells cells(String column, Cells cells, int rows, long[] lines) {
        var type = types.get(column);
        if (type == null || !(cells instanceof Cells.Texts(var texts))) return cells;
        return switch (type) {
            case NUMBER -> {
                var values = new double[rows];
                var missing = new boolean[rows];
                for (int row = 0; row < rows; row++) {
                    var text = text(texts, row);
                    var number = text == null ? Optional.<Double>empty() : number(text);
                    missing[row] = number.isEmpty();
                    values[row] = number.orElse(0.0);
                    if (text != null && number.isEmpty()) misfit(column, type, text, lines[row]);
                }
                yield new Cells.Doubles(values, missing);
            }
            case INTEGER -> {
                var values = new long[rows];
                var missing = new boolean[rows];
                for (int row = 0; row < rows; row++) {
                    var text = text(texts, row);
                    var number = text == null ? OptionalLong.empty() : Numbers.asInteger(text);
                    missing[row] = number.isEmpty();
                    values[row] = number.orElse(0);
                    if (text != null && number.isEmpty()) misfit(column, type, text, lines[row]);
                }
                yield new Cells.Longs(values, missing);
            }
            case BOOLEAN -> {
                var values = new boolean[rows];
                var missing = new boolean[rows];
                for (int row = 0; row < rows; row++) {
                    var text = text(texts, row);
                    values[row] = text != null && Cell.isTrue(text);
                    missing[row] = text == null || !values[row] && !Cell.isFalse(text);
                    if (text != null && missing[row]) misfit(column, type, text, lines[row]);
                }
                yield new Cells.Flags(values, missing);
            }
            case TIME -> {
                var values = new @Nullable Object[rows];
                for (int row = 0; row < rows; row++) {
                    var text = text(texts, row);
                    if (text == null) continue;
                    values[row] = Times.read(text).orElse(null);
                    if (values[row] == null) misfit(column, type, text, lines[row]);
                }
                yield new Cells.Values(values);
            }
            case CATEGORY, TEXT, IMAGE, AUDIO, VECTOR -> cells;
        };
    }

    private static @Nullable String text(byte[] @Nullable [] texts, int row) {
        var utf8 = texts[row];
        return utf8 == null ? null : new String(utf8, StandardCharsets.UTF_8);
    }

    private static Optional<Double> number(String text) {
        var number = Numbers.asDecimal(text);
        if (number.isPresent()) return Optional.of(number.getAsDouble());
        return switch (Cell.of(text)) {
            case NOT_A_NUMBER -> Optional.of(Cell.notANumber(text));
            case OUT_OF_RANGE ->
                    Optional.of(
                            text.charAt(0) == '-'
                                    ? Double.NEGATIVE_INFINITY
                                    : Double.POSITIVE_INFINITY);
            case INTEGER, DECIMAL, BOOLEAN, TIME, TEXT -> Optional.empty();
        };
    }

    private void misfit(String column, ColumnType type, String text, long line) {
        findings()
                .add(
                        "value-of-another-type",
                        true,
                        column,
                        line,
                        "column %s holds %s, which is no %s; it counts as missing"
                                .formatted(Quote.of(column), Quote.of(text), type.word()));
    }
}
