package dev.davy.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What `bench/run` starts: `Bench NAME [--quick] [--minutes N]` runs one measurement, `Bench`
/// lists them.
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
                    new Soak(),
                    new GeneratorCheck());

    private Bench() {}

    public static void main(String[] args) throws Exception {
        var words = new ArrayList<>(List.of(args));
        boolean quick = words.remove("--quick");
        var length = minutes(words);
        if (words.isEmpty()) {
            list();
            return;
        }
        var chosen = ALL.stream().filter(each -> each.name().equals(words.getFirst())).findFirst();
        boolean canBeLong = chosen.filter(each -> each instanceof Soak).isPresent();
        if (chosen.isEmpty() || words.size() > 1 || length.isPresent() && !canBeLong) {
            System.err.println("usage: bench/run NAME [--quick], bench/run soak [--minutes N]");
            System.err.println("where NAME is one of");
            list();
            System.exit(2);
        }
        try {
            var targets = chosen.orElseThrow().run(Place.here(quick).lasting(length));
            targets.forEach(each -> System.out.println(each.line()));
            System.exit(targets.stream().allMatch(Target::held) ? 0 : 1);
        } catch (Unmeasurable why) {
            System.err.println(why.getMessage());
            System.exit(3);
        }
    }

    /// Takes `--minutes N` out of the words; empty where it is not there, or is no number.
    private static Optional<Duration> minutes(List<String> words) {
        int at = words.indexOf("--minutes");
        if (at < 0 || at + 1 == words.size() || !words.get(at + 1).matches("[1-9]\\d{0,3}"))
            return Optional.empty();
        words.remove(at);
        return Optional.of(Duration.ofMinutes(Integer.parseInt(words.remove(at))));
    }

    private static void list() {
        for (var each : ALL) System.out.printf("%-10s %s%n", each.name(), each.about());
    }
}
