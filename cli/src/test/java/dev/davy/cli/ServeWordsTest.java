package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// The quick reading of `davy serve …` reads what picocli reads, or leaves it to picocli.
class ServeWordsTest {
    private static Connection connection() {
        var nowhere =
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new Connection(
                new Terminal(InputStream.nullInputStream(), nowhere, nowhere, Map.of(), false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serve",
                "serve --port 0",
                "serve --port=9000 --host ::1",
                "serve --data a/b --config=davy.yaml",
                "serve -o json",
                "serve -o=json --port 65536"
            })
    void readsWhatPicocliReads(String text) {
        var words = text.split(" ", -1);
        var quick = connection();
        var plain = ServeCommand.plain(quick, words).orElseThrow();
        var slow = connection();
        var command = new ServeCommand(slow);
        var line = new CommandLine(slow).addSubcommand("serve", command);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.parseArgs(words);
        assertThat(plain)
                .usingRecursiveComparison()
                .ignoringFields("connection")
                .isEqualTo(command);
        assertThat(quick.json()).isEqualTo(slow.json());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "model list",
                "serve --help",
                "serve --data=x --data y",
                "serve --port",
                "serve --port x",
                "serve --port -1",
                "serve --prot 1",
                "serve extra",
                "serve -o yaml",
                "serve --host= --port 1"
            })
    void leavesTheRestToPicocli(String text) {
        assertThat(ServeCommand.plain(connection(), text.split(" ", -1))).isEmpty();
    }
}
