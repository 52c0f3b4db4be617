package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.davy.storage.Log;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final Path DATA = Path.of("davy-data");

    @TempDir private Path folder = Path.of("");

    private Settings read(String yaml) throws IOException {
        return Settings.read(Files.writeString(folder.resolve("davy.yaml"), yaml), DATA);
    }

    private Problem refused(String yaml) {
        return catchThrowableOfType(Problem.class, () -> read(yaml));
    }

    @Test
    void everyKeyHasADefault() throws Exception {
        assertThat(read("")).isEqualTo(Settings.of(DATA));
        assertThat(read("# nothing yet\n")).isEqualTo(Settings.of(DATA));
        assertThat(read("{}")).isEqualTo(Settings.of(DATA));
    }

    @Test
    void takesWhatTheFileSays() throws Exception {
        var password = Files.writeString(folder.resolve("password"), "rosebud\n");
        var settings =
                read(
                        """
                        server:
                          host: 0.0.0.0
                          port: 9000
                          allowed-hosts: [davy.factory.example]
                          drain: 5 s
                        storage:
                          url: jdbc:postgresql://db/davy
                          user: davy
                          password-file: %s
                        log:
                          sync: always
                          retain-bytes: 1 GiB
                          retain-for: 7d
                          when-full: drop-oldest
                        node: 3
                        remotes: [triton:8000]
                        limits:
                          body-bytes: 1 MiB
                          json-depth: 32
                          body-timeout: 5 s
                        """
                                .formatted(password));
        assertThat(settings.host()).isEqualTo("0.0.0.0");
        assertThat(settings.port()).isEqualTo(9000);
        assertThat(settings.allowedHosts()).isEqualTo(Set.of("davy.factory.example"));
        assertThat(settings.drain()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.storage())
                .contains(new Settings.Storage("jdbc:postgresql://db/davy", "davy", "rosebud"));
        assertThat(settings.log())
                .isEqualTo(
                        new Log.Settings(
                                Log.Settings.DEFAULT.segmentBytes(),
                                Log.Settings.DEFAULT.syncEvery(),
                                true,
                                1L << 30,
                                Duration.ofDays(7),
                                Log.WhenFull.DROP_OLDEST));
        assertThat(settings.node()).isEqualTo(3);
        assertThat(settings.remotes()).isEqualTo(Set.of("triton:8000"));
        assertThat(settings.limits())
                .isEqualTo(
                        Limits.DEFAULT
                                .with("body-bytes", "1 MiB")
                                .with("json-depth", "32")
                                .with("body-timeout", "5 s"));
        assertThat(settings.toString()).doesNotContain("rosebud");
    }

    @Test
    void namesEveryMistakeWithItsLine() {
        var problem =
                refused(
                        """
                        server:
                          prot: 8080
                          port: 99999
                        log:
                          sync: soon
                        limits:
                          body-byte: 1 MiB
                        colour: amber
                        """);
        assertThat(problem.violations()).hasSize(5);
        assertThat(problem.getMessage())
                .contains("davy.yaml:2")
                .contains("davy.yaml:3")
                .contains("davy.yaml:5")
                .contains("davy.yaml:7")
                .contains("Did you mean 'body-bytes'?")
                .contains("davy.yaml:8");
    }

    @Test
    void suggestsTheKeyThatWasMeant() {
        assertThat(refused("server:\n  prot: 8080\n").getMessage())
                .contains("davy.yaml:2")
                .contains("Did you mean 'port'?");
    }

    @Test
    void takesWordsAsWords() {
        // YAML 1.1 would read these as false, 8 and 45,000.
        assertThat(refused("server: {port: 010}").getMessage()).contains("port");
        assertThat(refused("server: {port: 12:30:00}").getMessage()).contains("port");
        assertThat(refused("node: no").getMessage()).contains("node");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "storage: {url: 'jdbc:h2:mem:x;INIT=RUNSCRIPT FROM 1'}",
                "storage: {user: davy}",
                "log: {retain-bytes: 1 MiB}",
                "log: {sync: 0 s}",
                "limits: {json-depth: 0}",
                "limits: {json-depth: 100000}",
                "limits: {body-bytes: .nan}",
                "server: {port: -1}",
                "server: [port, 1]",
                "- server",
                "a: 1\n---\nb: 2",
                "server: {port: 1, port: 2}"
            })
    void refusesWhatCannotBe(String yaml) {
        assertThat(refused(yaml)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "billion-laughs.yaml",
                "self-anchor.yaml",
                "unknown-key.yaml",
                "tabs.yaml",
                "nul.yaml",
                "bom-utf16.yaml"
            })
    void refusesBadFilesWithTheirLine(String name) {
        var file = shared().resolve("bad-inputs/config").resolve(name);
        var problem = catchThrowableOfType(Problem.class, () -> Settings.read(file, DATA));
        assertThat(problem).as(name).isNotNull();
        if (!name.startsWith("bom"))
            assertThat(problem.getMessage()).containsPattern(name + ":[0-9]");
    }

    @Test
    void theManualShowsTheDefaults() throws Exception {
        var manual = Files.readString(Path.of("..", "docs", "settings.md"));
        var password = Files.writeString(folder.resolve("password"), "x");
        int begin = manual.indexOf("```yaml\n") + 8;
        var yaml =
                manual.substring(begin, manual.indexOf("```", begin))
                        .replace("/run/secrets/davy", password.toString());
        var shown = read(yaml);
        assertThat(shown.storage()).isPresent();
        assertThat(
                        new Settings(
                                DATA,
                                shown.host(),
                                shown.port(),
                                shown.allowedHosts(),
                                shown.drain(),
                                Optional.empty(),
                                shown.node(),
                                shown.log(),
                                shown.archive(),
                                shown.remotes(),
                                shown.deliveries(),
                                shown.limits()))
                .isEqualTo(Settings.of(DATA));
        for (var limit : Limits.DEFAULT.asMap().keySet()) {
            var row =
                    Pattern.compile("^\\| `" + limit + "` \\| (.*?) \\|", Pattern.MULTILINE)
                            .matcher(manual);
            assertThat(row.find()).as(limit).isTrue();
            assertThat(Limits.DEFAULT.with(limit, row.group(1))).isEqualTo(Limits.DEFAULT);
        }
    }

    /// The folder of test data beside the checkout, where there is one.
    private static Path shared() {
        var said = System.getProperty("davy.shared");
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            var data = said != null ? Path.of(said, "data") : at.resolve("shared").resolve("data");
            if (Files.isDirectory(data)) return data;
        }
        assumeTrue(false, "no folder shared/data beside the checkout: bad files are not tried");
        throw new IllegalStateException();
    }
}
