package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    @Test
    void aMessageForgesNoLine() {
        var event = new LogRecord(Level.WARNING, "name 'x\r\n2026-11-21 INFO all is well'");
        event.setLoggerName("dev.davy.http.Calls");
        event.setInstant(Instant.parse("2026-11-21T08:52:19.123456Z"));
        event.setThrown(new IllegalStateException("two\nlines"));
        var lines = new LogLines().format(event).lines().toList();
        assertThat(lines.getFirst())
                .isEqualTo(
                        "2026-11-21T08:52:19.123Z WARNING dev.davy.http.Calls name 'x\\u{d}\\u{a}2026-11-21 INFO all is well'");
        assertThat(lines.subList(1, lines.size())).allMatch(line -> line.startsWith("    "));
    }
}
