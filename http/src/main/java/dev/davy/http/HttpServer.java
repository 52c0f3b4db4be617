package dev.davy.http;

import dev.davy.access.Tokens;

/// The one server that all interfaces share.
@SuppressWarnings("DoNotCallSuggester")
public final class HttpServer implements AutoCloseable {
    private HttpServer() {}

    /// Listens when it returns.
    ///
    /// @throws dev.davy.strict.Problem `address-in-use`, `address-not-here`, or
    ///   `credentials-needed` for an address that is not loopback while there is no token
    public static HttpServer start(
            HttpSettings settings, Routes routes, FastPath fast, Tokens tokens) {
        throw new IllegalStateException("not there yet");
    }

    /// The port it listens on.
    public int port() {
        throw new IllegalStateException("not there yet");
    }

    /// Refuses new connections and calls, lets those that run finish within the drain time, then
    /// closes everything. Returns when all is closed.
    @Override
    public void close() {}
}
