package dev.davy.http;

import dev.davy.strict.Problem;
import java.util.List;
import java.util.Optional;

/// An answer that is not what was asked for: a problem with its status, or what only HTTP knows.
record Refusal(
        int status,
        String code,
        String what,
        String why,
        String todo,
        Optional<String> field,
        List<String> violations) {

    static Refusal of(Problem problem) {
        return new Refusal(
                Problems.status(problem.kind()),
                problem.code(),
                problem.what(),
                problem.why(),
                problem.todo(),
                problem.field(),
                problem.violations());
    }

    /// A request that could not be read to its end.
    static Refusal unreadable(int status, String code) {
        return switch (status) {
            case 408 ->
                    refusal(
                            status,
                            code,
                            "The request took too long to come.",
                            "It was not complete within the time-out.",
                            "Send it again, without pauses.");
            case 413 ->
                    refusal(
                            status,
                            code,
                            "The request is too large.",
                            "Its body comes in more chunks than the limit 'chunks' allows.",
                            "Send larger chunks.");
            case 414 ->
                    refusal(
                            status,
                            code,
                            "The address is too long.",
                            "The request line is longer than the limit 'url-bytes'.",
                            "Put large values into the body.");
            case 431 ->
                    refusal(
                            status,
                            code,
                            "The request has too large a head.",
                            "Its headers are over the limit 'header-bytes' or 'headers'.",
                            "Send fewer or smaller headers.");
            case 505 ->
                    refusal(
                            status,
                            code,
                            "This version of HTTP is not spoken here.",
                            "The request line names a version other than 1.0, 1.1 and 2.",
                            "Use HTTP/1.1 or HTTP/2.");
            default ->
                    refusal(
                            status,
                            code,
                            "The request is malformed.",
                            "It does not follow HTTP's rules for lines, headers or chunks.",
                            "Use an HTTP client library.");
        };
    }

    /// A bug of ours. What it was stands in the server's log, under the request's id.
    static Refusal bug() {
        return refusal(
                500,
                "internal-error",
                "Something went wrong in the server.",
                "It is a bug, and not in the request.",
                "Look for the request id in the server's log.");
    }

    /// For those who know one sentence only.
    String sentence() {
        return (what + " " + why + " " + todo).strip();
    }

    private static Refusal refusal(int status, String code, String what, String why, String todo) {
        return new Refusal(status, code, what, why, todo, Optional.empty(), List.of());
    }
}
