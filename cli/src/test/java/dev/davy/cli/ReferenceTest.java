package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.server.Caller;
import dev.davy.server.Server;
import dev.davy.server.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The pages of docs/reference say what the code says. `-Ddavy.write=docs` writes them anew:
/// `./mvnw verify -pl cli -am -Dtest=ReferenceTest -Dsurefire.failIfNoSpecifiedTests=false
/// -Ddavy.write=docs`.
class ReferenceTest {
    private static final Path PAGES = Path.of("..", "docs", "reference");

    @TempDir private Path folder = Path.of("");

    private static void holds(String page, String text) throws IOException {
        var file = PAGES.resolve(page);
        if ("docs".equals(System.getProperty("davy.write"))) {
            Files.createDirectories(PAGES);
            Files.writeString(file, text);
        }
        assertThat(file).exists();
        assertThat(Files.readString(file))
                .as("%s is not what the code says; -Ddavy.write=docs writes it anew", page)
                .isEqualTo(text);
    }

    @Test
    void commands() throws IOException {
        holds("cli.md", CommandReference.page());
    }

    @Test
    void http() throws IOException {
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            holds("http.md", HttpReference.page(Caller.of(server)));
        }
    }

    @Test
    void metrics() throws IOException {
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            holds("metrics.md", MetricReference.page(server));
        }
    }

    @Test
    void declarations() throws Exception {
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            holds("yaml.md", YamlReference.page(server.davy(), folder));
        }
    }
}
