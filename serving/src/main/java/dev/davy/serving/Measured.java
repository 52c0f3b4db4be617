package dev.davy.serving;

import dev.davy.schema.Media;
import dev.davy.stats.media.PictureMeasures;
import dev.davy.stats.media.RecordingMeasures;
import dev.davy.strict.Audio;
import dev.davy.strict.Images;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The few numbers that are kept of every large input, even when its content is sampled away: they
/// can't be had later.
final class Measured {
    private Measured() {}

    /// In which the log tells light.
    private static final int GREY_LEVELS = 255;

    /// Of an image: `width`, `height` in pixels, `brightness` and `contrast` (mean and standard
    /// deviation of its light, 0 to 255). Of a recording: `seconds`, `volume` (root mean square, 0
    /// to 1), `silence` (share of samples below 1 % of full scale). Empty for what can't be read.
    static Map<String, Double> of(Media media, Limits limits) {
        try {
            if (media.contentType().startsWith("image/"))
                return image(Images.decode(media.bytes(), limits));
            if (media.contentType().startsWith("audio/"))
                return sound(Audio.decode(media.bytes(), limits));
        } catch (Problem unreadable) {
            // The model's own reading says what is wrong with it; here it only has no measures.
        }
        return Map.of();
    }

    private static Map<String, Double> image(Images.Pixels pixels) {
        var of =
                PictureMeasures.of(
                        pixels.width(), pixels.height(), pixels.channels(), pixels.data());
        var measured = new LinkedHashMap<String, Double>();
        measured.put("width", (double) of.width());
        measured.put("height", (double) of.height());
        measured.put("brightness", GREY_LEVELS * of.brightness());
        measured.put("contrast", GREY_LEVELS * of.contrast());
        return measured;
    }

    private static Map<String, Double> sound(Audio.Sound sound) {
        var of = RecordingMeasures.of(sound.rate(), sound.channels(), sound.samples());
        var measured = new LinkedHashMap<String, Double>();
        measured.put("seconds", of.seconds());
        measured.put("volume", of.volume());
        measured.put("silence", of.silence());
        return measured;
    }

    /// Of 32-bit floats: `mean`, `sd`, `min`, `max` of the finite ones and `not-finite`, their
    /// number.
    static Map<String, Double> of(float[] values, int count) {
        var fast = whileFinite(values, count);
        if (fast != null) return fast;
        double sum = 0, squares = 0, min = Double.POSITIVE_INFINITY, max = Double.NEGATIVE_INFINITY;
        int finite = 0;
        for (int i = 0; i < count; i++) {
            float value = values[i];
            if (Math.abs(value) <= Float.MAX_VALUE) {
                finite++;
                sum += value;
                squares += (double) value * value;
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
        }
        return measured(sum, squares, min, max, finite, count);
    }

    /// The same where all are finite, as nearly always: four sums that don't wait for each other
    /// are three times as fast as one, and this is paid for each large input. Null when one is not
    /// finite.
    private static @Nullable Map<String, Double> whileFinite(float[] values, int count) {
        double sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
        double squares0 = 0, squares1 = 0, squares2 = 0, squares3 = 0;
        float min = Float.POSITIVE_INFINITY, max = Float.NEGATIVE_INFINITY;
        int i = 0;
        for (; i + 3 < count; i += 4) {
            double a = values[i], b = values[i + 1], c = values[i + 2], d = values[i + 3];
            sum0 += a;
            sum1 += b;
            sum2 += c;
            sum3 += d;
            squares0 += a * a;
            squares1 += b * b;
            squares2 += c * c;
            squares3 += d * d;
        }
        for (; i < count; i++) {
            sum0 += values[i];
            squares0 += (double) values[i] * values[i];
        }
        double squares = squares0 + squares1 + squares2 + squares3;
        // The square of a finite float is a finite double, so one that is not finite shows here.
        if (!Double.isFinite(squares)) return null;
        for (int k = 0; k < count; k++) {
            min = Math.min(min, values[k]);
            max = Math.max(max, values[k]);
        }
        return measured(sum0 + sum1 + sum2 + sum3, squares, min, max, count, count);
    }

    private static Map<String, Double> measured(
            double sum, double squares, double min, double max, int finite, int count) {
        var measured = new LinkedHashMap<String, Double>();
        if (finite > 0) {
            double mean = sum / finite;
            measured.put("mean", mean);
            measured.put("sd", Math.sqrt(Math.max(0, squares / finite - mean * mean)));
            measured.put("min", min);
            measured.put("max", max);
        }
        measured.put("not-finite", (double) (count - finite));
        return measured;
    }

    /// A 64-bit digest of bytes, fast rather than proof against forgery: it tells equal inputs, and
    /// is not a name under which anything is stored.
    static long digest(ByteBuffer bytes) {
        var in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        long a = 0x9E3779B97F4A7C15L ^ in.remaining(), b = 0xC2B2AE3D27D4EB4FL;
        while (in.remaining() >= 16) {
            a = Long.rotateLeft(a ^ in.getLong() * 0x9FB21C651E98DF25L, 29) * 0xBF58476D1CE4E5B9L;
            b = Long.rotateLeft(b ^ in.getLong() * 0xD6E8FEB86659FD93L, 31) * 0x94D049BB133111EBL;
        }
        while (in.hasRemaining()) a = (a ^ in.get() & 0xff) * 0x100000001b3L;
        long h = a ^ Long.rotateLeft(b, 17);
        h = (h ^ h >>> 32) * 0xD6E8FEB86659FD93L;
        return h ^ h >>> 32;
    }
}
