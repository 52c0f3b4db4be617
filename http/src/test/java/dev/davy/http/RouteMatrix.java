package dev.davy.http;

import dev.davy.access.Permission;
import dev.davy.access.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Knocks at every door of a server as everybody: without a token, with a wrong one, and with one
/// of each role. The server must listen on an address that is not loopback, because there all doors
/// are open; it is called by way of loopback.
///
/// Who may not come in must be told 401 or 403. Who may, must be told anything else: the requests
/// are empty, so it is mostly 400 or 404.
public final class RouteMatrix {
    /// A method of an address, and what it needs.
    public record Door(String method, String path, Permission needs) {
        /// Each parameter in a route's template becomes `x`.
        public static Door of(Route route) {
            var path = route.template().replaceAll("\\{[^}]*}", "x");
            return new Door(route.method(), path, route.needs());
        }
    }

    private RouteMatrix() {}

    /// What is not as it should be, a sentence each; empty when all is well.
    ///
    /// @param tokens one of each role
    public static List<String> violations(int port, List<Door> doors, Map<Role, String> tokens)
            throws IOException {
        if (tokens.size() != Role.values().length)
            throw new IllegalArgumentException("a token of each role is needed");
        var violations = new ArrayList<String>();
        for (var door : doors) {
            var expected = new LinkedHashMap<String, Integer>();
            int stranger = door.needs() == Permission.NONE ? 0 : 401;
            expected.put("", stranger);
            expected.put("Bearer wrong", stranger);
            expected.put("Basic YWRtaW46YWRtaW4=", stranger);
            tokens.forEach((role, token) ->
                    expected.put("Bearer " + token, role.may(door.needs()) ? 0 : 403));
            for (var caller : expected.entrySet()) {
                int status = knock(port, door, caller.getKey());
                boolean letIn = status != 401 && status != 403;
                if (caller.getValue() == 0 ? !letIn : status != caller.getValue())
                    violations.add(
                            "%s %s answers %d to %s, which should be %s"
                                    .formatted(
                                            door.method(),
                                            door.path(),
                                            status,
                                            who(caller.getKey(), tokens),
                                            caller.getValue() == 0 ? "let in" : caller.getValue()));
            }
        }
        return violations;
    }

    private static int knock(int port, Door door, String authorization) throws IOException {
        try (var raw = new Raw(port)) {
            raw.send(
                    "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n%s\r\n"
                            .formatted(
                                    door.method(),
                                    door.path(),
                                    port,
                                    authorization.isEmpty()
                                            ? ""
                                            : "Authorization: " + authorization + "\r\n"));
            return Integer.parseInt(raw.line().split(" ")[1]);
        }
    }

    private static String who(String authorization, Map<Role, String> tokens) {
        for (var each : tokens.entrySet())
            if (authorization.equals("Bearer " + each.getValue())) return each.getKey().toString();
        return authorization.isEmpty() ? "nobody" : "'" + authorization + "'";
    }
}
