package dev.davy.http;

import dev.davy.access.Permission;
import java.util.List;
import java.util.Set;

/// One method of one address: who may call it, what it takes, and what answers.
///
/// @param method `GET`, `POST`, `PUT`, `PATCH` or `DELETE`; a `GET` route also answers `HEAD`
/// @param template `/api/v1/models/{name}`: a segment in braces is a parameter and matches any one
///   segment
/// @param needs without it the answer is 401 or 403; there is no route without one
/// @param query names of the query parameters it knows; under `/api/` others are refused
/// @param about one sentence for the OpenAPI document
public record Route(
        String method,
        String template,
        Permission needs,
        Handler handler,
        Upload upload,
        List<String> query,
        String about) {

    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");

    public Route {
        if (!METHODS.contains(method)) throw new IllegalArgumentException("method " + method);
        if (!template.startsWith("/")) throw new IllegalArgumentException("template " + template);
        query = List.copyOf(query);
    }

    public static Route get(String template, Permission needs, Handler handler) {
        return new Route("GET", template, needs, handler, Upload.NONE, List.of(), "");
    }

    public static Route post(String template, Permission needs, Upload upload, Handler handler) {
        return new Route("POST", template, needs, handler, upload, List.of(), "");
    }

    public static Route put(String template, Permission needs, Upload upload, Handler handler) {
        return new Route("PUT", template, needs, handler, upload, List.of(), "");
    }

    public static Route delete(String template, Permission needs, Handler handler) {
        return new Route("DELETE", template, needs, handler, Upload.NONE, List.of(), "");
    }

    /// The same, knowing these query parameters.
    public Route query(String... names) {
        return new Route(method, template, needs, handler, upload, List.of(names), about);
    }

    /// The same, described.
    public Route about(String sentence) {
        return new Route(method, template, needs, handler, upload, query, sentence);
    }
}
