package dev.davy.demo.phones;

/// What the day is like in the factory: the knobs that somebody may turn while it runs.
///
/// @param light how bright the lamps are, 1 as they were installed
/// @param dust how much of it lies on the glass, 1 as usual, 0 none
/// @param smudges how many fingers were there before, 1 as usual, 0 none
/// @param noise of the camera, 1 as usual
/// @param scratched the share of phones with a scratch, 0 to 1
/// @param phonesPerSecond that pass all cameras together
public record Conditions(
        double light,
        double dust,
        double smudges,
        double noise,
        double scratched,
        double phonesPerSecond) {

    /// A day like any other.
    public static final Conditions USUAL = new Conditions(1, 1, 1, 1, 0.12, 3);

    public Conditions {
        check("light", light, 0, 4);
        check("dust", dust, 0, 20);
        check("smudges", smudges, 0, 20);
        check("noise", noise, 0, 20);
        check("scratched", scratched, 0, 1);
        check("phonesPerSecond", phonesPerSecond, 0.01, 1_000);
    }

    private static void check(String name, double value, double least, double most) {
        if (!(value >= least && value <= most))
            throw new IllegalArgumentException(
                    name + " is " + value + "; it must be from " + least + " to " + most);
    }

    public Conditions light(double light) {
        return new Conditions(light, dust, smudges, noise, scratched, phonesPerSecond);
    }

    public Conditions dust(double dust) {
        return new Conditions(light, dust, smudges, noise, scratched, phonesPerSecond);
    }

    public Conditions scratched(double scratched) {
        return new Conditions(light, dust, smudges, noise, scratched, phonesPerSecond);
    }

    public Conditions phonesPerSecond(double phonesPerSecond) {
        return new Conditions(light, dust, smudges, noise, scratched, phonesPerSecond);
    }
}
