package dev.davy.bench;

import dev.davy.bench.VoicePipeline.Trouble;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Who is blamed when something goes wrong with a pipeline of a voice activity detector and a
/// recogniser, on real recordings.
final class Pipeline implements Measurement {
    private static final int SEEDS = 20;

    /// Of twenty.
    private static final double RIGHT = 0.95;

    @Override
    public String name() {
        return "pipeline";
    }

    @Override
    public String about() {
        return "who is to blame: the input, the detector, the recogniser, or nobody; real recordings";
    }

    @Override
    public List<Target> run(Place place) throws Exception {
        var data =
                data(place.root())
                        .orElseThrow(() ->
                                new Unmeasurable(
                                        "The recordings are not here: ../shared/data is not beside"
                                                + " this checkout."));
        int seeds = place.quick() ? 1 : SEEDS;
        int rows = place.quick() ? 80 : 200;
        var troubles =
                place.quick()
                        ? List.of(
                                Trouble.NOTHING,
                                Trouble.CUT_SHORT,
                                Trouble.NOISE,
                                Trouble.DETECTOR,
                                Trouble.RECOGNISER)
                        : List.of(Trouble.values());
        Map<Trouble, Map<String, Integer>> blamed = new EnumMap<>(Trouble.class);
        Map<Trouble, Double> silent = new EnumMap<>(Trouble.class);
        try (var pipeline = new VoicePipeline(place.root(), data, place.work())) {
            for (int seed = 1; seed <= seeds; seed++) {
                place.progress("seed " + seed + " of " + seeds);
                for (var said : pipeline.run(troubles, rows, seed)) {
                    blamed.computeIfAbsent(said.trouble(), any -> new TreeMap<>())
                            .merge(said.blamed(), 1, Integer::sum);
                    silent.merge(said.trouble(), 100 * said.silent() / seeds, Double::sum);
                }
            }
        }
        return told(place, troubles, blamed, silent, seeds);
    }

    private static List<Target> told(
            Place place,
            List<Trouble> troubles,
            Map<Trouble, Map<String, Integer>> blamed,
            Map<Trouble, Double> silent,
            int seeds) {
        var table =
                new Table(
                        "what happened",
                        "clips without speech, %",
                        "to be blamed",
                        "blamed rightly, of " + seeds,
                        "others blamed");
        var targets = new ArrayList<Target>();
        for (var trouble : troubles) {
            var counts = blamed.getOrDefault(trouble, Map.of());
            int right = counts.getOrDefault(trouble.blamed, 0);
            var others = new TreeMap<>(counts);
            others.remove(trouble.blamed);
            table.row(
                    trouble.what,
                    silent.getOrDefault(trouble, Double.NaN),
                    trouble.blamed,
                    right,
                    others.isEmpty() ? "-" : others.toString());
            // Each level of noise by itself is shown, and promised nothing about.
            if (trouble.isLevel()) continue;
            targets.add(
                    Target.atLeast(
                            trouble.what
                                    + ": share of seeds in which "
                                    + trouble.blamed
                                    + " is blamed",
                            (double) right / seeds,
                            RIGHT));
        }
        place.out().println(table);
        return targets;
    }

    /// The test data beside the checkout.
    static Optional<Path> data(Path root) {
        for (var at = root.toAbsolutePath().normalize(); at != null; at = at.getParent())
            if (Files.isDirectory(at.resolve("shared/data/fsdd")))
                return Optional.of(at.resolve("shared/data"));
        return Optional.empty();
    }
}
