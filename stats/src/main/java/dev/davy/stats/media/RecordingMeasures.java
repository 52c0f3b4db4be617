package dev.davy.stats.media;

/// What a recording sounds like, all channels together.
///
/// @param rate samples a second and channel
/// @param seconds its length
/// @param volume root mean square of the samples, 0 to 1; a sine at full scale has 0.707
/// @param silence share of samples below 1 % of full scale (-40 dBFS), 0 to 1
/// @param clipping share of samples at 99 % of full scale or beyond, 0 to 1: too loud for the
///   device
public record RecordingMeasures(
        int rate, double seconds, double volume, double silence, double clipping) {
    private static final float SILENT = 0.01f;

    /// The greatest 8-bit sample is 127/128: less than 1, and clipped.
    private static final float CLIPPED = 0.99f;

    /// @param samples of all channels, interleaved, -1 to 1, at least one
    public static RecordingMeasures of(int rate, int channels, float[] samples) {
        if (rate < 1 || channels < 1 || samples.length == 0)
            throw new IllegalArgumentException(
                    "%d samples of %d channels, %d a second"
                            .formatted(samples.length, channels, rate));
        double squares = 0;
        long silent = 0;
        long clipped = 0;
        for (float sample : samples) {
            float loud = Math.abs(sample);
            squares += (double) sample * sample;
            if (loud < SILENT) silent++;
            if (loud >= CLIPPED) clipped++;
        }
        double n = samples.length;
        return new RecordingMeasures(
                rate, n / channels / rate, Math.sqrt(squares / n), silent / n, clipped / n);
    }
}
