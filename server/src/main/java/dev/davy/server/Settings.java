package dev.davy.server;

import dev.davy.archive.Archives;
import dev.davy.monitoring.notify.NotifySettings;
import dev.davy.storage.Log;
import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import dev.davy.strict.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import java.util.Set;

/// What differs from site to site. Everything has a default; a file holds what is said otherwise.
///
/// ```yaml
/// server:
///   host: 127.0.0.1          # anything but loopback needs tokens
///   port: 8080               # 0 for any free one
///   allowed-hosts: []        # further names by which callers may address it
///   drain: 30 s              # how long calls may go on once it is told to stop
/// storage:
///   url: jdbc:postgresql://db/davy   # left out: an embedded database in the data folder
///   user: davy
///   password-file: /run/secrets/davy
/// log:
///   sync: 100 ms             # or always: an answer waits until its record is on disk
///   segment-bytes: 16 MiB
///   retain-bytes: 10 GiB
///   retain-for: 90d
///   when-full: stop          # or drop-oldest
/// archive:
///   every: 60 s              # what was served is in Parquet after so long at the latest
/// node: 0                    # of several on one database; it stands in every id
/// notify: {}                 # who takes letters, and which internal hosts webhooks may reach
/// remotes: []                # host:port of servers whose models may be served here
/// limits: {}                 # see GET /api/v1/limits
/// ```
///
/// @param data the data folder
/// @param storage where the state is kept; empty: in the data folder
/// @param deliveries how alarms are told
/// @param remotes `host:port` of other servers that models may be asked of
public record Settings(
        Path data,
        String host,
        int port,
        Set<String> allowedHosts,
        Duration drain,
        Optional<Storage> storage,
        int node,
        Log.Settings log,
        Archives.Settings archive,
        Set<String> remotes,
        NotifySettings deliveries,
        Limits limits) {

    /// A database elsewhere.
    public record Storage(String url, String user, String password) {
        // Never the password: records are printed in messages.
        @Override
        public String toString() {
            return url;
        }
    }

    private static final String POSTGRESQL = "jdbc:postgresql:";
    private static final int MAX_NODE = 0xFFFF;

    public Settings {
        allowedHosts = Set.copyOf(allowedHosts);
        remotes = Set.copyOf(remotes);
        if (host.isBlank()) throw new IllegalArgumentException("host is blank");
        if (port < 0 || port > 65_535) throw new IllegalArgumentException("port is " + port);
        if (node < 0 || node > MAX_NODE) throw new IllegalArgumentException("node is " + node);
    }

    /// The defaults, for this data folder.
    public static Settings of(Path data) {
        return new Settings(
                data,
                "127.0.0.1",
                8080,
                Set.of(),
                Duration.ofSeconds(30),
                Optional.empty(),
                0,
                Log.Settings.DEFAULT,
                Archives.Settings.DEFAULT,
                Set.of(),
                NotifySettings.NONE,
                Limits.DEFAULT);
    }

    public Settings host(String other) {
        return with(other, port, drain, deliveries);
    }

    public Settings port(int other) {
        return with(host, other, drain, deliveries);
    }

    /// How alarms and decisions are told.
    public Settings deliveries(NotifySettings others) {
        return with(host, port, drain, others);
    }

    /// How long calls may go on once it is told to stop.
    public Settings drain(Duration other) {
        return with(host, port, other, deliveries);
    }

    private Settings with(String atHost, int atPort, Duration toDrain, NotifySettings delivering) {
        return new Settings(
                data,
                atHost,
                atPort,
                allowedHosts,
                toDrain,
                storage,
                node,
                log,
                archive,
                remotes,
                delivering,
                limits);
    }

    /// The settings in a file, over the defaults. Nothing is taken from a file in which anything is
    /// wrong.
    ///
    /// @throws Problem with every violation, each with file and line
    public static Settings read(Path file, Path data) {
        byte[] text;
        try {
            // One byte more than allowed is enough to be refused.
            try (var in = Files.newInputStream(file)) {
                text = in.readNBytes(Limits.DEFAULT.yamlBytes() + 1);
            }
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "settings-not-readable",
                    "The settings in " + file + " could not be read.",
                    Files.exists(file)
                            ? "It is not a file that may be read."
                            : "There is no such file.",
                    "Name another one, or leave --config out.");
        }
        var documents = Yaml.read(text, file.toString(), Limits.DEFAULT);
        if (documents.isEmpty()) return of(data);
        if (documents.size() > 1)
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "settings-several",
                    "There are " + documents.size() + " documents in " + file + ".",
                    "Settings are one: it would be a guess which of them counts.",
                    "Remove the lines with '---'.");
        // A file of nothing but comments.
        if (documents.getFirst().tree().isNull()) return of(data);
        return read(Fields.of(documents.getFirst(), "settings"), of(data));
    }

    private static Settings read(Fields fields, Settings otherwise) {
        var server = object(fields, "server");
        var host = server.optionalText("host").orElse(otherwise.host);
        var port = (int) server.optionalInteger("port", 0, 65_535).orElse(otherwise.port);
        var allowed = Set.copyOf(server.texts("allowed-hosts"));
        var drain = server.optionalDuration("drain").orElse(otherwise.drain);
        var storage = storage(object(fields, "storage"));
        var log = log(object(fields, "log"), otherwise.log);
        var archive = archive(object(fields, "archive"), otherwise.archive);
        var node = (int) fields.optionalInteger("node", 0, MAX_NODE).orElse(otherwise.node);
        var remotes = Set.copyOf(fields.texts("remotes"));
        var deliveries = deliveries(object(fields, "notify"));
        var limits = limits(object(fields, "limits"));
        fields.done();
        return new Settings(
                otherwise.data,
                host,
                port,
                allowed,
                drain,
                storage,
                node,
                log,
                archive,
                remotes,
                deliveries,
                limits);
    }

    // Always read, so that its keys are known to the check for unknown ones.
    private static Fields object(Fields fields, String name) {
        return fields.optionalObject(name).orElseGet(() -> Fields.of(Json.object(), name));
    }

    private static Optional<Storage> storage(Fields fields) {
        var url = fields.optionalText("url");
        var user = fields.optionalText("user").orElse("");
        var passwordFile = fields.optionalText("password-file");
        if (url.isEmpty()) {
            if (passwordFile.isPresent() || !user.isEmpty()) fields.violation("url", "is missing");
            return Optional.empty();
        }
        // A JDBC address can name code to run: one driver only, and the file is the operator's.
        if (!url.get().startsWith(POSTGRESQL))
            fields.violation(
                    "url",
                    "must begin with "
                            + POSTGRESQL
                            + "; left out, the state is in the data folder");
        return Optional.of(new Storage(url.get(), user, password(fields, passwordFile)));
    }

    private static String password(Fields fields, Optional<String> file) {
        if (file.isEmpty()) return "";
        try {
            return Files.readString(Path.of(file.get())).strip();
        } catch (IOException | InvalidPathException e) {
            fields.violation("password-file", "could not be read");
            return "";
        }
    }

    private static NotifySettings deliveries(Fields fields) {
        var smtp = fields.optionalObject("smtp").map(Settings::smtp);
        var allowed = Set.copyOf(fields.texts("allow-hosts"));
        var secrets = new HashMap<String, Path>();
        fields.map("secrets")
                .forEach((name, file) -> {
                    try {
                        secrets.put(name, Path.of(file.asString("")));
                        if (!Files.isReadable(Path.of(file.asString(""))))
                            fields.violation("secrets", "the file of '" + name + "' can't be read");
                    } catch (InvalidPathException notAFile) {
                        fields.violation("secrets", "'" + name + "' must be the path of a file");
                    }
                });
        return new NotifySettings(smtp, allowed, secrets);
    }

    private static NotifySettings.Smtp smtp(Fields fields) {
        boolean starttls = fields.flag("starttls", true);
        return new NotifySettings.Smtp(
                fields.text("host"),
                (int) fields.optionalInteger("port", 1, 65_535).orElse(starttls ? 587 : 25),
                fields.optionalText("user").orElse(""),
                password(fields, fields.optionalText("password-file")),
                starttls,
                fields.text("from"));
    }

    private static Log.Settings log(Fields fields, Log.Settings otherwise) {
        boolean always = fields.optionalNode("sync").map(Settings::isAlways).orElse(false);
        var every =
                always
                        ? otherwise.syncEvery()
                        : fields.optionalDuration("sync").orElse(otherwise.syncEvery());
        if (every.isZero())
            fields.violation("sync", "must be longer than 0; for no wait at all write always");
        long segment = fields.optionalBytes("segment-bytes").orElse(otherwise.segmentBytes());
        if (segment < 1 << 20 || segment > 1 << 30)
            fields.violation("segment-bytes", "must be from 1 MiB to 1 GiB");
        long retain = fields.optionalBytes("retain-bytes").orElse(otherwise.retainBytes());
        if (retain < segment) fields.violation("retain-bytes", "must be at least segment-bytes");
        return new Log.Settings(
                segment,
                every,
                always,
                retain,
                fields.optionalDuration("retain-for").orElse(otherwise.retainFor()),
                fields.optionalChoice("when-full", Log.WhenFull.class)
                        .orElse(otherwise.whenFull()));
    }

    private static Archives.Settings archive(Fields fields, Archives.Settings otherwise) {
        var every = fields.optionalDuration("every").orElse(otherwise.every());
        if (every.compareTo(Archives.Settings.EVERY_MIN) < 0
                || every.compareTo(Archives.Settings.EVERY_MAX) > 0) {
            fields.violation("every", "must be from 1 s to 1 h");
            return otherwise;
        }
        return new Archives.Settings(every);
    }

    private static boolean isAlways(tools.jackson.databind.JsonNode node) {
        return node.isString() && node.stringValue().equals("always");
    }

    private static Limits limits(Fields fields) {
        var limits = Limits.DEFAULT;
        for (var key : Limits.DEFAULT.asMap().keySet()) {
            var value = fields.optionalNode(key);
            if (value.isEmpty()) continue;
            try {
                limits =
                        limits.with(
                                key,
                                value.get().isString()
                                        ? value.get().stringValue()
                                        : Json.text(value.get()));
            } catch (Problem problem) {
                fields.violation(key, problem.why() + " " + problem.todo());
            }
        }
        return limits;
    }
}
