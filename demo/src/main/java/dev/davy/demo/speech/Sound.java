package dev.davy.demo.speech;

/// One sound of speech. Its resonances move from where they begin to where they end.
///
/// @param milliseconds how long it takes at an even pace
/// @param from the first three resonances of the tract at its beginning, Hz
/// @param to and at its end
/// @param voice how loud the vocal cords are, 0 to 1
/// @param noise how loud the air is, 0 to 1
/// @param noiseAt where the air's noise lies, Hz
record Sound(
        double milliseconds,
        Resonances from,
        Resonances to,
        double voice,
        double noise,
        double noiseAt) {

    /// Three resonances, Hz.
    record Resonances(double first, double second, double third) {}

    private static final Resonances NEUTRAL = new Resonances(500, 1_500, 2_500);

    static Sound vowel(double milliseconds, double first, double second, double third) {
        var at = new Resonances(first, second, third);
        return new Sound(milliseconds, at, at, 1, 0, 2_500);
    }

    /// This one, gliding to where another is.
    Sound to(Sound other) {
        return new Sound(milliseconds, from, other.to, voice, noise, noiseAt);
    }

    Sound quieter(double voice) {
        return new Sound(milliseconds, from, to, voice, noise, noiseAt);
    }

    static Sound hiss(double milliseconds, double at, double noise, double voice) {
        return new Sound(milliseconds, NEUTRAL, NEUTRAL, voice, noise, at);
    }

    /// The lips or the tongue are shut.
    static Sound gap(double milliseconds) {
        return new Sound(milliseconds, NEUTRAL, NEUTRAL, 0, 0, 2_500);
    }
}
