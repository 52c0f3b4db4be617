package dev.davy.http;

import dev.davy.strict.Problem;
import dev.davy.strict.Problem.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// All management routes of a server. A literal segment is preferred to a parameter.
public final class Routes {
    /// A place in the tree of templates.
    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();
        @Nullable Node parameter;
        final Map<String, Route> methods = new TreeMap<>();
    }

    /// A route and the values of its parameters.
    record Match(Route route, Map<String, String> parameters) {}

    private final Node root = new Node();
    private final List<Route> all = new ArrayList<>();
    private @Nullable RefusalPage refusalPage;

    /// @throws IllegalArgumentException when two routes would answer the same request
    public Routes add(Route... routes) {
        for (var route : routes) {
            var node = root;
            for (var segment : segments(route.template())) {
                if (isParameter(segment)) {
                    if (node.parameter == null) node.parameter = new Node();
                    node = node.parameter;
                } else node = node.literals.computeIfAbsent(segment, _ -> new Node());
            }
            var before = node.methods.putIfAbsent(route.method(), route);
            if (before != null)
                throw new IllegalArgumentException(
                        "%s %s and %s answer the same request"
                                .formatted(route.method(), route.template(), before.template()));
            all.add(route);
        }
        return this;
    }

    /// Shows refusals to people: without one they are problem documents for everybody.
    public Routes refusalsAs(RefusalPage page) {
        refusalPage = page;
        return this;
    }

    Optional<RefusalPage> refusalPage() {
        return Optional.ofNullable(refusalPage);
    }

    /// In the order in which they were added.
    public List<Route> all() {
        return List.copyOf(all);
    }

    /// @throws Problem NOT_FOUND `address-unknown`, METHOD `method-not-allowed`
    Match match(String method, Target target) {
        var node = find(root, target.segments(), 0);
        var route = node == null ? null : node.methods.get(method.equals("HEAD") ? "GET" : method);
        if (node == null || node.methods.isEmpty())
            throw new Problem(
                    Kind.NOT_FOUND,
                    "address-unknown",
                    "There is nothing at this address.",
                    "No route has this path.",
                    "GET /api/v1/openapi.json lists all addresses.");
        if (route == null)
            throw new Problem(
                    Kind.METHOD,
                    "method-not-allowed",
                    "This address does not take this method.",
                    "It takes " + String.join(", ", allowed(node)) + ".",
                    "Use one of these.");
        var parameters = new HashMap<String, String>();
        var template = segments(route.template());
        for (int i = 0; i < template.size(); i++)
            if (isParameter(template.get(i)))
                parameters.put(
                        template.get(i).substring(1, template.get(i).length() - 1),
                        target.segments().get(i));
        return new Match(route, parameters);
    }

    /// The methods that an address takes; none for an address without a route.
    List<String> allowed(Target target) {
        var node = find(root, target.segments(), 0);
        return node == null || node.methods.isEmpty() ? List.of() : allowed(node);
    }

    private static List<String> allowed(Node node) {
        var methods = new TreeSet<>(node.methods.keySet());
        if (methods.contains("GET")) methods.add("HEAD");
        methods.add("OPTIONS");
        return List.copyOf(methods);
    }

    private static @Nullable Node find(Node node, List<String> path, int at) {
        if (at == path.size()) return node;
        var segment = path.get(at);
        var literal = node.literals.get(segment);
        if (literal != null) {
            var found = find(literal, path, at + 1);
            if (found != null && !found.methods.isEmpty()) return found;
        }
        if (node.parameter == null || segment.isEmpty()) return null;
        return find(node.parameter, path, at + 1);
    }

    private static List<String> segments(String template) {
        return List.of(template.substring(1).split("/", -1));
    }

    private static boolean isParameter(String segment) {
        return segment.startsWith("{") && segment.endsWith("}");
    }
}
