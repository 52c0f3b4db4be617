/// Tables in files, CSV (plain or gzip) and Parquet, and folders of pictures or recordings: read as
/// streams, with all that is wrong named.
///
/// Start at [Table]: `Table.open(path)` sees what kind of file it is. Its rows come in blocks, part
/// by part, and each part may be read by a thread of its own. What is odd about them is in
/// [Findings]: a [Finding] has a code, the line and the column. What makes the whole file worthless
/// is a [dev.davy.strict.Problem] with the line.
///
/// Who wants a few columns in memory takes [Columns]:
///
/// ```java
/// try (var table = Table.open(path, Reading.DEFAULT)) {
///     var columns = Columns.read(table, List.of("truth", "score"));
///     for (int row = 0; row < columns.rows(); row++)
///         if (columns.text("truth", row) != null) count(columns.text("truth", row),
///                                                       columns.number("score", row));
///     table.findings().list(); // ragged rows and the like
/// }
/// ```
///
/// [Profiles] sums a table up on all cores, and [Grouped] holds [Sample]s of its values. [Shapes]
/// finds each column's type from all of its values, and [Validation] holds a table against a
/// schema. Knows `schema`, `stats` and `strict`.
@NullMarked
package dev.davy.data;

import org.jspecify.annotations.NullMarked;
