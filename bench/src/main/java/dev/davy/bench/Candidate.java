package dev.davy.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A server that is measured: how it is started, and what must be done once before.
sealed interface Candidate {
    /// Both get the same heap; what else they are started with is theirs.
    String HEAP = "-Xmx512m";

    String name();

    /// @param aotCache whether it may use its cache of compiled code, if it has one
    ServerProcess.Command command(Place place, Path data, int port, boolean aotCache);

    /// Brings the models in and makes an endpoint of each, through the server's own interface.
    void prepare(Place place, int port) throws IOException;

    record Bare() implements Candidate {
        @Override
        public String name() {
            return "bare";
        }

        @Override
        public ServerProcess.Command command(Place place, Path data, int port, boolean aotCache) {
            return java(
                    BareServer.class,
                    List.of(HEAP, "-XX:+UseG1GC"),
                    Integer.toString(port),
                    place.models().toString());
        }

        @Override
        public void prepare(Place place, int port) {}
    }

    record Davy() implements Candidate {
        @Override
        public String name() {
            return "davy";
        }

        @Override
        public ServerProcess.Command command(Place place, Path data, int port, boolean aotCache) {
            var words =
                    List.of(
                            place.root().resolve("davy").toAbsolutePath().toString(),
                            "serve",
                            "--data",
                            data.toString(),
                            "--port",
                            Integer.toString(port));
            // The launcher keeps its own flags; these come before them.
            var options = aotCache ? HEAP : HEAP + " -XX:AOTMode=off";
            return new ServerProcess.Command(words, Map.of("JDK_JAVA_OPTIONS", options));
        }

        @Override
        public void prepare(Place place, int port) throws IOException {
            try (var wire = Wire.connect(port, Duration.ofSeconds(60))) {
                for (var model : List.of("mlp", "cnn")) {
                    created(
                            wire.post(
                                    "/api/v1/models/" + model + "/versions",
                                    "application/octet-stream",
                                    place.model(model)));
                    created(
                            wire.post(
                                    "/api/v1/endpoints",
                                    "application/json",
                                    """
                                    {"name":"%s","model":"%s/1"}\
                                    """
                                            .formatted(model, model)
                                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
                }
            }
        }

        private static void created(Wire.Reply reply) {
            if (reply.status() / 100 != 2)
                throw new Unmeasurable(
                        "Davy refused a model or an endpoint of the measurement: " + reply.text());
        }
    }

    /// One of our own servers in a JVM like this one.
    static ServerProcess.Command java(Class<?> main, List<String> flags, String... arguments) {
        var words = new ArrayList<String>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(flags);
        words.add("--enable-native-access=ALL-UNNAMED");
        words.add("-Dslf4j.internal.verbosity=ERROR");
        words.add("-cp");
        words.add(System.getProperty("java.class.path"));
        words.add(main.getName());
        words.addAll(List.of(arguments));
        return new ServerProcess.Command(words, Map.of());
    }
}
