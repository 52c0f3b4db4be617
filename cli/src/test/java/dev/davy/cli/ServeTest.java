package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server as a person starts it.
class ServeTest {
    @TempDir private Path folder = Path.of("");

    @Test
    void endsWellWhenToldToStop() throws Exception {
        var data = folder.toRealPath();
        try (var server = ServerProcess.start(data)) {
            assertThat(server.address()).startsWith("http://127.0.0.1:");
            assertThat(server.greeting.at("/data").asString()).isEqualTo(data.toString());
            assertThat(server.stop()).isZero();
        }
        try (var again = ServerProcess.start(data)) {
            assertThat(again.stop()).isZero();
        }
    }

    @Test
    void aFolderHasOneProcess() throws Exception {
        try (var server = ServerProcess.start(folder)) {
            var second =
                    ServerProcess.java(
                            List.of(),
                            Main.class.getName(),
                            List.of("serve", "--port", "0", "--data", folder.toString()));
            assertThat(second.waitFor()).isEqualTo(Exit.NOT_DONE);
            assertThat(server.process.isAlive()).isTrue();
        }
    }

    @Test
    void anAddressForOthersGetsATokenFirst() throws Exception {
        try (var server = ServerProcess.start(folder, "--host", "0.0.0.0")) {
            var file = folder.resolve("admin.token");
            assertThat(Files.getPosixFilePermissions(file))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            var here = "--server=http://127.0.0.1:" + server.greeting.at("/port").asString();
            assertThat(Commands.run("get", "models", here).exit()).isEqualTo(Exit.NOT_DONE);
            var known = Commands.run("get", "models", here, "--token-file=" + file);
            assertThat(known.exit()).as(known.err()).isEqualTo(Exit.YES);
        }
    }

    @Test
    void wrongSettingsStartNothing() throws Exception {
        var config = Files.writeString(folder.resolve("davy.yaml"), "server:\n  prot: 8080\n");
        var data = folder.resolve("data");
        var told = Commands.run("serve", "--config", config.toString(), "--data", data.toString());
        assertThat(told.exit()).isEqualTo(Exit.USAGE);
        assertThat(told.err()).contains("davy.yaml:2").contains("Did you mean 'port'?");
        assertThat(data).doesNotExist();
    }

    @Test
    void noJavaObjectIsDeserialisedInTheServersProcess() throws Exception {
        var process = ServerProcess.java(List.of(), Deserialises.class.getName(), List.of());
        var told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(told).contains("filter status: REJECTED");
    }

    @Test
    void theLauncherClosesDeserialisationToo() throws Exception {
        assertThat(Files.readString(Path.of("..", "davy"))).contains("-Djdk.serialFilter='!*'");
    }
}
