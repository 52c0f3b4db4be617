package dev.davy.server;

import dev.davy.access.Tokens;
import dev.davy.registry.Models;
import dev.davy.runtime.Onnx;
import dev.davy.storage.Blobs;
import dev.davy.storage.DataFolder;
import dev.davy.storage.Database;
import dev.davy.storage.Events;
import dev.davy.storage.Ids;
import dev.davy.storage.Log;
import java.nio.file.Path;
import java.time.InstantSource;

/// One data folder, opened: everything that is kept, and everything that answers. No HTTP; [Server]
/// puts it on a port.
///
/// One process has a data folder at a time.
public final class Davy implements AutoCloseable {
    private final Settings settings;
    private final DataFolder folder;
    private final Database database;
    private final Log log;
    private final Ids ids;
    private final Tokens tokens;
    private final Events events;
    private final Models models;

    private Davy(Settings settings, DataFolder folder, Database database, Log log) {
        this.settings = settings;
        this.folder = folder;
        this.database = database;
        this.log = log;
        InstantSource clock = InstantSource.system();
        ids = new Ids(settings.node(), clock, log.newestId());
        tokens = new Tokens(database, ids, clock);
        events = new Events(database);
        models =
                new Models(
                        folder,
                        database,
                        new Blobs(folder.blobs(), folder.temporary()),
                        ids,
                        clock,
                        settings.limits());
    }

    /// Opens a data folder, or makes a new one.
    ///
    /// @throws dev.davy.strict.Problem CONFLICT `data-folder-in-use`
    public static Davy open(Path data) {
        return open(Settings.of(data));
    }

    /// As above, with settings.
    public static Davy open(Settings settings) {
        var folder = DataFolder.open(settings.data());
        try (var start = new Together()) {
            Onnx.natives(folder.natives());
            var database = start.begin(() -> database(settings, folder));
            var log =
                    start.begin(() ->
                            Log.open(
                                    folder.log(),
                                    settings.node(),
                                    settings.log(),
                                    InstantSource.system()));
            return new Davy(settings, folder, database.join(), log.join());
        } catch (Throwable failure) {
            folder.close();
            throw failure;
        }
    }

    private static Database database(Settings settings, DataFolder folder) {
        if (settings.storage().isEmpty()) return Database.sqlite(folder.state());
        var storage = settings.storage().get();
        return Database.jdbc(storage.url(), storage.user(), storage.password());
    }

    public Settings settings() {
        return settings;
    }

    public DataFolder folder() {
        return folder;
    }

    public Tokens tokens() {
        return tokens;
    }

    public Events events() {
        return events;
    }

    public Models models() {
        return models;
    }

    public Log log() {
        return log;
    }

    public Ids ids() {
        return ids;
    }

    /// Ends in order: what was logged is on disk when this returns.
    @Override
    public void close() {
        try {
            log.close();
        } finally {
            try {
                database.close();
            } finally {
                folder.close();
            }
        }
    }
}
