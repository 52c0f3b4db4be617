package dev.davy.archive;

/// A file of the archive that counts.
///
/// @param path below the archive's folder
/// @param endpoint empty: not known, as for feedback whose prediction never came
/// @param layout `schema=N` of the path
/// @param day `YYYY-MM-DD`, in UTC, on which its records were received
/// @param generation 1 as it was first written, one more each time it was rewritten
record ArchiveFile(
        String path,
        Kind kind,
        String endpoint,
        long layout,
        String day,
        long rows,
        long bytes,
        long generation) {
    /// What its rows are.
    enum Kind {
        PREDICTIONS("id"),
        FEEDBACK("prediction"),
        /// What shadows said beside them.
        SHADOWS("prediction");

        private final String prediction;

        Kind(String prediction) {
            this.prediction = prediction;
        }

        /// The column that holds a prediction's id.
        String prediction() {
            return prediction;
        }

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
