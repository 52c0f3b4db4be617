package dev.davy.storage;

import java.time.Instant;
import java.util.UUID;

/// One record of the log, taken out of it.
///
/// @param position where it begins
/// @param type what it tells, from 1; see those who write it
/// @param version of the type's layout, from 1
/// @param schemaHash of the schema by which its columns are read, 0 if it has none
/// @param at when it was written, to the microsecond
/// @param payload its content; see [Payload]
@SuppressWarnings("ArrayRecordComponent") // read at once, and by one reader
public record LogRecord(
        Position position,
        int type,
        int version,
        long schemaHash,
        UUID id,
        Instant at,
        byte[] payload) {}
