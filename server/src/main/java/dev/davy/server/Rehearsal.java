package dev.davy.server;

import dev.davy.http.HttpServer;
import dev.davy.http.HttpSettings;
import dev.davy.http.Routes;
import dev.davy.serving.Endpoints;
import dev.davy.serving.ServingRoutes;
import dev.davy.serving.oip.DataPath;
import dev.davy.storage.Log;
import dev.davy.strict.Problem;
import dev.davy.strict.SafePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Before the first caller comes, every endpoint is asked through the code that will answer them:
/// socket, parser, model, log, answer. A JVM runs code slowly until it has run it a few hundred
/// times, and the first callers would pay for that: without a rehearsal, one in a hundred of the
/// first five seconds waited 40 ms, with it 1 ms.
///
/// It happens on a port of its own on loopback, with a log of its own that is thrown away, so that
/// nothing of it is ever seen: no record, no statistics.
final class Rehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

    /// All endpoints together, however many they are; what was not asked by then is cold.
    private static final Duration AT_MOST = Duration.ofMillis(300);

    /// An endpoint is warm after so many calls on each connection.
    private static final int CALLS = 200;

    /// Of the smallest that a log can have: they are filled with zeros beforehand.
    private static final long SEGMENT_BYTES = 1 << 20;

    private Rehearsal() {}

    static void of(Davy davy) {
        var rehearsed = davy.endpoints().rehearsal();
        var scripts = scripts(rehearsed);
        if (scripts.isEmpty()) return;
        var folder = SafePath.inside(davy.folder().temporary(), "rehearsal");
        try {
            Files.createDirectories(folder);
            perform(davy, rehearsed, scripts, folder);
        } catch (IOException | Problem e) {
            // Nobody is served worse than without a rehearsal.
            LOG.warn("the endpoints could not be rehearsed, so their first answers are slower", e);
        } finally {
            delete(folder);
        }
    }

    private static List<Script> scripts(Endpoints endpoints) {
        var scripts = new ArrayList<Script>();
        for (var routing : endpoints.table().routes().values())
            if (routing.ready()) scripts.addAll(Script.of(routing));
        return scripts;
    }

    private static void perform(Davy davy, Endpoints endpoints, List<Script> scripts, Path folder)
            throws IOException {
        var settings = davy.settings();
        var apart =
                new Log.Settings(
                        SEGMENT_BYTES,
                        settings.log().syncEvery(),
                        settings.log().syncAlways(),
                        SEGMENT_BYTES,
                        Duration.ofDays(1),
                        Log.WhenFull.DROP_OLDEST);
        try (var log = Log.open(folder, settings.node(), apart, InstantSource.system());
                var predictor = davy.predictor(endpoints, log);
                var path = new DataPath(endpoints, predictor, settings.limits())) {
            var routes = new Routes();
            new ServingRoutes(endpoints, predictor, settings.limits()).addTo(routes);
            var address =
                    HttpSettings.of("127.0.0.1", 0, davy.folder().temporary())
                            .draining(Duration.ofSeconds(1));
            try (var http = HttpServer.start(address, routes, path, davy.tokens())) {
                play(http.port(), scripts, address.eventLoops());
            }
        }
    }

    /// On a connection for each event loop at the same time.
    private static void play(int port, List<Script> scripts, int connections) {
        long until = System.nanoTime() + AT_MOST.toNanos();
        try (var together = new Together()) {
            for (int i = 0; i < connections; i++)
                together.begin(() -> Script.play(port, scripts, CALLS, until));
        }
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        } catch (IOException e) {
            // the next start empties the temporary folder
        }
    }
}
