package dev.davy.postgres;

import dev.davy.storage.Database;
import dev.davy.strict.Problem;
import java.util.Set;
import java.util.TreeSet;

/// The state on PostgreSQL.
public final class Postgres {
    private static final String SCHEME = "jdbc:postgresql://";

    /// What may stand after the `?`. The driver knows others that load classes or write files.
    private static final Set<String> ALLOWED =
            Set.of(
                    "currentSchema",
                    "sslmode",
                    "ssl",
                    "connectTimeout",
                    "socketTimeout",
                    "tcpKeepAlive",
                    "targetServerType",
                    "ApplicationName");

    private Postgres() {}

    /// Opens the database and brings its tables to this release.
    ///
    /// @param url `jdbc:postgresql://host:port/database`
    /// @throws Problem UNACCEPTABLE `database-url-not-allowed`; UNAVAILABLE `database-unavailable`
    ///   if it cannot be reached; CONFLICT `database-newer`
    public static Database open(String url, String user, String password) {
        check(url);
        return Database.jdbc(url, user, password);
    }

    private static void check(String url) {
        if (!url.startsWith(SCHEME)) throw notAllowed("It does not begin with " + SCHEME + ".");
        int question = url.indexOf('?');
        if (question < 0) return;
        var refused = new TreeSet<String>();
        for (var part : url.substring(question + 1).split("&", -1)) {
            var name = part.split("=", 2)[0];
            if (!ALLOWED.contains(name)) refused.add(name);
        }
        if (!refused.isEmpty())
            throw notAllowed(
                    "It has "
                            + String.join(", ", refused)
                            + "; allowed are "
                            + String.join(", ", new TreeSet<>(ALLOWED))
                            + ".");
    }

    private static Problem notAllowed(String why) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "database-url-not-allowed",
                "The address of the database cannot be used.",
                why,
                "Give " + SCHEME + "HOST:PORT/DATABASE, with the user and the password apart.");
    }
}
