package dev.davy.serving;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a caller gets as long as no person has decided.
public sealed interface Meanwhile {
    /// Nothing: the call waits until its deadline, and is told then that it is still in review.
    record Wait() implements Meanwhile {}

    /// A refusal that names the prediction.
    record Refuse() implements Meanwhile {}

    /// What the model says, which may be taken back.
    record Provisional() implements Meanwhile {}

    /// An answer that does no harm, whatever is true.
    ///
    /// @param outputs by name
    record Safe(Map<String, Object> outputs) implements Meanwhile {
        public Safe {
            outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        }
    }
}
