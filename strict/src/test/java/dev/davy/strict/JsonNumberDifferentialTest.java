package dev.davy.strict;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Our numbers against the JDK's, which are known to be exact (since JDK 19, shortest too).
/// `-Ddavy.spellings=5000000` tries more.
class JsonNumberDifferentialTest {
    private static final int SPELLINGS = Integer.getInteger("davy.spellings", 200_000);

    private final JsonCursor cursor = new JsonCursor();
    private final JsonWriter writer = new JsonWriter();

    @Test
    void readsEverySpellingAsTheJdkDoes() {
        var random = new Random(20_261_121);
        for (int i = 0; i < SPELLINGS; i++) {
            var text = (random.nextInt(4) == 0 ? "-" : "") + spelling(random);
            var bytes = text.getBytes(US_ASCII);
            if (bytes.length > 1000) continue;
            float single = Float.parseFloat(text);
            double twice = Double.parseDouble(text);
            if (Float.isFinite(single)) {
                assertThat(cursor.reset(bytes, 0, bytes.length).float32())
                        .as(text)
                        .isEqualTo(single);
            } else {
                assertThat(Problems.code(() -> cursor.reset(bytes, 0, bytes.length).float32()))
                        .as(text)
                        .isEqualTo("number-out-of-range");
            }
            if (Double.isFinite(twice))
                assertThat(cursor.reset(bytes, 0, bytes.length).float64())
                        .as(text)
                        .isEqualTo(twice);
            else
                assertThat(Problems.code(() -> cursor.reset(bytes, 0, bytes.length).float64()))
                        .as(text)
                        .isEqualTo("number-out-of-range");
        }
    }

    @Test
    void readsWholeArraysAsTheJdkDoes() {
        var random = new Random(31);
        int count = 24;
        var texts = new String[count];
        for (int i = 0; i < SPELLINGS / count; i++) {
            for (int k = 0; k < count; k++) {
                do
                    texts[k] =
                            (random.nextBoolean() ? "-" : "")
                                    + (i % 2 == 0 ? spelling(random) : ordinary(random));
                while (texts[k].length() > 1000 || !Float.isFinite(Float.parseFloat(texts[k])));
            }
            var array =
                    ("[" + String.join(i % 3 == 0 ? "," : i % 3 == 1 ? ", " : " ,\n ", texts) + "]")
                            .getBytes(US_ASCII);
            var singles = new float[count];
            var twice = new double[count];
            cursor.reset(array, 0, array.length).float32s(singles, count, new long[] {count});
            cursor.end();
            cursor.reset(array, 0, array.length).float64s(twice, count, new long[] {count});
            for (int k = 0; k < count; k++) {
                assertThat(singles[k]).as(texts[k]).isEqualTo(Float.parseFloat(texts[k]));
                assertThat(twice[k]).as(texts[k]).isEqualTo(Double.parseDouble(texts[k]));
            }
        }
    }

    @Test
    void readsWholeArraysOfIntegersExactly() {
        var random = new Random(32);
        int count = 24;
        var expected = new long[count];
        for (int i = 0; i < SPELLINGS / count; i++) {
            var text = new StringBuilder("[");
            for (int k = 0; k < count; k++) {
                expected[k] = random.nextLong() >> random.nextInt(64);
                text.append(k == 0 ? "" : i % 2 == 0 ? "," : ", ")
                        .append(expected[k])
                        .append(random.nextInt(9) == 0 ? ".0" : "");
            }
            var array = text.append(']').toString().getBytes(US_ASCII);
            var into = new long[count];
            cursor.reset(array, 0, array.length)
                    .int64s(into, count, new long[] {count}, Long.MIN_VALUE, Long.MAX_VALUE);
            assertThat(into).as(text.toString()).isEqualTo(expected);
        }
    }

