package dev.davy.strict;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class YamlTest {
    private static JsonNode tree(String yaml) {
        return Yaml.read(yaml.getBytes(UTF_8), "davy.yaml", Limits.DEFAULT).getFirst().tree();
    }

    private static String refusal(String yaml) {
        var problem =
                Problems.of(() -> Yaml.read(yaml.getBytes(UTF_8), "davy.yaml", Limits.DEFAULT));
        assertThat(problem.code()).isEqualTo("yaml-malformed");
        return problem.why();
    }

    @Test
    void readsWhatJsonCanSay() {
        assertThat(
                        tree(
                                "a: 1\nb: [x, 2.5, true, null, ~]\nc: {d: 'e'}\n\"f\": |\n  two\n  lines\n8000: {chunk: 256}\n"))
                .isEqualTo(
                        Json.read(
                                "{\"a\":1,\"b\":[\"x\",2.5,true,null,null],\"c\":{\"d\":\"e\"},\"f\":\"two\\nlines\\n\",\"8000\":{\"chunk\":256}}"
                                        .getBytes(UTF_8),
                                Limits.DEFAULT));
        assertThat(tree("\uFEFFa: é\r\nb: -1e3\r\n"))
                .isEqualTo(Json.tree(Map.of("a", "é", "b", -1000.0)));
    }

    @Test
    void leavesTextWhatOtherReadersTurnIntoSomethingElse() {
        for (var text :
                new String[] {
                    "no",
                    "yes",
                    "on",
                    "off",
                    "NO",
                    "True",
                    "010",
                    "0o17",
                    "0x1F",
                    "12:30:00",
                    "1_000",
                    ".inf",
                    ".nan",
                    "NaN",
                    "2024-01-01",
                    "+1",
                    "1.",
                    ".5",
                    "50%",
                    "<<",
                    "=",
                    "007",
                    "1e",
                    "0b1"
                }) assertThat(tree("a: " + text).get("a")).as(text).isEqualTo(Json.tree(text));
    }

    @Test
    void readsSeveralDocumentsAndSkipsEmptyOnes() {
        var documents =
                Yaml.read(
                        "---\na: 1\n---\n---\nb: 2\n...\n# end\n".getBytes(UTF_8),
                        "x.yaml",
                        Limits.DEFAULT);
        assertThat(documents)
                .extracting(each -> Json.text(each.tree()))
                .containsExactly("{\"a\":1}", "{\"b\":2}");
        assertThat(documents.get(1).lines().of("/b")).isEqualTo(5);
        assertThat(Yaml.read(new byte[0], "x.yaml", Limits.DEFAULT)).isEmpty();
        assertThat(Yaml.read("# nothing\n".getBytes(UTF_8), "x.yaml", Limits.DEFAULT)).isEmpty();
    }

    @Test
    void knowsTheLineOfEachPart() {
        var lines =
                Yaml.read(
                                "a:\n  b:\n    - x\n    - c/d: 1\n      e~f: 2\n".getBytes(UTF_8),
                                "x.yaml",
                                Limits.DEFAULT)
                        .getFirst()
                        .lines();
        assertThat(lines.of("")).isEqualTo(1);
        assertThat(lines.of("/a/b")).isEqualTo(2);
        assertThat(lines.of("/a/b/0")).isEqualTo(3);
        assertThat(lines.of("/a/b/1/c~1d")).isEqualTo(4);
        assertThat(lines.of("/a/b/1/e~0f")).isEqualTo(5);
        assertThat(lines.of("/a/b/1/missing/deeper")).isEqualTo(4);
        assertThat(lines.of("/a/b/99999999999")).isEqualTo(2);
    }

    @Test
    void refusesEveryRefinement() {
        assertThat(refusal("a: &x [1]\nb: *x\n")).contains("davy.yaml:1", "anchors");
        assertThat(refusal("b: *x\n")).contains("aliases");
        assertThat(refusal("a: &a [*a]")).contains("anchors");
        assertThat(refusal("a: !!javax.script.ScriptEngineManager [x]"))
                .contains("davy.yaml:1", "tags");
        assertThat(refusal("a: !!str 1")).contains("tags");
        assertThat(refusal("a: !x 1")).contains("tags");
        assertThat(refusal("a: 1\nb: 2\na: 3\n")).contains("davy.yaml:3", "'a' is there twice");
        assertThat(refusal("{a: 1, \"a\": 2}")).contains("twice");
        assertThat(refusal("? [a]\n: 1\n")).contains("a key must be a plain text");
        assertThat(refusal("? {a: 1}\n: 1\n")).contains("a key must be a plain text");
        assertThat(refusal("server:\n\tport: 1\n")).contains("davy.yaml:2");
        assertThat(refusal("a: [1, 2\nb: 3\n")).contains("davy.yaml:");
        assertThat(refusal("a: 'x\n")).contains("davy.yaml:");
        assertThat(refusal("a: b: c\n")).contains("davy.yaml:1");
        assertThat(refusal("a: 1e309\n")).contains("davy.yaml:1", "'1e309' is too large");
        assertThat(refusal("a: x\nb: y\0z\n")).contains("davy.yaml:2", "U+0000");
        assertThat(refusal("a: x\u001b[31m\n")).contains("U+001B");
        assertThat(refusal("x: " + "[".repeat(100) + "]".repeat(100)))
                .contains("nested more than 64 deep");
        assertThat(refusal("[".repeat(500_000))).contains("nested more than 64 deep");
        assertThat(refusal("- ".repeat(500_000))).contains("nested more than 64 deep");
        for (var text : new String[] {"\\ud800", "\\0", "\\x1b", "\\a"})
            assertThat(refusal("b: 1\n\"a\": \"" + text + "\"\n")).as(text).contains("davy.yaml:2");
        assertThat(refusal("\"\\0\": 1")).contains("U+0000");
    }

    @Test
    void refusesOtherEncodingsAndLongTexts() {
        for (var charset : new String[] {"UTF-16", "UTF-16LE", "UTF-16BE"})
            assertThat(
                            Problems.of(() ->
                                            Yaml.read(
                                                    "server:\n  port: 8080\n"
                                                            .getBytes(Charset.forName(charset)),
                                                    "x.yaml",
                                                    Limits.DEFAULT))
                                    .why())
                    .as(charset)
                    .contains("UTF-16");
        assertThat(
                        Problems.of(() ->
                                        Yaml.read(
                                                new byte[] {
                                                    'a',
                                                    ':',
                                                    ' ',
                                                    'x',
                                                    '\n',
                                                    'b',
                                                    ':',
                                                    ' ',
                                                    (byte) 0xE9,
                                                    '\n'
                                                },
                                                "x.yaml",
                                                Limits.DEFAULT))
                                .why())
                .isEqualTo("x.yaml:2: the bytes here are not UTF-8.");
        assertThat(Problems.of(() -> Yaml.read(new byte[(1 << 20) + 1], "x.yaml", Limits.DEFAULT)))
                .returns("yaml-too-large", Problem::code)
                .returns(Problem.Kind.TOO_LARGE, Problem::kind);
        var longest = "a: " + "x".repeat((1 << 20) - 3);
        assertThat(tree(longest).get("a").stringValue()).hasSize((1 << 20) - 3);
    }

    @Test
    void keepsItsMemoryForManyPartsUnderLongKeys() {
        var yaml = "k".repeat(500_000) + ": [" + "1,".repeat(200_000) + "1]";
        assertThat(tree("? " + yaml.substring(0, 500_000) + "\n" + yaml.substring(500_000)).size())
                .isEqualTo(1);
    }

    @Test
    void answersDamagedSettingsWithTreesOrProblems() {
        var random = new Random(99);
        var good =
                "kind: Endpoint\nname: phone\ninput: {image: {type: image}, line: [1, -2.5]}\nrollout:\n  steps:\n    - 1%\n    - \"x\"\nabout: >\n  text\n  more\n"
                        .getBytes(UTF_8);
        for (int i = 0; i < 5_000; i++) {
            var bytes = good.clone();
            for (int n = 1 + random.nextInt(4); n > 0; n--)
                bytes[random.nextInt(bytes.length)] =
                        (byte)
                                (random.nextBoolean()
                                        ? random.nextInt(256)
                                        : "\n\t :-[]{}&*!|>'\"%@`#?,~".charAt(random.nextInt(23)));
            try {
                Yaml.read(bytes, "x.yaml", Limits.DEFAULT);
            } catch (Problem problem) {
                assertThat(problem.why()).startsWith("x.yaml:");
            } catch (RuntimeException e) {
                throw new AssertionError(new String(bytes, UTF_8), e);
            }
        }
    }
}
