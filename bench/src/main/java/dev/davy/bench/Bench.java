package dev.davy.bench;

import java.util.List;

/// What `bench/run` starts: `Bench NAME [--quick]` runs one measurement, `Bench` lists them.
///
/// Exit code 0: all targets held; 1: at least one was missed; 2: no such name; 3: it could not be
/// measured.
final class Bench {
    private static final List<Measurement> ALL =
            List.of(
                    new Serving(),
                    new Embedded(),
                    new LogKills(),
                    new Batch(),
                    new JsonSpeed(),
                    new Profiling(),
                    new Sequential(),
                    new Alarms(),
                    new Monitoring(),
                    new WindowKills(),
                    new Pipeline(),
                    new Rollouts(),
                    new Switches(),
                    new EqualRollouts(),
                    new Reviewing(),
                    new GeneratorCheck());

    private Bench() {}

    public static void main(String[] args) throws Exception {
        var names = List.of(args).stream().filter(each -> !each.startsWith("--")).toList();
        var flags = List.of(args).stream().filter(each -> each.startsWith("--")).toList();
        if (names.isEmpty()) {
            list();
            return;
        }
        var chosen = ALL.stream().filter(each -> each.name().equals(names.getFirst())).findFirst();
        if (chosen.isEmpty() || names.size() > 1 || !List.of("--quick").containsAll(flags)) {
            System.err.println("usage: bench/run NAME [--quick], where NAME is one of");
            list();
            System.exit(2);
        }
        try {
            var targets = chosen.orElseThrow().run(Place.here(flags.contains("--quick")));
            targets.forEach(each -> System.out.println(each.line()));
            System.exit(targets.stream().allMatch(Target::held) ? 0 : 1);
        } catch (Unmeasurable why) {
            System.err.println(why.getMessage());
            System.exit(3);
        }
    }

    private static void list() {
        for (var each : ALL) System.out.printf("%-10s %s%n", each.name(), each.about());
    }
}
