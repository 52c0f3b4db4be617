package dev.davy.runtime;

import dev.davy.strict.Limits;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/// A model on another server that speaks the Open Inference Protocol v2 over REST.
@SuppressWarnings("DoNotCallSuggester")
public final class Remote implements Model {
    private Remote() {}

    /// Asks the server for the model's signature.
    ///
    /// @param base `http://host:port`
    /// @param version the version asked for; empty for the one the server chooses
    /// @param allowed `host:port` of every server that may be called; another is refused
    /// @throws dev.davy.strict.Problem `FORBIDDEN` when the server is not allowed, `UNAVAILABLE`
    ///   when it does not answer, `UNACCEPTABLE` when it does not speak the protocol
    public static Remote open(
            URI base, String model, Optional<String> version, Set<String> allowed, Limits limits) {
        throw new IllegalStateException("not there yet");
    }

    @Override
    public Signature signature() {
        throw new IllegalStateException("not there yet");
    }

    @Override
    public Session open() {
        throw new IllegalStateException("not there yet");
    }

    @Override
    public boolean batches() {
        throw new IllegalStateException("not there yet");
    }

    @Override
    public void close() {}
}
