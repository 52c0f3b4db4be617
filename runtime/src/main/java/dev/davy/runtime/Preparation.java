package dev.davy.runtime;

import dev.davy.schema.Row;
import java.util.List;

/// Turns rows (columns, images, audio) into a model's tensors, as the bundle says.
///
/// Thread-safe. Where a recording is fed frame by frame ([#framed]), one row is many runs:
/// [RowSession] does that.
@SuppressWarnings("DoNotCallSuggester")
public final class Preparation {
    private Preparation() {}

    public static Preparation of(Bundle bundle) {
        throw new IllegalStateException("not there yet");
    }

    /// Whether a row becomes many runs, one per frame, with state carried inside the row.
    public boolean framed() {
        throw new IllegalStateException("not there yet");
    }

    /// Most rows in one call: 1 where the model has no varying leading axis.
    public int rowsMax() {
        throw new IllegalStateException("not there yet");
    }

    /// Input tensors for so many rows, in the order of the signature, to be used again.
    public List<Tensor> tensors(int rows) {
        throw new IllegalStateException("not there yet");
    }

    /// Writes one row at its place in the batch.
    ///
    /// @throws dev.davy.strict.Problem `MALFORMED` with everything that is wrong with the row
    public void write(Row row, List<Tensor> batch, int index) {
        throw new IllegalStateException("not there yet");
    }
}
