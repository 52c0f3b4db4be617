package dev.davy.http;

import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/// Problems as HTTP tells them: the only place that maps kinds to statuses.
public final class Problems {
    static final String PROBLEM_JSON = "application/problem+json";
    static final String JSON = "application/json";

    private Problems() {}

    /// The status of an answer with this problem.
    public static int status(Problem.Kind kind) {
        return switch (kind) {
            case MALFORMED -> 400;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case METHOD -> 405;
            case CONFLICT -> 409;
            case GONE -> 410;
            case PRECONDITION -> 412;
            case TOO_LARGE -> 413;
            case UNSUPPORTED_MEDIA -> 415;
            case MISDIRECTED -> 421;
            case UNACCEPTABLE -> 422;
            case OVERLOADED -> 429;
            case MODEL_FAILED -> 500;
            case NOT_OFFERED -> 501;
            case UNAVAILABLE -> 503;
            case DEADLINE -> 504;
            case FULL -> 507;
        };
    }

    /// Whether errors at this path have the form of the Open Inference Protocol.
    static boolean isInference(String path) {
        return path.equals("/v2") || path.startsWith("/v2/");
    }

    static String contentType(String path) {
        return isInference(path) ? JSON : PROBLEM_JSON;
    }

    /// A problem document (RFC 9457), or `{"error":…}` under `/v2`.
    static byte[] document(Problem problem, String path, String requestId) {
        return document(Refusal.of(problem), path, requestId);
    }

    static byte[] document(Refusal refusal, String path, String requestId) {
        var json = Json.object();
        if (isInference(path)) json.put("error", refusal.sentence());
        else describe(json, refusal, requestId);
        return Json.write(json);
    }

    private static void describe(ObjectNode json, Refusal refusal, String requestId) {
        json.put("type", "urn:davy:problem:" + refusal.code());
        json.put("title", refusal.what());
        json.put("status", refusal.status());
        json.put("detail", refusal.why());
        json.put("code", refusal.code());
        json.put("todo", refusal.todo());
        refusal.field().ifPresent(field -> json.put("field", field));
        if (!refusal.violations().isEmpty()) {
            var violations = json.putArray("violations");
            refusal.violations().forEach(violations::add);
        }
        json.put("requestId", requestId);
    }

    /// A whole answer, for a connection on which nothing else can be said any more.
    static byte[] lastWord(int status, String code, String target, String requestId) {
        var refusal = Refusal.unreadable(status, code);
        var body = document(refusal, target, requestId);
        var head =
                "HTTP/1.1 %d %s\r\ncontent-type: %s\r\ncontent-length: %d\r\ndavy-request-id: %s\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n"
                        .formatted(
                                status,
                                refusal.what().replaceAll("[^A-Za-z ]", ""),
                                contentType(target),
                                body.length,
                                requestId);
        var headBytes = head.getBytes(StandardCharsets.US_ASCII);
        var whole = java.util.Arrays.copyOf(headBytes, headBytes.length + body.length);
        System.arraycopy(body, 0, whole, headBytes.length, body.length);
        return whole;
    }
}
