package dev.davy.serving.oip;

import dev.davy.serving.Endpoints;
import dev.davy.serving.Routing;
import dev.davy.serving.RoutingTable;
import java.util.ArrayList;
import java.util.List;

/// What both forms of the protocol say about the server and its models. The protocol's model is our
/// endpoint, its version the number of the model version that is live.
final class Repository {

    static final String SERVER = "davy";
    static final String VERSION = version();
    static final List<String> EXTENSIONS =
            List.of("binary_tensor_data", "model_repository", "statistics", "parameters");

    private Repository() {}

    private static String version() {
        var version = Repository.class.getPackage().getImplementationVersion();
        return version == null ? "0" : version;
    }

    /// One line of the index.
    record Entry(String name, String version, String state, String reason) {}

    static List<Entry> index(Endpoints endpoints, boolean onlyReady) {
        var entries = new ArrayList<Entry>();
        var table = endpoints.table();
        for (var endpoint : endpoints.all()) {
            var name = endpoint.path("name").asString("");
            var routing = table.route(name);
            boolean ready = routing.filter(Routing::ready).isPresent();
            if (onlyReady && !ready) continue;
            var version =
                    routing.map(Repository::versions)
                            .filter(versions -> !versions.isEmpty())
                            .map(List::getFirst)
                            .orElse("");
            var reason =
                    endpoint.path("reason")
                            .asString(ready ? "" : endpoint.path("state").asString(""));
            entries.add(new Entry(name, version, ready ? "READY" : "UNAVAILABLE", reason));
        }
        return entries;
    }

    static Routing find(RoutingTable table, String name, String version) {
        var routing =
                table.route(name)
                        .orElseThrow(() -> InferProblems.unknownModel(InferRequest.shown(name)));
        if (!version.isEmpty() && routing.ready() && !versions(routing).contains(version))
            throw InferProblems.unknownVersion(name, InferRequest.shown(version));
        return routing;
    }

    static List<String> versions(Routing routing) {
        return routing.live().stream().map(arm -> arm.program().number()).toList();
    }

    static String platform(Routing routing) {
        return routing.shape().direct() ? "onnx_onnxv1" : "davy_pipeline";
    }

    /// Whether everything that should answer does.
    static boolean ready(RoutingTable table) {
        return table.routes().values().stream()
                .filter(routing -> !routing.endpoint().external())
                .allMatch(Routing::ready);
    }
}
