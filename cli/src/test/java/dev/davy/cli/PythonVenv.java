package dev.davy.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.opentest4j.TestAbortedException;

/// A Python environment that holds what one requirements file names, for tests with published
/// Python clients.
///
/// It is made once, under `target/python/`, and kept for later test classes and builds: its folder
/// is named by the requirements and the version of Python, so that a change of either makes another
/// one. Where there is no fitting Python, or the packages can't be had, the test is skipped and
/// says why: Davy itself is built and tested without Python.
final class PythonVenv {

    /// Surefire names the module's folder; an IDE may start tests elsewhere.
    private static final Path MODULE =
            Path.of(System.getProperty("basedir", System.getProperty("user.dir"))).toAbsolutePath();

    /// Where our scripts lie, and the `requirements.txt` of those that use the published Triton
    /// client.
    static final Path SCRIPTS = MODULE.resolve("src/test/python");

    /// The pinned packages need it.
    private static final int OLDEST_MINOR = 11;

    private static final List<String> CANDIDATES =
            List.of("python3", "python3.11", "python3.12", "python3.13", "python3.14", "python");
    private static final Duration INSTALLING = Duration.ofMinutes(5);

    /// A failure is remembered, so that each further class is skipped at once.
    private static final Map<Path, String> UNAVAILABLE = new HashMap<>();

    private final Path folder;

    private PythonVenv(Path folder) {
        this.folder = folder;
    }

    /// What a run of Python came to: its exit code, and standard output and error as one text.
    record Ran(int exitCode, String output) {}

    /// The environment with exactly these requirements.
    ///
    /// @throws TestAbortedException with the reason, where it can't be had here
    static synchronized PythonVenv of(Path requirements) {
        Path file = requirements.toAbsolutePath().normalize();
        String why = UNAVAILABLE.get(file);
        Assumptions.assumeTrue(why == null, () -> "no Python environment: " + why);
        try {
            return made(file);
        } catch (TestAbortedException e) {
            UNAVAILABLE.put(file, String.valueOf(e.getMessage()));
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs a script with its arguments and waits for it; the modules beside the script can be
    /// imported.
    ///
    /// A run past the limit is ended, with all processes that it started, and reads as exit code
    /// 124.
    Ran run(Duration limit, Path script, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(folder.resolve("bin").resolve("python").toString());
        command.add(script.toAbsolutePath().toString());
        command.addAll(List.of(arguments));
        try {
            return run(limit, folder, command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PythonVenv made(Path requirements) throws IOException {
        Path home = MODULE.resolve("target").resolve("python");
        Files.createDirectories(home);
        Python python = python(home);
        Path folder = home.resolve(digest(Files.readString(requirements) + python.version()));
        Path complete = folder.resolve("complete");
        // Another fork of the tests, or another build, may want it at the same moment.
        try (var channel =
                        FileChannel.open(
                                home.resolve("lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            if (!Files.exists(complete)) {
                // --clear: what an earlier, broken attempt left is no start.
                need(
                        run(
                                INSTALLING,
                                home,
                                List.of(
                                        python.command(),
                                        "-m",
                                        "venv",
                                        "--clear",
                                        folder.toString())),
                        "python -m venv failed");
                need(
                        run(
                                INSTALLING,
                                home,
                                List.of(
                                        folder.resolve("bin").resolve("pip").toString(),
                                        "install",
                                        "-q",
                                        "--no-input",
                                        "--disable-pip-version-check",
                                        "--only-binary=:all:",
                                        "-r",
                                        requirements.toString())),
                        "pip install -r " + requirements.getFileName() + " failed");
                Files.writeString(complete, "");
            }
        }
        return new PythonVenv(folder);
    }

    private record Python(String command, String version) {}

    /// The first Python on the PATH that is new enough and can make environments.
    private static Python python(Path home) {
        String ask =
                "import ensurepip, sys; print(sys.version); sys.exit(sys.version_info < (3, %d))"
                        .formatted(OLDEST_MINOR);
        for (String candidate : CANDIDATES)
            try {
                Ran ran = run(Duration.ofSeconds(30), home, List.of(candidate, "-c", ask));
                if (ran.exitCode() == 0) return new Python(candidate, ran.output());
            } catch (IOException _) {
                // There is no such command: the next may be there.
            }
        throw new TestAbortedException(
                "no Python of 3.%d or newer with venv is on the PATH; install one (python3-venv)"
                        .formatted(OLDEST_MINOR));
    }

    private static void need(Ran ran, String what) {
        String last = ran.output().strip();
        last = last.substring(last.lastIndexOf('\n') + 1);
        if (ran.exitCode() != 0) throw new TestAbortedException(what + ": " + last);
    }

    private static Ran run(Duration limit, Path folder, List<String> command) throws IOException {
        Path output = Files.createTempFile(folder, "run", ".log");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile());
            builder.environment().remove("PYTHONPATH");
            builder.environment().remove("PYTHONHOME");
            builder.environment().put("PYTHONUTF8", "1");
            builder.environment()
                    .put("PYTHONDONTWRITEBYTECODE", "1"); // scripts lie among the sources
            Process process = builder.start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            String said = Files.readString(output, StandardCharsets.UTF_8);
            return ended
                    ? new Ran(process.exitValue(), said)
                    : new Ran(124, said + "\nended after " + limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command, e);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static String digest(String text) {
        try {
            byte[] sha =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
