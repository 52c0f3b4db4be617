package dev.davy.storage;

import dev.davy.strict.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/// Brings a database to the tables that this release needs: the SQL files of all modules in
/// `dev/davy/migrations`, each applied once.
///
/// Flyway applies them. It is not asked when all were applied before, which one query tells: it
/// takes longer to start than all the rest.
final class Migrations {
    private static final String FOLDER = "dev/davy/migrations";

    // Held here, since the JDK forgets the level of a logger that nobody holds.
    private static final Logger FLYWAY_LOG = Logger.getLogger("org.flywaydb");

    private Migrations() {}

    /// @throws Problem CONFLICT `database-newer` if a later release has changed the tables
    static void apply(DataSource source) throws SQLException {
        var known = known();
        var applied = applied(source);
        if (applied.equals(known)) return;
        var foreign = new TreeSet<>(applied);
        foreign.removeAll(known);
        if (!foreign.isEmpty())
            throw new Problem(
                    Problem.Kind.CONFLICT,
                    "database-newer",
                    "This release cannot use the database.",
                    "A later one has changed it: " + String.join(", ", foreign) + ".",
                    "Start the later release, or restore a copy from before it.");
        // It tells at length what goes well.
        if (FLYWAY_LOG.getLevel() == null) FLYWAY_LOG.setLevel(Level.WARNING);
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:" + FOLDER)
                // Modules count their files apart: one may bring a low number late.
                .outOfOrder(true)
                .load()
                .migrate();
    }

    /// The names of all files that this release has.
    static Set<String> known() {
        var names = new TreeSet<String>();
        try {
            var places = Migrations.class.getClassLoader().getResources(FOLDER);
            while (places.hasMoreElements()) addNames(places.nextElement(), names);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return names;
    }

    private static void addNames(URL place, Set<String> names)
            throws IOException, URISyntaxException {
        if (place.openConnection() instanceof JarURLConnection jar) {
            jar.getJarFile().stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith(FOLDER + "/") && name.endsWith(".sql"))
                    .forEach(name -> names.add(name.substring(FOLDER.length() + 1)));
        } else {
            try (var files = Files.list(Path.of(new URI(place.toString())))) {
                files.map(file -> String.valueOf(file.getFileName()))
                        .filter(name -> name.endsWith(".sql"))
                        .forEach(names::add);
            }
        }
    }

    private static Set<String> applied(DataSource source) throws SQLException {
        var names = new HashSet<String>();
        try (var connection = source.getConnection()) {
            if (!hasHistory(connection)) return names;
            try (var statement = connection.createStatement();
                    var rows =
                            statement.executeQuery(
                                    "select script from flyway_schema_history where success and type = 'SQL'")) {
                while (rows.next()) names.add(rows.getString(1));
            }
        }
        return names;
    }

    private static boolean hasHistory(Connection connection) throws SQLException {
        try (var tables =
                connection
                        .getMetaData()
                        .getTables(null, connection.getSchema(), "flyway_schema_history", null)) {
            return tables.next();
        }
    }
}
