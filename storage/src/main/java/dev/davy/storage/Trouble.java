package dev.davy.storage;

import dev.davy.strict.Problem;
import java.sql.SQLException;
import java.util.Optional;

/// What is wrong with the database when it is not our SQL: told as a [Problem], so that whoever
/// serves can say so and go on.
final class Trouble {
    private Trouble() {}

    /// Empty if the exception is a bug of ours.
    static Optional<Problem> of(Throwable thrown, boolean postgres) {
        for (var cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem problem) return Optional.of(problem);
            if (cause instanceof SQLException e) return postgres ? ofPostgres(e) : ofSqlite(e);
        }
        return Optional.empty();
    }

    /// By SQLite's result codes, https://sqlite.org/rescode.html, of which the low byte says
    /// enough.
    private static Optional<Problem> ofSqlite(SQLException e) {
        return switch (e.getErrorCode() & 0xFF) {
            case 5, 6 -> Optional.of(busy("Another program holds its file."));
            case 13 -> Optional.of(full());
            case 10 -> Optional.of(broken("The disk gives errors."));
            case 11, 26 -> Optional.of(broken("Its file is damaged."));
            case 14 -> Optional.of(broken("Its file cannot be opened."));
            default -> Optional.empty();
        };
    }

    /// By PostgreSQL's error codes, Appendix A of its manual.
    private static Optional<Problem> ofPostgres(SQLException e) {
        var state = e.getSQLState() == null ? "" : e.getSQLState();
        if (state.equals("53100")) return Optional.of(full());
        if (state.equals("55P03") || state.startsWith("40") || state.equals("57014"))
            return Optional.of(busy("Somebody else holds what is needed."));
        if (state.startsWith("28"))
            return Optional.of(broken("It does not know the user or the password."));
        if (state.equals("3D000")) return Optional.of(broken("It has no database of that name."));
        if (state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("57P")
                || state.startsWith("58")) return Optional.of(broken("It cannot be reached."));
        return Optional.empty();
    }

    static Problem busy(String why) {
        return new Problem(
                Problem.Kind.UNAVAILABLE,
                "database-busy",
                "The database is busy.",
                why,
                "Try again in a moment.");
    }

    static Problem broken(String why) {
        return new Problem(
                Problem.Kind.UNAVAILABLE,
                "database-unavailable",
                "The database cannot be used.",
                why,
                "Predictions go on; the server's own log says more.");
    }

    private static Problem full() {
        return new Problem(
                Problem.Kind.FULL,
                "disk-full",
                "Nothing can be stored.",
                "The disk of the database is full.",
                "Make space and try again.");
    }
}
