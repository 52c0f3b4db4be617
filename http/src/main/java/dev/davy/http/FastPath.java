package dev.davy.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

/// The data path: sees each request before any route does, raw and on its event loop.
///
/// Only the connection has been looked at by then (limits of the request line and headers, one
/// `Host` at most, framing, time-outs, number of chunks). Everything else is asked of the [Gate].
public interface FastPath {
    /// No data path: everything goes to the routes.
    FastPath NONE = _ -> false;

    /// Called once, before the first request. A gRPC server is made of `vertx`; the gate is used
    /// for the server's life.
    default void open(Vertx vertx, Gate gate) {}

    /// True when it has taken the request: it then reads the body and writes the answer, all on
    /// this event loop. Must not block.
    boolean handle(HttpServerRequest request);
}
