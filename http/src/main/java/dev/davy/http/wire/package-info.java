/// What happens on a connection before there is a request: opening, framing, limits, time-outs, and
/// the last word when a request never becomes one.
///
/// Vert.x closes a connection without a word when a chunk is malformed, waits for ever for a header
/// that trickles in, lets `Content-Length` and `Transfer-Encoding` stand side by side, and resets
/// the connection while its refusal is still on the way. Here these get an answer and an end. Start
/// at [dev.davy.http.wire.Wires]. This is the only place that reaches into Vert.x and Netty.
@NullMarked
package dev.davy.http.wire;

import org.jspecify.annotations.NullMarked;
