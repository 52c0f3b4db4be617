package dev.davy.postgres;

import dev.davy.storage.Database;

/// The state on PostgreSQL.
public final class Postgres {
    private Postgres() {}

    /// @param url `jdbc:postgresql://host:port/database`
    public static Database open(String url, String user, String password) {
        return Database.jdbc(url, user, password);
    }
}