    /// As programs write measurements.
    private static String ordinary(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Float.toString(Math.abs(random.nextFloat()));
            case 1 -> Double.toString(random.nextDouble() * 1000);
            case 2 -> Integer.toString(random.nextInt(10_000_000));
            default ->
                    "%.".concat(1 + random.nextInt(18) + "f").formatted(random.nextDouble() * 100);
        };
    }

    @Test
    void writesTheShortestTextThatReadsBackTheSame() {
        var random = new Random(7);
        for (int i = 0; i < SPELLINGS; i++) {
            float single = Float.intBitsToFloat(i < 300 ? i : random.nextInt());
            if (Float.isFinite(single)) {
                writer.reset().value(single);
                var text = text();
                assertThat(Float.parseFloat(text)).as(text).isEqualTo(single);
                assertThat(digits(text))
                        .as(text)
                        .isLessThanOrEqualTo(digits(Float.toString(single)));
            }
            double twice = Double.longBitsToDouble(i < 300 ? i : random.nextLong());
            if (Double.isFinite(twice)) {
                writer.reset().value(twice);
                var text = text();
                assertThat(Double.parseDouble(text)).as(text).isEqualTo(twice);
                assertThat(digits(text))
                        .as(text)
                        .isLessThanOrEqualTo(digits(Double.toString(twice)));
            }
        }
    }

    @Test
    void writesEveryPowerOfTwoAndTenAndTheirNeighbours() {
        for (int e = -1074; e < 1024; e++) checkAround(Math.scalb(1.0, e));
        for (int e = -323; e <= 308; e++) checkAround(Double.parseDouble("1e" + e));
        for (int e = -149; e < 128; e++) {
            float power = Math.scalb(1f, e);
            for (float value : new float[] {power, Math.nextUp(power), Math.nextDown(power)}) {
                writer.reset().value(value);
                assertThat(Float.parseFloat(text())).isEqualTo(value);
            }
        }
    }

    private void checkAround(double power) {
        for (double value : new double[] {power, Math.nextUp(power), Math.nextDown(power)}) {
            writer.reset().value(value);
            assertThat(Double.parseDouble(text())).isEqualTo(value);
            var bytes =
                    Double.toString(value).toLowerCase(java.util.Locale.ROOT).getBytes(US_ASCII);
            assertThat(cursor.reset(bytes, 0, bytes.length).float64()).isEqualTo(value);
        }
    }

    private String text() {
        return new String(writer.array(), 0, writer.length(), US_ASCII);
    }

    private static int digits(String number) {
        return new BigDecimal(number).stripTrailingZeros().precision();
    }

    /// A positive number as somebody may write it: ordinary, extreme, long, or just in the middle
    /// between two floats.
    private static String spelling(Random random) {
        return switch (random.nextInt(9)) {
            case 0 -> plain(Math.abs(Float.intBitsToFloat(random.nextInt())));
            case 1 -> plain(Math.abs(Double.longBitsToDouble(random.nextLong())));
            case 2 -> Long.toString(random.nextLong() >>> 1 + random.nextInt(62));
            case 3 -> random.nextInt(1000) + "." + (random.nextLong() >>> 1);
            case 4 ->
                    (1 + random.nextInt(9))
                            + digits(random, 40)
                            + "."
                            + digits(random, 40)
                            + "0E"
                            + (random.nextInt(700) - 350);
            case 5 ->
                    "0."
                            + "0".repeat(random.nextInt(40))
                            + (random.nextLong() >>> 1)
                            + "e"
                            + (random.nextInt(90) - 45);
            case 6 -> middle(random);
            case 7 ->
                    "%.6f"
                            .formatted(random.nextGaussian() * random.nextGaussian())
                            .replace("-", "");
            default -> (random.nextLong() >>> 1) + "e+" + random.nextInt(30);
        };
    }

    private static String plain(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "0";
    }

    private static String plain(float value) {
        return Float.isFinite(value) ? Float.toString(value) : "0";
    }

    private static String digits(Random random, int most) {
        var digits = new StringBuilder();
        for (int n = random.nextInt(most); n > 0; n--)
            digits.append(random.nextInt(3) == 0 ? random.nextInt(10) : 0);
        return digits.toString();
    }

    /// Exactly between two neighbours, or a hair beside: where one digit decides.
    private static String middle(Random random) {
        BigDecimal sum;
        if (random.nextBoolean()) {
            float value = Float.intBitsToFloat(random.nextInt(0x7F7F_FFFF));
            sum = new BigDecimal(value).add(new BigDecimal(Math.nextUp(value)));
        } else {
            double value = random.nextDouble() * Math.scalb(1.0, random.nextInt(200) - 100);
            sum = new BigDecimal(value).add(new BigDecimal(Math.nextUp(value)));
        }
        var middle = sum.divide(BigDecimal.TWO);
        var hair = middle.ulp();
        var chosen =
                switch (random.nextInt(3)) {
                    case 0 -> middle;
                    case 1 -> middle.add(hair);
                    default -> middle.subtract(hair);
                };
        return chosen.toPlainString();
    }
}
