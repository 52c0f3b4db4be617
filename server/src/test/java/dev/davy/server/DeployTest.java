package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.davy.runtime.TinyOnnx;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Yaml;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What stands in `deploy/`, and how much a server says in `/metrics`.
@Timeout(180)
class DeployTest {
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /// A metric with what is asked of its labels.
    private static final Pattern NAMED =
            Pattern.compile("\\b((?:davy|jvm|process)_[a-z0-9_]+)(?:\\s*\\{([^}]*)})?");

    private static final Pattern BY = Pattern.compile("\\b(?:by|on)\\s*\\(([^)]*)\\)");

    /// Every sample has these when Prometheus has scraped it.
    private static final Set<String> SCRAPED = Set.of("instance", "job");

    @TempDir private Path folder = Path.of("");

    private record Sample(String name, Map<String, String> labels, double value) {}

    private static List<Sample> samples(Caller caller) {
        var samples = new ArrayList<Sample>();
        for (var line : caller.get("/metrics").is(200).text().lines().toList()) {
            if (line.startsWith("#")) continue;
            var found = SAMPLE.matcher(line);
            assertThat(found.matches()).as(line).isTrue();
            var labels = new HashMap<String, String>();
            if (found.group(2) != null) {
                var each = LABEL.matcher(found.group(2));
                while (each.find()) labels.put(each.group(1), each.group(2));
            }
            samples.add(new Sample(found.group(1), labels, number(found.group(3))));
        }
        return samples;
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    /// Fails for a number above 1,000: it looks where there is nothing.
    private static byte[] brittle() {
        return new TinyOnnx()
                .input("x", TinyOnnx.FLOAT, "N", 1)
                .output("y", TinyOnnx.FLOAT, "N", 1)
                .weights(TinyOnnx.floats("limit", new long[] {}, 1_000))
                .weights(TinyOnnx.floats("far", new long[] {}, 1_000_000))
                .weights(TinyOnnx.floats("table", new long[] {2}, 1, 2))
                .add("Greater", "x limit", "over")
                .add("Cast", "over", "one", TinyOnnx.integer("to", TinyOnnx.FLOAT))
                .add("Mul", "one far", "place")
                .add("Cast", "place", "index", TinyOnnx.integer("to", TinyOnnx.INT64))
                .add("Gather", "table index", "y", TinyOnnx.integer("axis", 0))
                .bytes();
    }

    /// A server of which every metric has something to say.
    private static void busy(Server server, Caller caller) throws Exception {
        caller.push("brittle", brittle());
        caller.endpoint("brittle", "brittle/1");
        caller.predict("brittle", "application/json", Caller.utf8("{\"rows\":[{\"x\":2000}]}"))
                .is(500);
        caller.apply(
                """
                kind: Endpoint
                name: names
                input: {name: {type: text}, note: {type: text, required: false}}
                output: {name: {type: text}}
                pipeline:
                  - {name: same, rule: {name: "input.name"}}
                """);
        var id = caller.predictRows("names", "[{\"name\":\"anna\"}]").get(0).path("id").asString();
        caller.post(
                        "/api/v1/feedback",
                        "{\"id\":\"f\",\"prediction\":\"%s\",\"truth\":\"anna\"}".formatted(id))
                .is(201);
        assertThat(server.davy().readers().awaitCaughtUp(Duration.ofSeconds(60))).isTrue();
    }

    @Test
    void namesOnlyMetricsAndLabelsThatThereAre() throws Exception {
        var expressions = expressions();
        assertThat(expressions).hasSizeGreaterThan(30);
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            var caller = Caller.of(server);
            busy(server, caller);
            var labels = new HashMap<String, Set<String>>();
            for (var sample : samples(caller))
                labels.computeIfAbsent(sample.name(), _ -> new HashSet<>())
                        .addAll(sample.labels().keySet());
            // A disk that fails is nothing to wait for.
            labels.put("davy_log_lost_records_total", Set.of("reason"));
            for (var expression : expressions) {
                balanced(expression);
                check(expression, labels);
            }
        }
    }

    private static void check(String expression, Map<String, Set<String>> labels) {
        var has = new HashSet<>(SCRAPED);
        var named = NAMED.matcher(expression);
        while (named.find()) {
            var metric = named.group(1);
            assertThat(labels).as(expression).containsKey(metric);
            has.addAll(labels.getOrDefault(metric, Set.of()));
            if (named.group(2) == null) continue;
            for (var matcher : named.group(2).split(",", -1))
                assertThat(labels.getOrDefault(metric, Set.of()))
                        .as("%s of %s in %s", matcher, metric, expression)
                        .contains(matcher.strip().split("[=!~]", 2)[0].strip());
        }
        var by = BY.matcher(expression);
        while (by.find())
            for (var label : by.group(1).split(",", -1))
                assertThat(has).as(expression).contains(label.strip());
    }

