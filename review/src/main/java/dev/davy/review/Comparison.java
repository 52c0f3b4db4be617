package dev.davy.review;

import dev.davy.stats.quality.Figure;
import dev.davy.stats.selective.WeightedShare;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// The model and the people in one table: how often each said what is right, by slice.
///
/// A case is held against its gold answer where it has one, else against its truth, else against
/// what the others said. Each of these has rows of its own, and each row says which it is.
///
/// @param rows by slice, then what they were held against, then the model, the people together, and
///   each person
public record Comparison(List<Row> rows) {
    /// The slice that holds all cases.
    public static final String ALL = "";

    /// Beyond so many slices the others are in [#ALL] only.
    private static final int SLICES_MOST = 100;

    public Comparison {
        rows = List.copyOf(rows);
    }

    /// Who gave the answers.
    public sealed interface Who extends Comparable<Who> {
        record Model() implements Who {}

        /// All together: what more than half say of each case.
        record People() implements Who {}

        record Person(String name) implements Who {}

        /// As tables show it.
        default String word() {
            return switch (this) {
                case Model _ -> "model";
                case People _ -> "people";
                case Person(var name) -> name;
            };
        }

        private int place() {
            return switch (this) {
                case Model _ -> 0;
                case People _ -> 1;
                case Person _ -> 2;
            };
        }

        @Override
        default int compareTo(Who that) {
            return Comparator.comparingInt(Who::place).thenComparing(Who::word).compare(this, that);
        }
    }

    /// What answers were held against.
    public enum Against {
        GOLD("gold"),
        TRUTH("truth"),
        /// For a person all others; for the people, any two of them; for the model, people who had
        /// not seen what it said.
        PEOPLE("people"),
        /// For the model alone: their word is not independent of its own.
        PEOPLE_WHO_SAW("people who had seen the model's answer");

        private final String words;

        Against(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /// One figure: the share of cases with the right answer.
    public record Row(String slice, Against against, Who who, Figure figure) {}

    private record Key(String slice, Against against, Who who) implements Comparable<Key> {
        @Override
        public int compareTo(Key that) {
            return Comparator.comparing(Key::slice)
                    .thenComparing(Key::against)
                    .thenComparing(Key::who)
                    .compare(this, that);
        }
    }

    /// @param confidence of the intervals, such as 0.95
    public static Comparison of(Collection<Judged> cases, double confidence) {
        var shares = new TreeMap<Key, WeightedShare>();
        // No interval holds what nobody can see; the figure then says so.
        boolean unseen = cases.stream().anyMatch(each -> each.of().least() == 0);
        double largest =
                cases.stream()
                        .mapToDouble(each ->
                                1 / (each.of().least() > 0 ? each.of().least() : each.of().asked()))
                        .max()
                        .orElse(1);
        var slices = new TreeMap<String, Boolean>();
        for (var each : cases) {
            var slice = each.of().slice();
            var held = new Holding(each, shares);
            held.count(ALL);
            if (slice.isEmpty()) continue;
            if (slices.size() < SLICES_MOST) slices.put(slice, true);
            if (slices.containsKey(slice)) held.count(slice);
        }
        var rows = new ArrayList<Row>();
        shares.forEach((key, share) ->
                rows.add(
                        new Row(
                                key.slice(),
                                key.against(),
                                key.who(),
                                share.figure(
                                        name(key),
                                        confidence,
                                        largest,
                                        unseen
                                                ? "on the cases that people see only"
                                                : "weighted by one over the probability that a"
                                                        + " person was asked"))));
        return new Comparison(rows);
    }

    private static String name(Key key) {
        return switch (key.against()) {
            case GOLD, TRUTH -> "accuracy";
            case PEOPLE, PEOPLE_WHO_SAW -> "agreement";
        };
    }

    /// One case, held against what there is.
    private record Holding(Judged judged, Map<Key, WeightedShare> shares) {
        void count(String slice) {
            if (judged.gold().isPresent()) all(slice, Against.GOLD, judged.gold().get());
            else if (judged.truth().isPresent()) all(slice, Against.TRUTH, judged.truth().get());
            else eachOther(slice);
        }

        private void all(String slice, Against against, String right) {
            add(slice, against, new Who.Model(), judged.of().answer(), Optional.of(right));
            add(slice, against, new Who.People(), judged.people(), Optional.of(right));
            for (var each : judged.opinions())
                add(slice, against, new Who.Person(each.by()), each.answer(), Optional.of(right));
        }

        private void eachOther(String slice) {
            var model = judged.of().answer();
            add(slice, Against.PEOPLE, new Who.Model(), model, judged.people(false));
            add(slice, Against.PEOPLE_WHO_SAW, new Who.Model(), model, judged.people(true));
            var opinions = judged.opinions();
            for (var each : opinions)
                add(
                        slice,
                        Against.PEOPLE,
                        new Who.Person(each.by()),
                        each.answer(),
                        judged.peopleBut(each.by()));
            // Of each case one pair counts, or cases with many judgements would count more often.
            var telling = opinions.stream().filter(each -> each.answer().isPresent()).toList();
            if (telling.size() < 2) return;
            add(
                    slice,
                    Against.PEOPLE,
                    new Who.People(),
                    telling.get(0).answer(),
                    telling.get(1).answer());
        }

        private void add(
                String slice,
                Against against,
                Who who,
                Optional<String> said,
                Optional<String> right) {
            if (said.isEmpty() || right.isEmpty()) return;
            shares.merge(
                    new Key(slice, against, who),
                    WeightedShare.NONE.plus(
                            Objects.equals(said.get(), right.get()), 1 / judged.of().asked()),
                    WeightedShare::merge);
        }
    }

    /// A figure of the table, if it is there.
    public Optional<Figure> figure(String slice, Against against, Who who) {
        return rows.stream()
                .filter(row ->
                        row.slice().equals(slice)
                                && row.against() == against
                                && row.who().equals(who))
                .map(Row::figure)
                .findFirst();
    }
}
