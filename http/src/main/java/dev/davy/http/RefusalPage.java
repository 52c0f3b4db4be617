package dev.davy.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/// Shows a refusal to a person.
public interface RefusalPage {
    /// What was refused, and why.
    ///
    /// @param requestId as it stands in the server's log
    record Refused(
            int status,
            String code,
            String what,
            String why,
            String todo,
            List<String> violations,
            String requestId) {}

    /// The page, complete. Called on an event loop: it must not wait for anything.
    Response show(Refused refused);

    /// Whether a browser asked for a page, and not a program for a document.
    static boolean isWanted(HttpServerRequest request) {
        var accept = request.headers().get(HttpHeaders.ACCEPT);
        var uri = request.uri();
        return request.method().equals(HttpMethod.GET)
                && accept != null
                && accept.contains("text/html")
                && !uri.startsWith("/api/")
                && !uri.startsWith("/v2");
    }
}
