package dev.davy.cli;

import dev.davy.strict.Problem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The command `davy` itself: the options that every command has, and from them the way to the
/// server.
@Command(
        name = "davy",
        versionProvider = Version.class,
        synopsisSubcommandLabel = "VERB",
        description = "Serves models, keeps every answer, and takes what came to be known later.",
        commandListHeading = "%n",
        usageHelpWidth = 100,
        optionListHeading = "%n",
        footer = {
            "",
            "Exit codes: 0 yes, 1 the answer is no, 2 wrong usage, 3 could not be done.",
            "davy VERB --help says more."
        })
final class Connection {
    enum Format {
        TABLE,
        JSON
    }

    private final Terminal terminal;

    @Option(
            names = "--server",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "where Davy is; else DAVY_SERVER, else http://127.0.0.1:8080")
    private @Nullable String server;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "the file that holds your token; else DAVY_TOKEN holds it itself")
    private @Nullable Path tokenFile;

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            scope = ScopeType.INHERIT,
            description = "table or json; JSON is one document, or one a line where many come")
    private Format format = Format.TABLE;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "show this")
    @SuppressWarnings("UnusedVariable") // picocli itself looks at it
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "show Davy's version and Java's")
    @SuppressWarnings("UnusedVariable")
    private boolean version;

    Connection(Terminal terminal) {
        this.terminal = terminal;
    }

    Terminal terminal() {
        return terminal;
    }

    boolean json() {
        return format == Format.JSON;
    }

    void answerInJson() {
        format = Format.JSON;
    }

    Client client() {
        return new Client(address(), token());
    }

    private URI address() {
        var text = server != null ? server : terminal.variable("DAVY_SERVER");
        if (text.isEmpty()) return URI.create("http://127.0.0.1:8080");
        try {
            var address = URI.create(text.replaceAll("/+$", ""));
            var scheme = address.getScheme();
            if (address.getHost() != null && ("http".equals(scheme) || "https".equals(scheme)))
                return address;
        } catch (IllegalArgumentException notAnAddress) {
            // told below, as any other text that is no address
        }
        throw new Problem(
                Problem.Kind.UNAVAILABLE,
                "server-address-not-understood",
                "'" + text + "' is not the address of a server.",
                "An address is http:// or https://, a host, and a port.",
                "Write it like http://127.0.0.1:8080.");
    }

    private String token() {
        if (tokenFile == null) return terminal.variable("DAVY_TOKEN").strip();
        try {
            return Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "token-file-not-readable",
                    "The token could not be read from " + tokenFile + ".",
                    Files.exists(tokenFile)
                            ? "The file may not be read."
                            : "There is no such file.",
                    "Name another file, or set DAVY_TOKEN.");
        }
    }

    /// The rows as a table, or the server's own document when JSON was asked for.
    void show(
            tools.jackson.databind.JsonNode document, List<String> heads, List<List<String>> rows) {
        if (json()) terminal.json(document);
        else terminal.table(heads, rows);
    }
}
