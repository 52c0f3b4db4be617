package dev.davy.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.strict.Problem;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir Path parent;

    @Test
    void isForOneProcess() throws Exception {
        var root = parent.resolve("data");
        var child =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Holder.class.getName(),
                                root.toString())
                        .redirectError(Redirect.DISCARD)
                        .start();
        try (var out =
                new BufferedReader(
                        new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
            assertThat(out.readLine()).isEqualTo("open");
            assertThatThrownBy(() -> DataFolder.open(root))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> {
                                assertThat(problem.kind()).isEqualTo(Problem.Kind.CONFLICT);
                                assertThat(problem.code()).isEqualTo("data-folder-in-use");
                                assertThat(problem.why()).contains("process " + child.pid());
                            });
            child.toHandle().destroyForcibly();
            child.waitFor();
        }
        // However it ended, the folder is free.
        DataFolder.open(root).close();
    }

    /// Opens the folder and stays.
    static final class Holder {
        public static void main(String[] args) throws Exception {
            try (var data = DataFolder.open(Path.of(args[0]))) {
                System.out.println("open");
                int end = System.in.read();
                System.out.println(data.log() + " " + end);
            }
        }
    }

    @Test
    void isForOneOpenerInThisProcessToo() {
        try (var data = DataFolder.open(parent)) {
            assertThat(data.state().getFileName()).hasToString("state.db");
            assertThatThrownBy(() -> DataFolder.open(parent))
                    .hasMessageContaining("this process itself");
        }
        DataFolder.open(parent).close();
    }

    @Test
    void emptiesItsTemporaryFolderAndNothingElse() throws Exception {
        try (var data = DataFolder.open(parent)) {
            Files.createDirectories(data.temporary().resolve("a/b"));
            Files.writeString(data.temporary().resolve("a/b/c"), "left over");
            Files.writeString(data.blobs().resolve("kept"), "kept");
        }
        try (var data = DataFolder.open(parent)) {
            assertThat(data.temporary()).isEmptyDirectory();
            assertThat(data.blobs().resolve("kept")).exists();
        }
    }

    @Test
    void isForItsOwnerOnly() throws Exception {
        var root = parent.resolve("new/data");
        DataFolder.open(root).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
                .isEqualTo("rwx------");
    }

    @Test
    void unpacksTheNativeLibraryOnce() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        for (int start = 0; start < 2; start++) {
            var child =
                    new ProcessBuilder(
                                    java,
                                    "--enable-native-access=ALL-UNNAMED",
                                    "-Djava.io.tmpdir="
                                            + Files.createDirectories(parent.resolve("tmp")),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    Holder.class.getName(),
                                    parent.resolve("data").toString())
                            .redirectError(Redirect.DISCARD)
                            .start();
            try (var out =
                    new BufferedReader(
                            new InputStreamReader(
                                    child.getInputStream(), StandardCharsets.US_ASCII))) {
                assertThat(out.readLine()).isEqualTo("open");
            } finally {
                child.toHandle().destroyForcibly();
                child.waitFor();
            }
        }
        try (var files = Files.walk(parent.resolve("data/natives"))) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(1);
        }
        try (var files = Files.walk(parent.resolve("tmp"))) {
            assertThat(files.filter(file -> file.toString().contains("sqlite"))).isEmpty();
        }
    }

    @Test
    void saysThatAFolderCannotBeUsed() throws Exception {
        var file = Files.writeString(parent.resolve("file"), "not a folder");
        assertThatThrownBy(() -> DataFolder.open(file.resolve("data")))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo("data-folder-unusable"));
    }
}
