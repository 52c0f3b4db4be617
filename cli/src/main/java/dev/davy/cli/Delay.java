package dev.davy.cli;

import dev.davy.strict.Problem;
import dev.davy.strict.Units;
import java.time.Duration;
import java.util.regex.Pattern;

/// How long after a row its truth came to be known: `30m`, `2d`, or `10 rows`.
sealed interface Delay {
    record After(Duration time) implements Delay {}

    record Rows(int count) implements Delay {}

    Delay NONE = new After(Duration.ZERO);

    Pattern ROWS = Pattern.compile("(\\d{1,9}) ?rows?");

    /// @throws Problem `duration-not-understood`
    static Delay read(String text) {
        var rows = ROWS.matcher(text.strip());
        if (rows.matches()) return new Rows(Integer.parseInt(rows.group(1)));
        try {
            return new After(Units.duration(text));
        } catch (Problem problem) {
            throw new Problem(
                    problem.kind(),
                    problem.code(),
                    problem.what(),
                    problem.why(),
                    "Write a time like 30m or 2d, or a number of rows like '10 rows'.");
        }
    }
}
