package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Terminal terminal(boolean person, Map<String, String> environment) {
        return new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                person);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void alignsColumnsWithNumbersToTheRight() {
        terminal(false, Map.of())
                .table(
                        List.of("MODEL", "NEWEST", "BY"),
                        List.of(List.of("credit", "7", "anna"), List.of("digits", "12", "ben")));
        assertThat(printed())
                .isEqualTo(
                        """
                        MODEL   NEWEST  BY
                        credit       7  anna
                        digits      12  ben
                        """);
    }

    @Test
    void showsTheNextCommandToAPersonOnly() {
        terminal(false, Map.of()).next("davy get models");
        assertThat(printed()).isEmpty();
        terminal(true, Map.of("NO_COLOR", "1")).next("davy get models");
        assertThat(printed()).isEqualTo("\nNext: davy get models\n");
    }

    @Test
    void colourIsForTerminalsThatWantIt() {
        for (var environment : List.of(Map.of("NO_COLOR", "1"), Map.of("TERM", "dumb")))
            terminal(true, environment).table(List.of("A"), List.of());
        terminal(false, Map.of()).table(List.of("A"), List.of());
        assertThat(printed()).doesNotContain("\u001b");
        terminal(true, Map.of()).table(List.of("A"), List.of());
        assertThat(printed()).contains("\u001b[2m");
    }

    @Test
    void namesOfOtherPeopleMoveNoCursorAndForgeNoLine() {
        terminal(false, Map.of())
                .table(List.of("NAME"), List.of(List.of("a\u001b[2Jb\nc\u202ed\u0000")));
        assertThat(printed()).isEqualTo("NAME\na\\u{1b}[2Jb\\u{a}c\\u{202e}d\\u{0}\n");
        terminal(false, Map.of()).failure("x\ry", List.of(), "");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("x\\u{d}y\n");
    }

    @Test
    void showsProgressWithRateAndTimeLeft() {
        assertThat(Progress.bar(30_000_000, 40_000_000, 1_000_000_000L))
                .isEqualTo("█".repeat(22) + "░".repeat(8) + " 75 %  30 MB/s  0 s left");
    }
}
