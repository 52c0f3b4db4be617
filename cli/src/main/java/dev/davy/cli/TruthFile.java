package dev.davy.cli;

import dev.davy.data.Table;
import dev.davy.schema.OutputKind;
import dev.davy.strict.Nearest;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Truth that stands in a file of its own, by a key that rows have as well.
final class TruthFile {
    private TruthFile() {}

    /// By key, in the order of the file; of one key that is there twice, the later counts.
    static Map<String, JsonNode> read(
            Table table, String key, String truth, OutputKind kind, Map<String, String> said)
            throws IOException {
        for (var name : List.of(key, truth))
            if (!table.columns().contains(name))
                throw new Problem(
                        Problem.Kind.UNACCEPTABLE,
                        "column-unknown",
                        "There is no column '" + name + "' in " + table.name() + ".",
                        "Its columns are " + String.join(", ", table.columns()) + ".",
                        Nearest.hint(name, table.columns()));
        var truths = new LinkedHashMap<String, JsonNode>();
        table.read(
                List.of(key, truth),
                (block, lines) -> {
                    for (int row = 0; row < block.rows(); row++) {
                        var of = block.cells().get(0).at(row);
                        var is = block.cells().get(1).at(row);
                        if (of != null && is != null)
                            truths.put(String.valueOf(of), PastTable.truth(kind, said, is));
                    }
                    if (truths.size() > PastTable.ROWS_MOST)
                        throw new Problem(
                                Problem.Kind.TOO_LARGE,
                                "replay-too-long",
                                table.name()
                                        + " has more than %,d truths."
                                                .formatted(PastTable.ROWS_MOST),
                                "They are kept in memory while rows are played.",
                                "Give those of the stretch that is replayed.");
                });
        return truths;
    }
}