    private static void balanced(String expression) {
        var open = new ArrayDeque<Character>();
        boolean quoted = false;
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (c == '"') quoted = !quoted;
            if (quoted) continue;
            switch (c) {
                case '(' -> open.push(')');
                case '{' -> open.push('}');
                case '[' -> open.push(']');
                case ')', '}', ']' -> assertThat(open.poll()).as(expression).isEqualTo(c);
                default -> {}
            }
        }
        assertThat(open).as(expression).isEmpty();
        assertThat(quoted).as(expression).isFalse();
    }

    private static Path deploy(String file) {
        return Caller.repository("deploy").resolve(file);
    }

    private static List<String> expressions() throws Exception {
        var all = new ArrayList<String>();
        var rules = deploy("prometheus/davy.rules.yml");
        var documents = Yaml.read(Files.readAllBytes(rules), rules.toString(), Limits.DEFAULT);
        for (var group : documents.getFirst().tree().path("groups"))
            for (var rule : group.path("rules")) {
                all.add(rule.path("expr").asString());
                assertThat(rule.at("/annotations/summary").asString()).isNotBlank();
                assertThat(rule.at("/labels/severity").asString()).isIn("warning", "critical");
            }
        collect(Json.read(Files.readAllBytes(deploy("grafana/davy.json")), Limits.DEFAULT), all);
        return all;
    }

    private static void collect(JsonNode node, List<String> into) {
        if (node.path("expr").isString()) into.add(node.path("expr").asString());
        if (node.path("query").path("query").isString())
            into.add(node.path("query").path("query").asString());
        for (var each : node) collect(each, into);
    }

    @Test
    void promtoolReadsTheRules() throws Exception {
        var promtool = Path.of("/usr/bin/promtool");
        assumeTrue(Files.isExecutable(promtool), "promtool is not on this machine");
        var tool =
                new ProcessBuilder(
                                promtool.toString(),
                                "check",
                                "rules",
                                deploy("prometheus/davy.rules.yml").toString())
                        .redirectErrorStream(true)
                        .start();
        var said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(tool.waitFor()).as(said).isZero();
    }

    /// A thousand classes, three hundred columns, two hundred kinds of event, endpoints that come
    /// and go: what is scraped stays small, and no prediction is missing in the sums.
    @Test
    void noLabelHasMoreValuesThanTheLimitAllows() throws Exception {
        int limit = Limits.DEFAULT.metricLabelValues();
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            var caller = Caller.of(server);
            var columns = new StringBuilder();
            for (int i = 0; i < 300; i++)
                columns.append(", c%03d: {type: number, required: false}".formatted(i));
            caller.apply(
                    """
                    kind: Endpoint
                    name: many
                    input: {name: {type: text}%s}
                    output: {class: {type: category}}
                    pipeline:
                      - {name: same, rule: {class: "input.name"}}
                    """
                            .formatted(columns));
            for (int from = 0; from < 1_000; from += 100) {
                var rows = new ArrayList<String>();
                for (int i = from; i < from + 100; i++)
                    rows.add("{\"name\":\"class %04d\",\"c%03d\":1}".formatted(i, i % 300));
                var said = caller.predictRows("many", rows.toString());
                var events = new ArrayList<String>();
                for (int i = 0; i < 20; i++)
                    events.add(
                            "{\"id\":\"%d\",\"prediction\":\"%s\",\"event\":\"happening %d\"}"
                                    .formatted(
                                            from + i, said.get(i).path("id").asString(), from + i));
                caller.post("/api/v1/feedback", events.toString()).is(200);
                assertThat(server.davy().readers().awaitCaughtUp(Duration.ofSeconds(60))).isTrue();
                samples(caller);
            }
            var samples = samples(caller);
            var values = new HashMap<String, Set<String>>();
            for (var sample : samples)
                sample.labels()
                        .forEach((label, value) ->
                                values.computeIfAbsent(
                                                sample.name() + " " + label, _ -> new HashSet<>())
                                        .add(value));
            values.forEach(
                    (of, all) -> assertThat(all.size()).as(of).isLessThanOrEqualTo(limit + 1));
            assertThat(sum(samples, "davy_outputs_total")).isEqualTo(1_000);
            assertThat(sum(samples, "davy_feedback_total")).isEqualTo(200);
            // The columns past the 200th of a window are measured nowhere.
            assertThat(sum(samples, "davy_input_missing_total")).isLessThan(300_000);
            assertThat(values.get("davy_outputs_total class")).contains("other");
            caller.delete("/api/v1/endpoints/many").is(204);
            assertThat(samples(caller)).noneMatch(sample -> sample.labels().containsValue("many"));
        }
    }

    private static double sum(List<Sample> samples, String name) {
        return samples.stream()
                .filter(sample -> sample.name().equals(name))
                .mapToDouble(Sample::value)
                .sum();
    }
}
