package dev.davy.strict;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

class GzipTest {
    private static final byte[] TEXT =
            "the same text, the same text, the same text".getBytes(UTF_8);

    private static byte[] joined(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (var part : parts) out.writeBytes(part);
        return out.toByteArray();
    }

    @Test
    void givesBackWhatWasPacked() throws Exception {
        var random = new Random(1);
        for (int length : new int[] {0, 1, 100, 16_384, 100_000}) {
            var bytes = new byte[length];
            random.nextBytes(bytes);
            assertThat(Gzip.inflate(Gzip.gzip(bytes), length)).isEqualTo(bytes);
            assertThat(Gzip.inflate(new ByteArrayInputStream(Gzip.gzip(bytes)), length))
                    .isEqualTo(bytes);
        }
        assertThat(
                        Gzip.inflate(
                                joined(Gzip.gzip(TEXT), Gzip.gzip(new byte[0]), Gzip.gzip(TEXT)),
                                1000))
                .isEqualTo(joined(TEXT, TEXT));
    }

    @Test
    void readsHeadersWithNameCommentExtraAndChecksum() {
        var plain = Gzip.gzip(TEXT);
        var body = Arrays.copyOfRange(plain, 10, plain.length);
        var header =
                new byte[] {
                    0x1F,
                    (byte) 0x8B,
                    8,
                    2 | 4 | 8 | 16,
                    0,
                    0,
                    0,
                    0,
                    0,
                    3,
                    2,
                    0,
                    'x',
                    'y',
                    'n',
                    0,
                    'c',
                    0,
                    1,
                    2
                };
        assertThat(Gzip.inflate(joined(header, body), 100)).isEqualTo(TEXT);
    }

    @Test
    void countsWhileItInflates() {
        var zeros = Gzip.gzip(new byte[10_000_000]);
        assertThat(Problems.of(() -> Gzip.inflate(zeros, 9_999_999)))
                .returns(Problem.Kind.TOO_LARGE, Problem::kind)
                .returns("too-large-when-unpacked", Problem::code);
        assertThat(Gzip.inflate(zeros, 10_000_000)).hasSize(10_000_000);
        // Each member is small, all together are not.
        var member = Gzip.gzip(new byte[1000]);
        var many = joined(member, member, member, member);
        assertThat(Problems.code(() -> Gzip.inflate(many, 3_999)))
                .isEqualTo("too-large-when-unpacked");
    }

    @Test
    void refusesEveryDamage() {
        var good = Gzip.gzip(TEXT);
        for (int length = 0; length < good.length; length++) {
            var cut = Arrays.copyOf(good, length);
            assertThat(Problems.code(() -> Gzip.inflate(cut, 1000)))
                    .isEqualTo("compressed-data-malformed");
        }
        for (int at = 0; at < good.length; at++) {
            // The time, and two bytes that nothing depends on.
            if (at >= 4 && at < 10) continue;
            for (int bit = 0; bit < 8; bit++) {
                var flipped = good.clone();
                flipped[at] ^= (byte) (1 << bit);
                try {
                    // Some bits mean nothing: that it is text, or those behind the last code.
                    assertThat(Gzip.inflate(flipped, 1000))
                            .as("bit %d of byte %d", bit, at)
                            .isEqualTo(TEXT);
                } catch (Problem problem) {
                    assertThat(problem.kind()).isIn(Problem.Kind.MALFORMED, Problem.Kind.TOO_LARGE);
                }
            }
        }
        for (var behind :
                new byte[][] {
                    {0}, {0x1F}, {0x1F, (byte) 0x8B}, "garbage".getBytes(UTF_8), new byte[100]
                })
            assertThat(Problems.code(() -> Gzip.inflate(joined(good, behind), 1000)))
                    .isEqualTo("compressed-data-malformed");
        assertThat(Problems.code(() -> Gzip.inflate(TEXT, 1000)))
                .isEqualTo("compressed-data-malformed");
    }

    @Test
    void readsWhatHttpCallsDeflate() throws Exception {
        var out = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(out)) {
            deflater.write(TEXT);
        }
        var good = out.toByteArray();
        assertThat(Gzip.inflateZlib(good, 100)).isEqualTo(TEXT);
        assertThat(Problems.code(() -> Gzip.inflateZlib(good, TEXT.length - 1)))
                .isEqualTo("too-large-when-unpacked");
        for (int length = 0; length < good.length; length++) {
            var cut = Arrays.copyOf(good, length);
            assertThat(Problems.code(() -> Gzip.inflateZlib(cut, 1000)))
                    .isEqualTo("compressed-data-malformed");
        }
        assertThat(Problems.code(() -> Gzip.inflateZlib(joined(good, good), 1000)))
                .isEqualTo("compressed-data-malformed");
        var dictionary = new Deflater();
        dictionary.setDictionary(TEXT);
        dictionary.setInput(TEXT);
        dictionary.finish();
        var packed = new byte[100];
        int length = dictionary.deflate(packed);
        dictionary.end();
        assertThat(Problems.code(() -> Gzip.inflateZlib(Arrays.copyOf(packed, length), 1000)))
                .isEqualTo("compressed-data-malformed");
    }
}
