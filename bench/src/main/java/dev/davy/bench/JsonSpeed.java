package dev.davy.bench;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// What [JsonNumbers] takes per request and per answer, in time and in bytes allocated.
final class JsonSpeed implements Measurement {
    @Override
    public String name() {
        return "json";
    }

    @Override
    public String about() {
        return "reading and writing the numbers of a request: our scanner and writer, and Jackson";
    }

    @Override
    public List<Target> run(Place place) throws Exception {
        var options =
                new OptionsBuilder()
                        .include(JsonNumbers.class.getName())
                        .jvmArgs(
                                (Candidate.JAVA_OPTIONS + " --sun-misc-unsafe-memory-access=allow")
                                        .split(" "))
                        .forks(place.quick() ? 1 : 3)
                        .warmupIterations(place.quick() ? 2 : 5)
                        .warmupTime(TimeValue.milliseconds(500))
                        .measurementIterations(place.quick() ? 2 : 5)
                        .measurementTime(TimeValue.milliseconds(500))
                        .addProfiler(GCProfiler.class)
                        .verbosity(VerboseMode.SILENT)
                        .build();
        var table = new Table("what", "numbers", "µs", "bytes allocated");
        var found = new Samples();
        for (var result : new Runner(options).run()) {
            var what = result.getPrimaryResult().getLabel();
            var numbers = result.getParams().getParam("numbers");
            double micros = result.getPrimaryResult().getScore();
            found.add(what + numbers, micros);
            table.row(what, numbers, micros, allocated(result));
        }
        place.out().println(table);
        var targets = new ArrayList<Target>();
        for (var numbers : List.of("20", "4096"))
            for (var way : List.of("read", "write"))
                targets.add(
                        Target.atLeast(
                                "to %s %s numbers, Jackson's fast way takes of ours"
                                        .formatted(way, numbers),
                                found.medianRatio(
                                        way + "JacksonFast" + numbers, way + "Ours" + numbers),
                                way.equals("read") ? 2 : 1));
        return targets;
    }

    private static double allocated(RunResult result) {
        var bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
        return bytes == null ? Double.NaN : bytes.getScore();
    }
}
