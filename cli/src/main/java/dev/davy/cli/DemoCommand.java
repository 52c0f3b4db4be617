package dev.davy.cli;

import dev.davy.demo.Door;
import dev.davy.demo.Pace;
import dev.davy.demo.Traffic;
import dev.davy.demo.phones.Conditions;
import dev.davy.demo.phones.Factory;
import dev.davy.demo.phones.Lamps;
import dev.davy.demo.phones.NewVersions;
import dev.davy.demo.phones.PhoneInspection;
import dev.davy.demo.phones.PhoneInspection.Version;
import dev.davy.demo.phones.Seat;
import dev.davy.demo.phones.TrainingFolder;
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
    private static final Duration BEFORE = Duration.ofMinutes(20);

    /// When the lamps go dim: some minutes after the versions, so that what is normal for the one
    /// that came live is learned; and soon where there are none.
    private static final Duration AFTER_ROLLOUTS = Duration.ofSeconds(60);

    private static final Duration WITHOUT_ROLLOUTS = Duration.ofMinutes(2);

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

    @Option(names = "--phones", paramLabel = "N", description = "so many pass each second (2)")
    private double phones = 2;

    @Option(names = "--seed", paramLabel = "N", description = "another seed, other phones (2026)")
    private long seed = SEED;

    @Option(
            names = "--no-rollouts",
            description = "no new versions of the model come while you watch")
    private boolean noRollouts;

    @Option(
            names = "--write-photos",
            paramLabel = "DIR",
            description = "no server: write photos with their truth, to train a model on")
    private @Nullable Path photosTo;

    @Option(names = "--photos", paramLabel = "N", description = "how many to write (10000)")
    private int photos = 10_000;

    @Option(
            names = "--scratched",
            paramLabel = "PERCENT",
            description = "how many phones have a scratch (12)")
    private double scratched = 100 * Conditions.USUAL.scratched();

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
        if (photosTo != null) return write(photosTo, conditions);
        LogLines.begin();
        var showing =
                new Showing(
                        connection.terminal(),
                        connection.json(),
                        Optional.ofNullable(data),
                        port == null ? OptionalInt.empty() : OptionalInt.of(port),
                        !noBrowser);
        return showing.run(door -> factory(door, conditions));
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

    private int write(Path folder, Conditions conditions) throws IOException {
        if (photos < 1 || photos > 1_000_000) return misused("photos is " + photos);
        TrainingFolder.write(folder, seed, photos, conditions);
        connection.terminal().line(photos + " photos are in " + folder.toAbsolutePath() + ".");
        return Exit.YES;
    }

    private Showing.Shown factory(Door door, Conditions conditions) {
        var versions =
                PhoneInspection.prepare(
                        door, noRollouts ? List.of(Version.BETTER) : List.of(Version.values()));
        var lamps = new Lamps(conditions, this::tell);
        var source = new PhoneInspection(new Factory(seed), lamps);
        var pace = new Pace(conditions.phonesPerSecond());
        var traffic = Traffic.start(door, source, pace, BEFORE, InstantSource.system());
        var more = new ArrayList<String>();
        more.add("Three lines, a camera on each; a model looks at every phone,");
        more.add("inspectors check what it calls scratched, a lab finds out the truth later.");
        if (!noRollouts) {
            more.add(
                    "In a minute a better version of the model begins to come live, in about five");
            more.add("minutes it is, and then a bad one is tried; after it the lamps go dim.");
            more.add("What happens is said here.");
            NewVersions.start(
                    door,
                    versions.get(1),
                    versions.get(2),
                    this::tell,
                    () -> lamps.dimAfter(AFTER_ROLLOUTS));
        } else {
            more.add("In two minutes the lamps above the belt begin to go dim.");
            lamps.dimAfter(WITHOUT_ROLLOUTS);
        }
        Seat.start(door, new Factory(seed), versions.get(noRollouts ? 0 : 1), this::tell);
        return new Showing.Shown(
                traffic,
                "/endpoints/" + PhoneInspection.ENDPOINT,
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
