package dev.davy.http;

import dev.davy.strict.Json;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/// The OpenAPI document (3.1) of all routes, made of what they say of themselves.
final class OpenApi {
    private OpenApi() {}

    static ObjectNode of(Routes routes) {
        var document = Json.object();
        document.put("openapi", "3.1.0");
        var info = document.putObject("info");
        info.put("title", "Davy");
        info.put("version", "1");
        var paths = document.putObject("paths");
        for (var route : routes.all()) {
            var path =
                    paths.get(route.template()) instanceof ObjectNode before
                            ? before
                            : paths.putObject(route.template());
            describe(path.putObject(route.method().toLowerCase(Locale.ROOT)), route);
        }
        var components = document.putObject("components");
        var bearer = components.putObject("securitySchemes").putObject("token");
        bearer.put("type", "http");
        bearer.put("scheme", "bearer");
        problem(components.putObject("schemas").putObject("Problem"));
        document.putArray("security").addObject().putArray("token");
        return document;
    }

    private static void describe(ObjectNode operation, Route route) {
        operation.put("summary", route.about());
        operation.put("x-permission", route.needs().name().toLowerCase(Locale.ROOT));
        var parameters = operation.putArray("parameters");
        for (var segment : route.template().split("/"))
            if (segment.startsWith("{"))
                parameter(
                        parameters.addObject(),
                        segment.substring(1, segment.length() - 1),
                        "path",
                        true);
        for (var name : route.query()) parameter(parameters.addObject(), name, "query", false);
        if (route.upload().kind() != Upload.Kind.NONE) {
            var body = operation.putObject("requestBody");
            body.put("required", !route.upload().types().contains(""));
            var content = body.putObject("content");
            for (var type : route.upload().types()) if (!type.isEmpty()) content.putObject(type);
        }
        var responses = operation.putObject("responses");
        responses.putObject("2XX").put("description", "Done.");
        var failed = responses.putObject("default");
        failed.put("description", "What went wrong, why, and what to do.");
        failed.putObject("content")
                .putObject(Problems.PROBLEM_JSON)
                .putObject("schema")
                .put("$ref", "#/components/schemas/Problem");
    }

    private static void parameter(ObjectNode parameter, String name, String in, boolean required) {
        parameter.put("name", name);
        parameter.put("in", in);
        parameter.put("required", required);
        parameter.putObject("schema").put("type", "string");
    }

    private static void problem(ObjectNode schema) {
        schema.put("type", "object");
        var properties = schema.putObject("properties");
        for (var name : new String[] {"type", "title", "detail", "code", "todo", "field"})
            properties.putObject(name).put("type", "string");
        properties.putObject("status").put("type", "integer");
        properties.putObject("violations").put("type", "array");
        properties.putObject("requestId").put("type", "string");
    }
}
