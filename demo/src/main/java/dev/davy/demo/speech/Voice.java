package dev.davy.demo.speech;

import java.util.List;
import java.util.random.RandomGenerator;

/// Somebody who speaks: pulses of the vocal cords, and noise of the air, through three resonances
/// of the tract one behind the other (Klatt 1980, with most of it left out).
///
/// @param name of nobody
/// @param pitch of the vocal cords, Hz
/// @param tract by how much the resonances lie higher than a grown man's: 1.15 is a short tract
/// @param pace 1 is even, 1.2 hurries
record Voice(String name, double pitch, double tract, double pace) {
    static final int RATE = 8_000;

    /// Those who speak in this house.
    static final List<Voice> ALL =
            List.of(
                    new Voice("ada", 205, 1.14, 1.05),
                    new Voice("ben", 110, 0.97, 0.95),
                    new Voice("cleo", 185, 1.08, 0.9),
                    new Voice("dan", 130, 1.0, 1.15),
                    new Voice("eve", 230, 1.18, 1.0),
                    new Voice("finn", 95, 0.94, 0.9));

    private static final double[] WIDTHS = {70, 100, 160};
    private static final double NOISE_WIDTH = 700;

    /// How fast mouth and tongue follow: so many seconds for two thirds of the way.
    private static final double SLUGGISH = 0.007;

    /// The word, never twice the same: pitch, tract and pace wander a little.
    float[] says(Word word, RandomGenerator chance) {
        double hurry = pace * between(chance, 0.85, 1.18);
        double scale = tract * between(chance, 0.96, 1.04);
        double high = pitch * between(chance, 0.9, 1.12);
        double falls = between(chance, 0.75, 1.0);
        int length = 0;
        for (var sound : word.sounds()) length += samples(sound, hurry);
        var out = new float[length + RATE / 50];
        var tracts = new Resonator[] {new Resonator(), new Resonator(), new Resonator()};
        var hiss = new Resonator();
        var now = new double[6];
        double phase = 0;
        double cords = 0;
        double before = 0;
        int at = 0;
        for (var sound : word.sounds()) {
            int samples = samples(sound, hurry);
            for (int i = 0; i < samples; i++, at++) {
                follow(now, sound, (double) i / samples, at == 0);
                double hertz =
                        high * (1 - (1 - falls) * at / length) * (1 + 0.01 * chance.nextGaussian());
                phase += hertz / RATE;
                boolean pulse = phase >= 1;
                if (pulse) phase -= 1;
                cords = 0.85 * cords + (pulse ? 12 : 0) * now[3];
                double voiced = cords;
                for (int f = 0; f < tracts.length; f++)
                    voiced = tracts[f].low(voiced, now[f] * scale, WIDTHS[f]);
                double air = hiss.band(chance.nextGaussian() * now[4], now[5], NOISE_WIDTH);
                // The lips send out what changes.
                out[at] = (float) (voiced - 0.7 * before + air);
                before = voiced;
            }
        }
        return out;
    }

    private static int samples(Sound sound, double hurry) {
        return (int) (sound.milliseconds() * RATE / 1_000 / hurry);
    }

    private static void follow(double[] now, Sound sound, double along, boolean first) {
        var from = sound.from();
        var to = sound.to();
        double step = first ? 1 : 1 - Math.exp(-1 / (SLUGGISH * RATE));
        now[0] += step * (from.first() + along * (to.first() - from.first()) - now[0]);
        now[1] += step * (from.second() + along * (to.second() - from.second()) - now[1]);
        now[2] += step * (from.third() + along * (to.third() - from.third()) - now[2]);
        now[3] += step * (sound.voice() - now[3]);
        now[4] += step * (sound.noise() - now[4]);
        now[5] += step * (sound.noiseAt() - now[5]);
    }

    static double between(RandomGenerator chance, double from, double to) {
        return from + (to - from) * chance.nextDouble();
    }

    /// A resonance: two numbers of memory.
    private static final class Resonator {
        private double last;
        private double lastButOne;

        private double low(double in, double hertz, double width) {
            double radius = Math.exp(-Math.PI * width / RATE);
            double back = 2 * radius * Math.cos(2 * Math.PI * hertz / RATE);
            double far = radius * radius;
            return remember(in * (1 - back + far) + back * last - far * lastButOne);
        }

        private double remember(double out) {
            lastButOne = last;
            last = out;
            return out;
        }

        /// Only what lies near it: the slow part of the answer is taken away.
        private double band(double in, double hertz, double width) {
            double radius = Math.exp(-Math.PI * width / RATE);
            double back = 2 * radius * Math.cos(2 * Math.PI * hertz / RATE);
            double slow = lastButOne;
            return remember(in * (1 - radius) + back * last - radius * radius * lastButOne) - slow;
        }
    }
}
