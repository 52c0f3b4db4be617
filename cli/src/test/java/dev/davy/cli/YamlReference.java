package dev.davy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.davy.runtime.Bundle;
import dev.davy.server.Davy;
import dev.davy.server.Settings;
import dev.davy.serving.Endpoints;
import dev.davy.strict.Fields;
import dev.davy.strict.Limits;
import dev.davy.strict.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `docs/reference/yaml.md`: the keys that the readers of declarations ask for while they read the
/// samples beside this class, and what each may be, in the words in which a mistake is told.
final class YamlReference {
    private static final Path SAMPLES = Path.of("src/test/resources/reference");

    /// What a reader names itself, and where its fields stand in the file.
    private static final Map<String, String> ROOTS =
            Map.of("The schema", "", "The output", "output.*.", "rollout", "rollout.");

    private static final Map<String, String> ABOUT =
            Map.of(
                    "Endpoint",
                    """
                    What these mean: [monitoring](../monitoring.md), [people](../review.md), [rollouts](../rollouts.md).
                    """,
                    "Model",
                    """
                    `model.yaml` beside an ONNX file: how a row becomes its tensors, and what its outputs mean.
                    """,
                    "Settings",
                    """
                    What these mean, with their defaults and limits: [settings](../settings.md).
                    """);

    private final Map<String, Map<String, String>> keys = new LinkedHashMap<>();

    static String page(Davy davy, Path folder) throws Exception {
        var found = new YamlReference();
        found.reads("Endpoint", () -> endpoints(davy));
        found.reads("Model", YamlReference::models);
        found.reads("Settings", () -> Settings.read(SAMPLES.resolve("settings.yaml"), folder));
        return found.text();
    }

    private interface Reading {
        void run() throws Exception;
    }

    private void reads(String kind, Reading reading) throws Exception {
        var all = keys.computeIfAbsent(kind, _ -> new LinkedHashMap<>());
        Fields.Listener hears =
                (where, path, wanted) ->
                        all.merge(place(where, path), wanted, YamlReference::better);
        ScopedValue.where(Fields.LISTENER, hears)
                .call(() -> {
                    reading.run();
                    return true;
                });
    }

    /// A reader may only look whether there is anything before another says what it may be.
    private static String better(String one, String other) {
        return one.equals("a value") ? other : one;
    }

    private static String place(String where, String path) {
        var root =
                where.endsWith(", automation")
                        ? "automation."
                        : where.matches("server|storage|log|archive|notify|limits")
                                ? where + "."
                                : ROOTS.getOrDefault(where, "");
        return (root + path.replace("columns.", "input."))
                .replaceAll("\\[\\d+]", "[]")
                .replaceAll("\\b(input|output|rule|frame)\\.[a-z0-9_]+", "$1.*");
    }

    private static void endpoints(Davy davy) throws IOException {
        for (var each : List.of("endpoint.yaml", "endpoint-2.yaml")) {
            var text = Files.readString(SAMPLES.resolve(each)).getBytes(UTF_8);
            for (var document : Yaml.read(text, each, Limits.DEFAULT)) {
                var endpoint = Endpoints.read(document);
                if (each.equals("endpoint.yaml"))
                    davy.endpoints().apply(endpoint, "reference", "", true);
            }
        }
    }

    private static void models() {
        for (var each :
                List.of(
                        "loan-approval/models/logistic",
                        "phone-inspection/models/scratch",
                        "voice-digits/models/vad"))
            Bundle.read(Path.of("../examples").resolve(each), Limits.DEFAULT);
    }

    private String text() throws IOException {
        var page =
                new StringBuilder(
                        """
                        # YAML

                        <!-- Made from the code by ReferenceTest; a change belongs into the readers themselves. -->

                        What may stand in the files of `davy apply`, in a model's `model.yaml`, and in the settings of
                        `davy serve --config`: every key that a reader asks for, and what it takes in the words in which a
                        mistake is told. Any other key is a mistake. `*` is a name of yours, `[]` each element of a list.
                        """);
        for (var kind : keys.entrySet()) {
            var all = kind.getValue();
            page.append("\n## ")
                    .append(kind.getKey())
                    .append("\n\n")
                    .append(ABOUT.get(kind.getKey()));
            page.append("\n| key | takes |\n|---|---|\n");
            all.forEach((key, wanted) -> {
                if (!key.equals("columns"))
                    page.append("| `%s` | %s |\n".formatted(key, told(key, wanted, all.keySet())));
            });
        }
        page.append(
                "\nAn endpoint with every key of monitoring, people and rollouts:\n\n```yaml\n");
        page.append(Files.readString(SAMPLES.resolve("endpoint.yaml"))).append("```\n");
        return page.toString();
    }

    private static String told(String key, String wanted, Set<String> all) {
        if (!wanted.equals("a value")) return wanted;
        boolean within =
                all.stream()
                        .anyMatch(
                                each -> each.startsWith(key + ".") || each.startsWith(key + "[]"));
        return within ? "an object" : "see its page";
    }
}
