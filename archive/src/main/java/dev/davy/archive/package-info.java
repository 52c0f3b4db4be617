/// Predictions, feedback and what shadows said as Parquet files, which anyone can read without us,
/// and SQL over them.
///
/// Start at [Archive], the follower of the log that writes them; [Layout] is what their columns
/// are. [Queries] answers SQL, with truth joined as it is in force; [Tidying] rewrites closed days;
/// [Erasure] takes an entity out of everything. [Duck] is the one door to DuckDB.
@NullMarked
package dev.davy.archive;

import org.jspecify.annotations.NullMarked;
