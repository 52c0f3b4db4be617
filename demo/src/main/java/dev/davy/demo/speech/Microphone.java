package dev.davy.demo.speech;

import java.util.random.RandomGenerator;

/// What hears it.
public enum Microphone {
    /// The one that all recordings were made with.
    USUAL(1, 0, 1),

    /// A cheap one, turned up too far: loud parts are cut off, the low ones are lost, and it
    /// hisses.
    CHEAP(9, 0.9, 6);

    private static final double HISS = 0.0008;
    private static final double HUM = 0.0006;

    private final double gain;
    private final double lowCut;
    private final double hiss;

    Microphone(double gain, double lowCut, double hiss) {
        this.gain = gain;
        this.lowCut = lowCut;
        this.hiss = hiss;
    }

    /// What it makes of what is in the air, in 16 bits.
    short[] hears(float[] air, RandomGenerator chance) {
        var out = new short[air.length];
        double before = 0;
        double phase = chance.nextDouble();
        for (int at = 0; at < air.length; at++) {
            double hum = HUM * Math.sin(2 * Math.PI * (phase + 50.0 * at / Voice.RATE));
            double in = air[at] + HISS * hiss * chance.nextGaussian() + hum;
            double heard = gain * (in - lowCut * before);
            before = in;
            out[at] = (short) Math.round(Short.MAX_VALUE * Math.max(-1, Math.min(1, heard)));
        }
        return out;
    }
}
