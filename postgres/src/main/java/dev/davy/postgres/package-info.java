/// State on PostgreSQL instead of SQLite: the same SQL, the same migrations; nothing else knows
/// that PostgreSQL exists.
///
/// Start at [Postgres].
@NullMarked
package dev.davy.postgres;

import org.jspecify.annotations.NullMarked;
