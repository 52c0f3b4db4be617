package dev.davy.review;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// A case with all that was said of it.
///
/// @param gold what was known of it beforehand
/// @param truth what came to be known of it
public record Judged(
        Case of, Optional<String> gold, Optional<String> truth, List<Opinion> opinions) {
    public Judged {
        opinions = List.copyOf(opinions);
    }

    /// What more than half of those who can tell say; empty at a tie, or where nobody can.
    static Optional<String> majority(Collection<Opinion> opinions) {
        var votes = new LinkedHashMap<String, Integer>();
        for (var each : opinions)
            each.answer().ifPresent(answer -> votes.merge(answer, 1, Integer::sum));
        int all = votes.values().stream().mapToInt(Integer::intValue).sum();
        return votes.entrySet().stream()
                .filter(each -> 2 * each.getValue() > all)
                .map(each -> each.getKey())
                .findFirst();
    }

    Optional<String> people() {
        return majority(opinions);
    }

    /// What people said who had not seen the model's answer, or who had.
    Optional<String> people(boolean saw) {
        return majority(opinions.stream().filter(each -> each.saw() == saw).toList());
    }

    /// What all others said.
    Optional<String> peopleBut(String one) {
        return majority(opinions.stream().filter(each -> !each.by().equals(one)).toList());
    }
}
