package dev.davy.review;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What judgements come to.
sealed interface Ruling {
    /// Most who could tell say so.
    record Agreed(JsonNode answer, String by) implements Ruling {}

    /// Not all have judged yet.
    record Waiting() implements Ruling {}

    /// They disagree, or nobody can tell: one more is asked.
    record Tied() implements Ruling {}

    /// One word of those asked for is enough where one is asked for; of several, more than half of
    /// those who could tell must say the same.
    ///
    /// @param wanted how many judgements it takes
    static Ruling of(List<Judgement> judgements, int wanted) {
        if (judgements.size() < wanted) return new Waiting();
        var votes = new LinkedHashMap<JsonNode, Integer>();
        var last = new ArrayList<Judgement>();
        for (var each : judgements)
            each.answer()
                    .ifPresent(answer -> {
                        votes.merge(answer, 1, Integer::sum);
                        last.add(each);
                    });
        int all = votes.values().stream().mapToInt(Integer::intValue).sum();
        Optional<JsonNode> most =
                votes.entrySet().stream()
                        .filter(each -> 2 * each.getValue() > all)
                        .map(each -> each.getKey())
                        .findFirst();
        if (most.isEmpty()) return new Tied();
        return new Agreed(
                most.get(), judgements.size() == 1 ? last.getFirst().reviewer() : "consensus");
    }
}
