package dev.davy.review;

import dev.davy.stats.quality.Figure;
import dev.davy.stats.quality.Proportion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// How one person judges.
///
/// @param cases they judged
/// @param cannotTell of these, where they could not tell
/// @param medianSeconds of those cases where it is known
/// @param withOthers how often they said what most others said of the same case
/// @param withModelBefore how often they said what the model said, not having seen it
/// @param withModelAfter the same, having seen it
/// @param bias how much more often they say what the model says once they see it: automation bias,
///   as far as the two kinds of cases are alike, as hidden ones are
/// @param onGold how often they were right where the answer was known beforehand
public record ReviewerFigures(
        String reviewer,
        long cases,
        long cannotTell,
        OptionalDouble medianSeconds,
        Figure withOthers,
        Figure withModelBefore,
        Figure withModelAfter,
        Optional<Difference> bias,
        Figure onGold) {

    private record Given(Judged judged, Opinion opinion) {}

    /// By name.
    ///
    /// @param confidence of the intervals, such as 0.95
    public static List<ReviewerFigures> of(Collection<Judged> cases, double confidence) {
        var given = new TreeMap<String, List<Given>>();
        for (var judged : cases)
            for (var opinion : judged.opinions())
                given.computeIfAbsent(opinion.by(), _ -> new ArrayList<>())
                        .add(new Given(judged, opinion));
        var figures = new ArrayList<ReviewerFigures>();
        given.forEach((name, list) -> figures.add(of(name, list, confidence)));
        return figures;
    }

    private static ReviewerFigures of(String name, List<Given> given, double confidence) {
        var others = new Count();
        var before = new Count();
        var after = new Count();
        var gold = new Count();
        for (var each : given) {
            var said = each.opinion().answer();
            var model = each.judged().of().answer();
            others.add(said, each.judged().peopleBut(name));
            (each.opinion().saw() ? after : before).add(said, model);
            gold.add(said, each.judged().gold());
        }
        var blind = before.figure("agreement", confidence, "with the model, not having seen it");
        var seeing = after.figure("agreement", confidence, "with the model, having seen it");
        return new ReviewerFigures(
                name,
                given.size(),
                given.stream().filter(each -> each.opinion().answer().isEmpty()).count(),
                median(given),
                others.figure("agreement", confidence, "with most others on the same cases"),
                blind,
                seeing,
                Difference.of(seeing, blind),
                gold.figure("accuracy", confidence, "on cases whose answer was known"));
    }

    private static OptionalDouble median(List<Given> given) {
        var seconds =
                given.stream()
                        .map(each -> each.opinion().seconds())
                        .filter(OptionalDouble::isPresent)
                        .map(OptionalDouble::getAsDouble)
                        .sorted(Comparator.naturalOrder())
                        .toList();
        int n = seconds.size();
        if (n == 0) return OptionalDouble.empty();
        return OptionalDouble.of((seconds.get((n - 1) / 2) + seconds.get(n / 2)) / 2);
    }

    /// Cases in which two said something, and how often it was the same.
    private static final class Count {
        private int same;
        private int all;

        void add(Optional<String> said, Optional<String> other) {
            if (said.isEmpty() || other.isEmpty()) return;
            all++;
            if (Objects.equals(said.get(), other.get())) same++;
        }

        Figure figure(String name, double confidence, String definition) {
            if (all == 0) return Figure.undefined(name, 0, definition);
            return Figure.of(
                    name,
                    (double) same / all,
                    Proportion.wilson(same, all, confidence),
                    all,
                    definition);
        }
    }
}
