package dev.davy.serving;

import dev.davy.schema.Output;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What came of a block of rows, column by column. Filled again and again; for one thread.
public final class Scores {

    /// One output of all rows. Classes as places in a dictionary, numbers as they are, anything
    /// else as JSON.
    @SuppressWarnings("ArrayRecordComponent") // filled again and again, never compared
    public sealed interface Column {
        String name();

        /// @param dictionary of all texts so far
        /// @param codes places in it; -1 for none
        record Classes(Output output, Dictionary dictionary, int[] codes) implements Column {
            @Override
            public String name() {
                return output.name();
            }
        }

        /// @param numbers NaN for none
        record Reals(Output output, double[] numbers) implements Column {
            @Override
            public String name() {
                return output.name();
            }
        }

        /// @param texts null for none
        record Texts(Output output, @Nullable String[] texts) implements Column {
            @Override
            public String name() {
                return output.name();
            }
        }
    }

    /// Texts by number, in the order in which they came.
    public static final class Dictionary {
        private final Map<String, Integer> codes = new HashMap<>();
        private final List<String> texts = new ArrayList<>();

        /// The number of a text, a new one for a new text.
        public int code(String text) {
            return codes.computeIfAbsent(
                    text,
                    fresh -> {
                        texts.add(fresh);
                        return texts.size() - 1;
                    });
        }

        public List<String> texts() {
            return texts;
        }
    }

    private final List<Column> columns = new ArrayList<>();
    private final Dictionary arms = new Dictionary();
    final int[] arm;
    final double[] confidence;
    final @Nullable String[] refusals;
    int rows;

    /// @param capacity most rows of a block
    Scores(List<Output> outputs, int capacity) {
        arm = new int[capacity];
        confidence = new double[capacity];
        refusals = new String[capacity];
        for (var output : outputs)
            columns.add(
                    switch (output.kind()) {
                        case dev.davy.schema.OutputKind.Category _ ->
                                new Column.Classes(output, new Dictionary(), new int[capacity]);
                        case dev.davy.schema.OutputKind.Number _ ->
                                new Column.Reals(output, new double[capacity]);
                        case dev.davy.schema.OutputKind.MultiLabel _,
                                dev.davy.schema.OutputKind.Text _,
                                dev.davy.schema.OutputKind.Boxes _,
                                dev.davy.schema.OutputKind.Ranking _,
                                dev.davy.schema.OutputKind.Vector _ ->
                                new Column.Texts(output, new String[capacity]);
                    });
    }

    public int rows() {
        return rows;
    }

    /// In the endpoint's order.
    public List<Column> columns() {
        return columns;
    }

    /// The arms that answered and what stood behind them: `live credit/3`.
    public Dictionary arms() {
        return arms;
    }

    /// Which of [#arms] answered a row.
    public int arm(int row) {
        return arm[row];
    }

    /// NaN where there is none.
    public double confidence(int row) {
        return confidence[row];
    }

    /// Why a row has no answer; null where it has one.
    public @Nullable String refusal(int row) {
        return refusals[row];
    }
}
