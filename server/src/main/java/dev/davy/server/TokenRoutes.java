package dev.davy.server;

import dev.davy.access.Permission;
import dev.davy.access.Role;
import dev.davy.access.Tokens;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.http.Upload;
import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/// Tokens over HTTP. They stand here because `access` knows no HTTP, and `http` asks `access`.
final class TokenRoutes {
    private TokenRoutes() {}

    static void addTo(Routes routes, Tokens tokens) {
        routes.add(
                Route.get("/api/v1/tokens", Permission.ADMINISTER, _ -> list(tokens))
                        .about("All valid tokens: names and roles, never the tokens."),
                Route.post(
                                "/api/v1/tokens",
                                Permission.ADMINISTER,
                                Upload.JSON,
                                request -> create(tokens, request))
                        .about("Makes a token, which is shown in this answer only."),
                Route.delete(
                                "/api/v1/tokens/{name}",
                                Permission.ADMINISTER,
                                request -> revoke(tokens, request))
                        .query("why")
                        .about("Makes a token invalid at once."));
    }

    private static Response list(Tokens tokens) {
        var list = Json.array();
        for (var token : tokens.list())
            list.add(
                    described(token.name(), token.role())
                            .put("at", token.at().toString())
                            .put("who", token.who()));
        return Response.json(Json.object().set("tokens", list));
    }

    private static Response create(Tokens tokens, Request request) {
        var fields = Fields.of(request.json(), "token");
        var name = fields.name("name", "token");
        var role = fields.choice("role", Role.class);
        var why = fields.optionalText("why").orElse("");
        fields.done();
        var secret = tokens.create(name, role, request.who().name(), why);
        return Response.created(
                "/api/v1/tokens/" + name, described(name, role).put("token", secret));
    }

    private static Response revoke(Tokens tokens, Request request) {
        tokens.revoke(
                request.parameter("name"), request.who().name(), request.query("why").orElse(""));
        return Response.nothing();
    }

    private static ObjectNode described(String name, Role role) {
        return Json.object().put("name", name).put("role", role.name().toLowerCase(Locale.ROOT));
    }
}
