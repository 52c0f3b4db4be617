package dev.davy.serving;

import dev.davy.schema.LogPolicy;
import dev.davy.strict.Hashes;
import java.nio.charset.StandardCharsets;

/// Turns values that must not be logged as they are into keyed hashes: the same value always gives
/// the same hash in this data folder, and nobody without the key can try out values.
///
/// @param key the data folder's own secret
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Privacy(byte[] key) {

    /// Half of the digest's 64 characters: 128 bits tell a world of entities apart.
    private static final int CHARACTERS = 32;

    /// An entity as it stands in the log: as it is, or hashed where its column says anything else
    /// than keep.
    public String entity(Shape shape, String entity) {
        var column = shape.entityColumn().flatMap(shape.rows()::column);
        boolean open = column.isEmpty() || column.get().log() == LogPolicy.KEEP;
        return open ? entity : hash(entity);
    }

    /// The hash of a value, as 32 hexadecimal characters.
    public String hash(String value) {
        return Hashes.hmac(key, value.getBytes(StandardCharsets.UTF_8)).substring(0, CHARACTERS);
    }
}
