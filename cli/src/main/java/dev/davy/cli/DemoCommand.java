package dev.davy.cli;

import dev.davy.demo.Door;
import dev.davy.demo.Pace;
import dev.davy.demo.Story;
import dev.davy.demo.Traffic;
import dev.davy.demo.phones.Chapters;
import dev.davy.demo.phones.Conditions;
import dev.davy.demo.phones.Factory;
import dev.davy.demo.phones.Lamps;
import dev.davy.demo.phones.PhoneInspection;
import dev.davy.demo.phones.PhoneInspection.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The phone factory, live.
@Command(
        name = "demo",
        description = {
            "A phone factory at work: photos, a model that looks for scratches, people who check it.",
            "Starts a server in a folder of its own and stays until Ctrl-C."
        })
final class DemoCommand implements Callable<Integer> {
    /// Another factory than those that the model was trained, calibrated and measured on.
    private static final long SEED = 2026;

    /// So that the charts have something to begin with.
    private static final Duration BEFORE = Duration.ofMinutes(15);

    /// So long a chapter stays at least.
    private static final Duration CHAPTER = Duration.ofSeconds(20);

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final Connection connection;

    @Option(
            names = "--port",
            paramLabel = "P",
            description = "where it listens, 0 for any free one (8080, or any when that is taken)")
    private @Nullable Integer port;

    @Option(names = "--no-browser", description = "only say where to look")
    private boolean noBrowser;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "keep everything there (a temporary folder, deleted in the end)")
    private @Nullable Path data;

    @Option(names = "--phones", paramLabel = "N", description = "so many pass each second (4)")
    private double phones = 4;

    @Option(names = "--seed", paramLabel = "N", description = "another seed, other phones (2026)")
    private long seed = SEED;

    @Option(
            names = "--no-story",
            description = "only the factory, on a day on which nothing happens")
    private boolean noStory;

    @Option(
            names = "--scratched",
            paramLabel = "PERCENT",
            description = "how many phones have a scratch (12)")
    private double scratched = 100 * Conditions.USUAL.scratched();

    @Mixin private WriteOptions writing = new WriteOptions();

    DemoCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        // No window is ever opened: drawing must not look for a screen.
        System.setProperty("java.awt.headless", "true");
        Conditions conditions;
        try {
            conditions = Conditions.USUAL.scratched(scratched / 100).phonesPerSecond(phones);
        } catch (IllegalArgumentException notPossible) {
            return misused(String.valueOf(notPossible.getMessage()));
        }
        if (port != null && (port < 0 || port > 65_535)) return misused("port is " + port);
        if (writing.wanted()) return write(conditions);
        LogLines.begin();
        var told = new ToldStory(noStory ? "" : Chapters.TITLE);
        var showing =
                new Showing(
                        connection.terminal(),
                        connection.json(),
                        Optional.ofNullable(data),
                        port == null ? OptionalInt.empty() : OptionalInt.of(port),
                        !noBrowser,
                        told);
        return showing.run(door -> factory(door, conditions, told));
    }

    private int misused(String why) {
        connection
                .terminal()
                .failure(
                        "The demo cannot run so.",
                        List.of(why + "."),
                        "davy demo --help says more.");
        return Exit.USAGE;
    }

    private int write(Conditions conditions) throws IOException {
        var wrong = writing.misused();
        if (wrong.isPresent()) return misused(wrong.get());
        writing.write(connection.terminal(), seed, conditions);
        return Exit.YES;
    }

    private Showing.Shown factory(Door door, Conditions conditions, ToldStory told) {
        var versions =
                PhoneInspection.prepare(
                        door, noStory ? List.of(Version.BETTER) : List.of(Version.values()));
        var lamps = new Lamps(conditions);
        var source = new PhoneInspection(new Factory(seed), lamps);
        var pace = new Pace(conditions.phonesPerSecond());
        var traffic = Traffic.start(door, source, pace, BEFORE, InstantSource.system());
        var more = new ArrayList<String>();
        more.add("Three lines, a camera on each; a model looks at every phone,");
        more.add("inspectors check what it calls scratched, a lab finds out the truth later.");
        if (!noStory) {
            var chapters = new Chapters(door, new Factory(seed), lamps, versions);
            told.of(Story.start(chapters.all(), _ -> chapters.putBack(), CHAPTER, this::tell));
            more.add("Seven things happen in the next five minutes; they are said here, too.");
        }
        return new Showing.Shown(
                traffic,
                noStory ? "/endpoints/" + PhoneInspection.ENDPOINT : "/story",
                "A phone factory is at work. Look at it here:",
                more,
                "davy log tail --server " + door.server());
    }

    private void tell(String line) {
        if (connection.json()) return;
        var now = LocalTime.now(ZoneId.systemDefault()).format(CLOCK);
        connection.terminal().line("    " + now + "  " + Terminal.clean(line));
    }
}
