package dev.davy.http;

import dev.davy.access.Principal;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import dev.davy.strict.Problem.Kind;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// One call of a management route, complete: the body has come, and who asks may ask.
///
/// @param method in capitals: `GET`; a `HEAD` looks like a `GET` to the handler
/// @param path decoded once, begins with `/`
/// @param pathParameters by the names in the route's template, decoded once, never empty and never
///   with a slash, NUL or control character in them
/// @param query only names that the route declares, decoded once
/// @param requestId as it also stands in the answer's `davy-request-id` and in the server's log
public record Request(
        String method,
        String path,
        Map<String, String> pathParameters,
        Map<String, List<String>> query,
        Headers headers,
        Principal who,
        Payload payload,
        String requestId,
        Limits limits) {

    public Request {
        pathParameters = Map.copyOf(pathParameters);
        query = Map.copyOf(query);
    }

    /// The part of the path that the template names.
    public String parameter(String name) {
        var value = pathParameters.get(name);
        if (value == null)
            throw new IllegalArgumentException("the route's template has no {" + name + "}");
        return value;
    }

    /// The query parameter of this name, empty when it was not given.
    ///
    /// @throws Problem `query-repeated` when it was given twice
    public Optional<String> query(String name) {
        var values = query.getOrDefault(name, List.of());
        if (values.size() > 1)
            throw new Problem(
                            Kind.MALFORMED,
                            "query-repeated",
                            "The query parameter '"
                                    + name
                                    + "' was given "
                                    + values.size()
                                    + " times.",
                            "It has one value.",
                            "Send it once.")
                    .at(name);
        return values.stream().findFirst();
    }

    /// The time in this query parameter, with its zone; empty when it was not given.
    ///
    /// @throws Problem `time-malformed` for anything else
    public Optional<Instant> time(String name) {
        return query(name)
                .map(text -> {
                    try {
                        return OffsetDateTime.parse(text).toInstant();
                    } catch (DateTimeException notATime) {
                        throw new Problem(
                                        Kind.MALFORMED,
                                        "time-malformed",
                                        "The query parameter '" + name + "' can't be read.",
                                        "It is a time with its zone, like 2026-11-21T10:15:00Z.",
                                        "Correct it, or leave it out.")
                                .at(name);
                    }
                });
    }

    /// The whole number in this query parameter.
    ///
    /// @throws Problem `query-not-a-number` for anything but a number in the range
    public long query(String name, long orElse, long min, long max) {
        var text = query(name);
        if (text.isEmpty()) return orElse;
        var digits = text.get();
        if (digits.matches("-?[0-9]{1,18}")) {
            long number = Long.parseLong(digits);
            if (number >= min && number <= max) return number;
        }
        throw new Problem(
                        Kind.MALFORMED,
                        "query-not-a-number",
                        "The query parameter '" + name + "' is not a number that can be used here.",
                        "It must be a whole number from " + min + " to " + max + ".",
                        "Correct it, or leave it out for " + orElse + ".")
                .at(name);
    }

    /// The flag in this query parameter: `true` (or given without a value) or `false`.
    public boolean flag(String name) {
        return switch (query(name).orElse("false")) {
            case "true", "" -> true;
            case "false" -> false;
            default ->
                    throw new Problem(
                                    Kind.MALFORMED,
                                    "query-not-a-flag",
                                    "The query parameter '" + name + "' is neither true nor false.",
                                    "It is a flag.",
                                    "Send true or false, or leave it out for false.")
                            .at(name);
        };
    }

    /// The body of a route with an [Upload] of bytes.
    public byte[] bytes() {
        if (payload instanceof Payload.Bytes body) return body.bytes();
        throw new IllegalStateException("the route takes no body as bytes");
    }

    /// The body of a route with [Upload#JSON].
    ///
    /// @throws Problem `json-malformed`
    public JsonNode json() {
        return Json.read(bytes(), limits);
    }

    /// The body of a route with an [Upload] to a file.
    public Path file() {
        if (payload instanceof Payload.Stored body) return body.file();
        throw new IllegalStateException("the route takes no body as a file");
    }

    /// In lower case, without parameters; empty when there is no body.
    public String contentType() {
        return switch (payload) {
            case Payload.None _ -> "";
            case Payload.Bytes(var type, _) -> type;
            case Payload.Stored(var type, _, _) -> type;
        };
    }
}
