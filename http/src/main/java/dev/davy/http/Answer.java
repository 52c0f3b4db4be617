package dev.davy.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Map;

/// Writes answers. All on the request's event loop.
final class Answer {
    /// Unread bytes that are cheaper to let come than a new connection is.
    private static final long UNREAD_BYTES_FINE = 64 * 1024;

    private Answer() {}

    static void refusal(HttpServerRequest request, Refusal refusal, String requestId) {
        if (request.response().ended() || request.response().headWritten()) return;
        var path = pathOf(request);
        bytes(
                request,
                refusal.status(),
                retrying(refusal.status()),
                Problems.contentType(path),
                Problems.document(refusal, path, requestId),
                requestId);
    }

    /// The answer to a request whose head could not be read: nothing in it is believed. Vert.x
    /// closes the connection behind it.
    static void unreadable(HttpServerRequest request, Refusal refusal, String requestId) {
        var body = Problems.document(refusal, "", requestId);
        var response = request.response();
        head(response, refusal.status(), Map.of(), Problems.PROBLEM_JSON, requestId);
        response.putHeader("connection", "close")
                .putHeader("content-length", Integer.toString(body.length))
                .end(Buffer.buffer(body));
    }

    private static Map<String, String> retrying(int status) {
        return switch (status) {
            case 401 -> Map.of("www-authenticate", "Bearer realm=\"davy\"");
            case 429, 503 -> Map.of("retry-after", "1");
            default -> Map.of();
        };
    }

    static void bytes(
            HttpServerRequest request,
            int status,
            Map<String, String> headers,
            String type,
            byte[] body,
            String requestId) {
        var response = request.response();
        if (response.ended() || response.closed()) return;
        head(response, status, headers, type, requestId);
        boolean bodyAllowed = status != 204 && status != 304;
        if (bodyAllowed) response.putHeader("content-length", Integer.toString(body.length));
        boolean last = closesAfter(request);
        if (bodyAllowed && !request.method().equals(HttpMethod.HEAD))
            response.end(Buffer.buffer(body));
        else response.end();
        if (last) leave(request);
    }

    /// Everything but the body.
    static void head(
            HttpServerResponse response,
            int status,
            Map<String, String> headers,
            String type,
            String requestId) {
        response.setStatusCode(status)
                .putHeader("davy-request-id", requestId)
                .putHeader("x-content-type-options", "nosniff")
                .putHeader("cache-control", "no-store")
                .putHeader("content-security-policy", "default-src 'none'; frame-ancestors 'none'")
                // With no-referrer a browser hides the Origin of our own forms as well.
                .putHeader("referrer-policy", "same-origin")
                .putHeader("cross-origin-resource-policy", "same-origin");
        if (!type.isEmpty()) response.putHeader("content-type", type);
        headers.forEach(response::putHeader);
    }

    /// Whether the rest of the request is not worth waiting for. Says so in the answer's head.
    static boolean closesAfter(HttpServerRequest request) {
        if (request.isEnded()) return false;
        var length = request.getHeader("content-length");
        boolean small =
                length != null
                        && length.length() < 10
                        && Long.parseLong(length) <= UNREAD_BYTES_FINE
                        && request.getHeader("expect") == null;
        boolean none = length == null && request.getHeader("transfer-encoding") == null;
        if (small || none && request.version() != HttpVersion.HTTP_2) return false;
        if (request.version() != HttpVersion.HTTP_2)
            request.response().putHeader("connection", "close");
        return true;
    }

    /// Ends a request whose rest nobody reads.
    static void leave(HttpServerRequest request) {
        // RFC 9113, section 8.1: after a whole answer, NO_ERROR asks the client to stop sending.
        if (request.version() == HttpVersion.HTTP_2) request.response().reset(0);
        else request.connection().close();
    }

    /// Ends an answer that will not be complete, so that the client can see that.
    static void breakOff(HttpServerRequest request) {
        var response = request.response();
        if (response.closed()) return;
        if (request.version() == HttpVersion.HTTP_2) response.reset();
        else request.connection().close();
    }

    private static String pathOf(HttpServerRequest request) {
        var uri = request.uri();
        return uri == null ? "" : uri.split("\\?", 2)[0];
    }
}
