package dev.davy.serving;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What people decided of a prediction.
///
/// @param outputs by name
/// @param by who did: a person's name, `consensus`, or `nobody` where none came in time
public record Decided(Map<String, Object> outputs, String by, Instant at) {
    public Decided {
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }
}
