package dev.davy.http;

/// Answers one request. Runs on a virtual thread of its own and may block; it is interrupted when
/// the client goes away or the server stops.
public interface Handler {
    /// @throws dev.davy.strict.Problem what the caller did wrong: it becomes the answer
    /// @throws Exception a bug: it becomes 500 with a request id, and a line in the server's log
    Response handle(Request request) throws Exception;
}
