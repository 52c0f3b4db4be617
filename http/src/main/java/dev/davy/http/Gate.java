package dev.davy.http;

import dev.davy.access.Permission;
import dev.davy.access.Principal;
import dev.davy.strict.Problem;
import io.vertx.core.http.HttpServerRequest;

/// Asks of a request: is it meant for us, does it come from a page of ours, who sends it, and may
/// they? Cheap enough for the data path: what was last found good is recognised by comparing text.
@SuppressWarnings("DoNotCallSuggester")
public final class Gate {
    Gate() {}

    /// Who sends it, if they may.
    ///
    /// @throws Problem `host-missing` (400), `host-not-allowed` (421), `origin-not-allowed` (403),
    ///   `token-missing`, `token-unknown` (401), `not-permitted` (403)
    public Principal check(HttpServerRequest request, Permission needs) {
        throw new IllegalStateException("not there yet");
    }

    /// Before a body is read: lets it come (answers `Expect: 100-continue`) if its declared length
    /// and encoding can be taken.
    ///
    /// @throws Problem `body-too-large` (413), `encoding-not-supported` (415)
    public void admitBody(HttpServerRequest request, long maxBytes) {
        throw new IllegalStateException("not there yet");
    }

    /// A new id for a request, for its answer and the log.
    public String requestId() {
        throw new IllegalStateException("not there yet");
    }

    /// Answers with a problem: as a problem document, or as `{"error":…}` under `/v2`.
    public void answer(HttpServerRequest request, Problem problem, String requestId) {
        throw new IllegalStateException("not there yet");
    }
}
