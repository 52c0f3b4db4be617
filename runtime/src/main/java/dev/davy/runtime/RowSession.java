package dev.davy.runtime;

import dev.davy.schema.Row;
import java.util.List;

/// A model asked in rows instead of tensors: prepares, runs (a recording frame by frame where the
/// bundle says so), and reads. For one thread at a time.
@SuppressWarnings("DoNotCallSuggester")
public final class RowSession implements AutoCloseable {
    private RowSession() {}

    public static RowSession open(Bundle bundle, Model model) {
        throw new IllegalStateException("not there yet");
    }

    /// One answer per row, in order; rows share a run where the model allows it.
    ///
    /// @throws dev.davy.strict.Problem as [Session#run] and [Preparation#write]; the field names
    ///   the row
    public List<Answer> ask(List<Row> rows, long deadlineNanos) {
        throw new IllegalStateException("not there yet");
    }

    @Override
    public void close() {}
}
