package dev.davy.serving;

import dev.davy.storage.Payload;
import dev.davy.storage.RecordBatch;
import java.nio.ByteBuffer;

/// The content of a large input, kept in the log beside its prediction: an image, a recording, a
/// tensor.
///
/// It shares the prediction's id; its payload is the bytes as they came.
public final class BlobRecord {
    private BlobRecord() {}

    /// The record type.
    static final int TYPE = 3;

    static final int VERSION = 1;

    /// Writes one.
    static void write(
            RecordBatch batch,
            long idHigh,
            long idLow,
            long schema,
            long timeMicros,
            String column,
            String contentType,
            ByteBuffer content) {
        batch.begin(TYPE, VERSION, schema, idHigh, idLow, timeMicros);
        batch.putText(column);
        batch.putText(contentType);
        batch.putVarint(content.remaining());
        batch.putBuffer(content.duplicate());
        batch.end();
    }

    /// What such a record holds.
    ///
    /// @param bytes as they came
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Content(String column, String contentType, byte[] bytes) {}

    /// Whether a log record is one.
    public static boolean isBlob(int type) {
        return type == TYPE;
    }

    /// Reads one, in any version so far.
    public static Content read(Payload payload) {
        return new Content(
                payload.getText(),
                payload.getText(),
                payload.getBytes(Math.toIntExact(payload.getVarint())));
    }
}
