package dev.davy.cli;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A server's answer that is not the one asked for: a problem document, or what stood in its place.
final class Refusal extends RuntimeException {
    private final int status;
    private final JsonNode document;

    Refusal(int status, byte[] body) {
        super("status " + status, null, false, false);
        this.status = status;
        this.document = read(body);
    }

    private static JsonNode read(byte[] body) {
        try {
            return Json.read(body, Limits.DEFAULT);
        } catch (Problem notJson) {
            return Json.object();
        }
    }

    JsonNode document() {
        return document;
    }

    int exitCode() {
        return switch (status) {
            case 400, 404, 405, 409, 410, 412, 413, 415, 422, 501 -> Exit.NO;
            default -> Exit.NOT_DONE;
        };
    }

    String what() {
        return text("title", text("error", "The server answered with status " + status + "."));
    }

    List<String> why() {
        var violations = document.get("violations");
        if (violations == null || violations.isEmpty()) return List.of(text("detail", ""));
        var all = new ArrayList<String>();
        for (var violation : violations) all.add(violation.asString());
        return all;
    }

    String todo() {
        if (status == 401) return text("todo", "Give a token: DAVY_TOKEN=… or --token-file FILE.");
        return text("todo", "");
    }

    private String text(String name, String orElse) {
        var value = document.get(name);
        return value == null || !value.isString() ? orElse : value.asString();
    }
}
