package dev.davy.rollout;

import dev.davy.stats.agreement.Kappa;
import dev.davy.stats.quality.Bootstrap;
import dev.davy.stats.quality.ConfusionMatrix;
import dev.davy.stats.quality.Figure;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What people thought beside what an arm said of the same predictions; neither is taken for the
/// truth. For one thread.
final class Inspection {
    /// Pairs of answers that are counted apart; others are only counted.
    private static final int PAIRS_MOST = 400;

    private static final Bootstrap BOOTSTRAP = Bootstrap.USUAL.times(500);

    private final TreeMap<String, TreeMap<String, Long>> said = new TreeMap<>();
    private int pairs;
    private long sawAnswer;
    private long left;

    /// All so far.
    ///
    /// @param compared judgements by people who had not seen the answer, or did not say
    /// @param sawAnswer by people who had: they are no second opinion, and not compared
    /// @param left of answers too many to be told apart
    /// @param said what people thought, and how often the arm said what then
    /// @param figures observed agreement and Cohen's kappa, with intervals
    record Summary(
            long compared,
            long agreed,
            long sawAnswer,
            long left,
            Map<String, Map<String, Long>> said,
            List<Figure> figures) {}

    void saw() {
        sawAnswer++;
    }

    void add(String person, String arm) {
        var known = said.get(person);
        boolean isNew = known == null || !known.containsKey(arm);
        if (isNew && pairs == PAIRS_MOST) {
            left++;
            return;
        }
        if (isNew) pairs++;
        said.computeIfAbsent(person, _ -> new TreeMap<>()).merge(arm, 1L, Long::sum);
    }

    Summary summary() {
        long compared = 0;
        long agreed = 0;
        var matrix = new ConfusionMatrix.Builder();
        var copy = new TreeMap<String, Map<String, Long>>();
        for (var person : said.entrySet()) {
            copy.put(person.getKey(), Map.copyOf(person.getValue()));
            for (var arm : person.getValue().entrySet()) {
                compared += arm.getValue();
                if (person.getKey().equals(arm.getKey())) agreed += arm.getValue();
                for (long i = 0; i < arm.getValue(); i++) matrix.add(person.getKey(), arm.getKey());
            }
        }
        var figures =
                compared == 0
                        ? List.<Figure>of()
                        : Kappa.of(matrix.build(), BOOTSTRAP).stream()
                                .filter(each ->
                                        each.name().equals("observed_agreement")
                                                || each.name().equals("cohen_kappa"))
                                .toList();
        return new Summary(compared, agreed, sawAnswer, left, copy, figures);
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(sawAnswer);
        out.writeLong(left);
        out.writeInt(pairs);
        for (var person : said.entrySet())
            for (var arm : person.getValue().entrySet()) {
                out.writeUTF(person.getKey());
                out.writeUTF(arm.getKey());
                out.writeLong(arm.getValue());
            }
    }

    void fill(DataInput in) throws IOException {
        sawAnswer = in.readLong();
        left = in.readLong();
        pairs = in.readInt();
        for (int i = 0; i < pairs; i++)
            said.computeIfAbsent(in.readUTF(), _ -> new TreeMap<>())
                    .put(in.readUTF(), in.readLong());
    }
}
