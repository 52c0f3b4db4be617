package dev.davy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A server that is measured: how it is started, and what must be done once before.
sealed interface Candidate {
    /// Both get the same collector and heap; what else they are started with is theirs.
    String JAVA_OPTIONS = "-XX:+UseG1GC -Xmx512m";

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
                    List.of(JAVA_OPTIONS.split(" ")),
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
                            launcher(place),
                            "serve",
                            "--data",
                            data.toString(),
                            "--port",
                            Integer.toString(port));
            return new ServerProcess.Command(
                    words,
                    // The launcher's own flags: the same collector and heap as the bare server's.
                    // What
                    // JDK_JAVA_OPTIONS says comes before them.
                    aotCache ? Map.of() : Map.of("JDK_JAVA_OPTIONS", "-XX:AOTMode=off"));
        }

        @Override
        public void prepare(Place place, int port) throws IOException {
            for (var model : List.of("mlp", "cnn"))
                push(port, model, "application/octet-stream", place.model(model));
            endpoint(
                    port,
                    """
                    {"name":"cnn-all","model":"cnn/1","capture":{"blobs":"all"}}\
                    """);
        }

        /// Makes version 1 of a model and an endpoint of the same name.
        static void push(int port, String name, String type, byte[] model) throws IOException {
            created(port, "/api/v1/models/" + name + "/versions", type, model);
            endpoint(
                    port,
                    """
                    {"name":"%s","model":"%s/1"}\
                    """
                            .formatted(name, name));
        }

        private static void endpoint(int port, String json) throws IOException {
            created(
                    port,
                    "/api/v1/endpoints",
                    "application/json",
                    json.getBytes(StandardCharsets.US_ASCII));
        }

        private static void created(int port, String path, String type, byte[] body)
                throws IOException {
            try (var wire = Wire.connect(port, Duration.ofSeconds(60))) {
                var reply = wire.post(path, type, body);
                if (reply.status() / 100 != 2)
                    throw new Unmeasurable(
                            "Davy refused a model or an endpoint of the measurement: "
                                    + reply.text());
            }
        }

        /// A command of the command line against the server on `port`.
        static ServerProcess.Command cli(Place place, int port, String... words) {
            var all = new ArrayList<String>();
            all.add(launcher(place));
            all.addAll(List.of(words));
            return new ServerProcess.Command(
                    all, Map.of("DAVY_SERVER", "http://127.0.0.1:" + port));
        }

        private static String launcher(Place place) {
            return place.root().resolve("davy").toAbsolutePath().toString();
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
