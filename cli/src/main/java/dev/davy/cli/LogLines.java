package dev.davy.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// The server's own log on standard error, a line an event: `2026-11-21T08:52:19.123Z WARNING
/// dev.davy.http.Calls what happened`.
///
/// A name from outside can forge no line, for nothing in a message ends one; a stack trace follows
/// indented.
final class LogLines extends Formatter {
    // Held here: the JDK keeps loggers by weak references, and a level goes with them.
    private static final List<Logger> QUIET =
            List.of(
                    Logger.getLogger("org.flywaydb"),
                    Logger.getLogger("io.netty"),
                    Logger.getLogger("io.vertx"));

    static void begin() {
        LogManager.getLogManager().reset();
        var handler = new ConsoleHandler();
        handler.setFormatter(new LogLines());
        handler.setLevel(Level.INFO);
        Logger.getLogger("").addHandler(handler);
        for (var logger : QUIET) logger.setLevel(Level.WARNING);
    }

    @Override
    public String format(LogRecord event) {
        var line =
                "%s %s %s %s%n"
                        .formatted(
                                event.getInstant().truncatedTo(ChronoUnit.MILLIS),
                                event.getLevel().getName(),
                                event.getLoggerName(),
                                Terminal.clean(formatMessage(event)));
        if (event.getThrown() == null) return line;
        var trace = new StringWriter();
        event.getThrown().printStackTrace(new PrintWriter(trace));
        var indented = new StringBuilder(line);
        trace.toString()
                .lines()
                .forEach(each -> indented.append("    ").append(plain(each)).append("\n"));
        return indented.toString();
    }

    private static String plain(String line) {
        return Terminal.clean(line.replace("\t", "  "));
    }
}
