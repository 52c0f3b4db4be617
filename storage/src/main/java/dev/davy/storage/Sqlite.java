package dev.davy.storage;

import dev.davy.strict.SafePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/// SQLite: how it is set up, and its native library.
final class Sqlite {
    private static final int BUSY_MILLIS = 5_000;
    private static final String LIBRARY_FOLDER = "org.sqlite.lib.path";
    private static final String LIBRARY_NAME = "org.sqlite.lib.name";

    private Sqlite() {}

    /// A write-ahead log, so that readers and the writer do not wait for each other, and a sync of
    /// it at each commit, which is not the default there.
    static SQLiteDataSource source(Path file, boolean readOnly) {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_MILLIS);
        // What is erased is overwritten, not only forgotten.
        config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true");
        config.enforceForeignKeys(true);
        // The writer takes its lock at the beginning, not in the middle, where it could fail.
        config.setTransactionMode(
                readOnly
                        ? SQLiteConfig.TransactionMode.DEFERRED
                        : SQLiteConfig.TransactionMode.IMMEDIATE);
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
        return source;
    }

    /// A connection that cannot write by mistake.
    static Connection reader(SQLiteDataSource source) throws SQLException {
        var connection = source.getConnection();
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA query_only = true");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /// Loads the native library from a file that is unpacked once, into a folder named after the
    /// driver's version. The driver's own way is a new file at each start, which a killed process
    /// leaves behind; and it asks `uname` what it runs on, which takes longer than all the rest.
    static void unpackInto(Path natives) throws IOException {
        if (System.getProperty(LIBRARY_FOLDER) != null) return;
        var name = System.mapLibraryName("sqlitejdbc");
        var folder =
                SafePath.inside(
                        natives,
                        "sqlite-"
                                + SQLiteJDBCLoader.getVersion()
                                + "-"
                                + System.getProperty("os.arch"));
        var file = SafePath.inside(folder, name);
        if (!Files.exists(file)) unpack(name, folder, file);
        System.setProperty(LIBRARY_FOLDER, folder.toString());
        System.setProperty(LIBRARY_NAME, name);
        try {
            // If the file is not for this system, the driver goes on to its own way.
            SQLiteJDBCLoader.initialize();
        } catch (Exception e) {
            throw new IOException("SQLite's native library cannot be loaded: " + e.getMessage(), e);
        }
    }

    private static void unpack(String name, Path folder, Path file) throws IOException {
        var resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
        try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
            if (in == null) return; // The driver says better than we could what it needs.
            Files.createDirectories(folder);
            var fresh = Files.createTempFile(folder, "unpacking", ".new");
            try (var channel = Disk.REAL.create(fresh)) {
                Disk.REAL.write(channel, ByteBuffer.wrap(in.readAllBytes()), 0);
                Disk.REAL.force(channel);
            }
            Disk.REAL.move(fresh, file);
        }
    }
}
