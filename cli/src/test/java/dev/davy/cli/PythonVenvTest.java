package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

class PythonVenvTest {

    private static final Path REQUIREMENTS = PythonVenv.SCRIPTS.resolve("requirements.txt");

    @TempDir Path folder;

    @Test
    void holdsThePublishedTritonClient() throws IOException {
        var script = folder.resolve("versions.py");
        Files.writeString(
                script,
                """
                import sys, importlib.metadata
                import tritonclient.http, tritonclient.http.aio, tritonclient.grpc, tritonclient.grpc.aio
                print(importlib.metadata.version("tritonclient"), *sys.argv[1:])
                """);

        var ran = PythonVenv.of(REQUIREMENTS).run(Duration.ofMinutes(1), script, "é", "two words");

        assertThat(ran.output()).isEqualTo("2.73.0 é two words\n");
        assertThat(ran.exitCode()).isZero();
    }

    @Test
    void endsARunPastItsLimit() throws IOException {
        var script = folder.resolve("forever.py");
        Files.writeString(script, "print('started', flush=True)\nwhile True: pass\n");

        var ran = PythonVenv.of(REQUIREMENTS).run(Duration.ofSeconds(2), script);

        assertThat(ran.exitCode()).isEqualTo(124);
        assertThat(ran.output()).endsWith("ended after PT2S");
    }

    @Test
    void saysWhyPackagesCannotBeHad() throws IOException {
        var requirements = folder.resolve("requirements.txt");
        Files.writeString(requirements, "--no-index\nno-such-package-anywhere==1.0\n");

        assertThatThrownBy(() -> PythonVenv.of(requirements))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("no-such-package-anywhere");
        assertThatThrownBy(() -> PythonVenv.of(requirements))
                .as("asked again, it says the same without trying again")
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("no-such-package-anywhere");
    }
}
