package dev.davy.strict;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamesTest {
    private static final String[] HOSTILE = {
        "",
        ".",
        "..",
        "../etc",
        "a/../b",
        "model/",
        " ..",
        "a b",
        "A",
        "-a",
        "_a",
        ".a",
        "a\0",
        "a\n",
        "a/b",
        "a\\b",
        "..;",
        "%2e%2e",
        "ä",
        "а",
        "a\u202Eb",
        "a\u0301",
        "${jndi:ldap://x}",
        "' or 1=1--",
        "{{7*7}}",
        "$(id)",
        "CON:",
        "a".repeat(201),
        "a".repeat(1_000_000),
        "１",
        "\uD800",
        "<b>",
        "=1+1",
        "~",
        "*"
    };

    @Test
    void letsPlainNamesPass() {
        for (var name :
                new String[] {"a", "0", "credit-default", "a.b_c-9", "a".repeat(128), "a..b", "7"})
            assertThat(Names.check("model", name)).isEqualTo(name);
    }

    @Test
    void refusesAllOthersWithOneShortLine() {
        for (var name : HOSTILE) {
            var problem = Problems.of(() -> Names.check("endpoint", name));
            assertThat(problem.code()).isEqualTo("name-not-allowed");
            assertThat(problem.kind()).isEqualTo(Problem.Kind.MALFORMED);
            assertThat(problem.what()).hasSizeLessThan(200).contains("an endpoint");
            assertThat(problem.getMessage()).doesNotContainPattern("[\\p{Cntrl}\\u202E\\uD800]");
        }
    }

    @Test
    void letsAnyPrintableIdPassThatStaysOnItsLine() {
        for (var id :
                new String[] {
                    "1", "req-1", "a b", "ключ-7", "日本", "😀", "../x", "' or 1=1--", "x".repeat(256)
                }) assertThat(Names.id("id", id, Limits.DEFAULT)).isEqualTo(id);
        for (var id :
                new String[] {
                    "",
                    "a\r\nX: 1",
                    "a\0b",
                    "a\u0085",
                    "a\u2028",
                    "\u202Egpj",
                    "\uDC00",
                    "x".repeat(257),
                    "日".repeat(86),
                    "x".repeat(1 << 20)
                }) {
            var problem = Problems.of(() -> Names.id("inputs[0].id", id, Limits.DEFAULT));
            assertThat(problem.code()).isEqualTo("id-not-allowed");
            assertThat(problem.field()).contains("inputs[0].id");
            assertThat(problem.getMessage())
                    .hasSizeLessThan(400)
                    .doesNotContainPattern("\\p{Cntrl}");
        }
    }

    @Test
    void keepsPathsInsideTheirFolder(@TempDir Path root) throws Exception {
        var digest = Hashes.sha256(new byte[0]);
        assertThat(SafePath.inside(root, digest)).isEqualTo(root.resolve(digest));
        assertThat(SafePath.beside(root.resolve("model.onnx"), "_w+1.bin"))
                .isEqualTo(root.resolve("_w+1.bin"));
        assertThat(Problems.code(() -> Names.check("model", "a".repeat(129))))
                .isEqualTo("name-not-allowed");
        for (var name : HOSTILE)
            if (!name.matches("[A-Za-z_]+"))
                assertThat(Problems.code(() -> SafePath.inside(root, name)))
                        .as(name)
                        .isEqualTo("path-not-allowed");

        var outside = Files.createTempDirectory("outside");
        Files.createSymbolicLink(root.resolve("out"), outside);
        Files.createSymbolicLink(root.resolve("nowhere"), outside.resolve("missing"));
        Files.createDirectory(root.resolve("real"));
        Files.createSymbolicLink(root.resolve("in"), root.resolve("real"));
        assertThat(Problems.code(() -> SafePath.inside(root, "out"))).isEqualTo("path-not-allowed");
        assertThat(Problems.code(() -> SafePath.inside(root, "nowhere")))
                .isEqualTo("path-not-allowed");
        assertThat(SafePath.inside(root, "in")).isEqualTo(root.resolve("in"));
        assertThat(SafePath.isFile(root.resolve("in"))).isFalse();
        Files.delete(outside);
    }

    @Test
    void guessesWhatAPersonMeant() {
        var names = java.util.List.of("port", "host", "model", "entity");
        assertThat(Nearest.of("prot", names)).contains("port");
        assertThat(Nearest.of("modle", names)).contains("model");
        assertThat(Nearest.of("enttiy", names)).contains("entity");
        assertThat(Nearest.of("colour", names)).isEmpty();
        assertThat(Nearest.of("x".repeat(10_000_000), names)).isEmpty();
    }
}
