package dev.davy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// How much the closed-loop generator takes from what it measures, against a server that does
/// nothing and against the bare server; beside `wrk`, where that is installed.
final class GeneratorCheck implements Measurement {
    private static final int CONNECTIONS = 64;
    private static final Pattern WRK_RATE = Pattern.compile("Requests/sec:\\s*([0-9.]+)");

    @Override
    public String name() {
        return "generator";
    }

    @Override
    public String about() {
        return "the load generator itself: its ceiling, and beside wrk where it is installed";
    }

    @Override
    public List<Target> run(Place place) throws Exception {
        var warmUp = Duration.ofSeconds(place.quick() ? 2 : 8);
        var measured = Duration.ofSeconds(place.quick() ? 2 : 4);
        int rounds = place.quick() ? 1 : 3;
        var samples = new Samples();
        var script = script(place);
        for (int round = 0; round < rounds; round++) {
            for (boolean bare : new boolean[] {false, true}) {
                int port = ServerProcess.freePort();
                var command =
                        bare
                                ? new Candidate.Bare().command(place, place.work(), port, true)
                                : Candidate.java(
                                        BareServer.class,
                                        List.of(Candidate.JAVA_OPTIONS.split(" ")),
                                        Integer.toString(port));
                var name = bare ? "bare" : "echo";
                try (var server = ServerProcess.start(command, port, place.work().resolve(name))) {
                    server.awaitReady();
                    place.progress("round " + (round + 1) + ", " + name);
                    var load =
                            ClosedLoop.run(port, Requests.mlpJson(), CONNECTIONS, warmUp, measured);
                    samples.add(name + " ours", load.perSecond());
                    samples.add(name + " failures", (double) load.failures());
                    wrk(port, script, measured).ifPresent(rate -> samples.add(name + " wrk", rate));
                }
            }
        }
        var table = new Table("server", "ours, req/s", "wrk, req/s", "ours / wrk");
        for (var name : List.of("echo", "bare"))
            table.row(
                    name,
                    samples.median(name + " ours"),
                    samples.median(name + " wrk"),
                    samples.medianRatio(name + " ours", name + " wrk"));
        place.out().println(table);
        return List.of(
                Target.atLeast(
                        "its ceiling, against what the bare server reached under it",
                        samples.medianRatio("echo ours", "bare ours"),
                        1.2),
                Target.atMost(
                        "failed requests",
                        samples.max("echo failures") + samples.max("bare failures"),
                        0));
    }

    private static OptionalDouble wrk(int port, Path script, Duration measured)
            throws IOException, InterruptedException {
        Process process;
        try {
            process =
                    new ProcessBuilder(
                                    "wrk",
                                    "-t1",
                                    "-c" + CONNECTIONS,
                                    "-d" + measured.toSeconds() + "s",
                                    "-s",
                                    script.toString(),
                                    "http://127.0.0.1:" + port)
                            .redirectErrorStream(true)
                            .start();
        } catch (IOException notInstalled) {
            return OptionalDouble.empty();
        }
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor(10, TimeUnit.SECONDS);
        var rate = WRK_RATE.matcher(said);
        if (!rate.find()) throw new Unmeasurable("wrk said no rate: " + said);
        return OptionalDouble.of(Double.parseDouble(rate.group(1)));
    }

    private static Path script(Place place) throws IOException {
        return Files.writeString(
                place.work().resolve("mlp.lua"),
                """
                wrk.method = "POST"
                wrk.path = "/v2/models/mlp/infer"
                wrk.headers["Content-Type"] = "application/json"
                wrk.body = [[%s]]
                """
                        .formatted(Requests.jsonBody("x", "[1,20]", Requests.drawn(20))));
    }
}
