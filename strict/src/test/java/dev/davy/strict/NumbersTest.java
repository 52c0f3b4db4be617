package dev.davy.strict;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumbersTest {
    @Test
    void readsPlainDecimals() {
        assertThat(Numbers.decimal("-12.5")).isEqualTo(-12.5);
        assertThat(Numbers.decimal("+3e8")).isEqualTo(3e8);
        assertThat(Numbers.decimal(".5")).isEqualTo(0.5);
        assertThat(Numbers.decimal("5.")).isEqualTo(5);
        assertThat(Numbers.decimal("0")).isZero();
        assertThat(Numbers.decimal("1E-400")).isZero();
    }

    @Test
    void takesForTextWhatTheJdkTakesForNumbers() {
        for (var text :
                new String[] {
                    "", " 7", "7 ", "1d", "1f", "0x1p3", "0x10", "NaN", "nan", "Infinity", "inf",
                            "-inf", "1_000", "1,5",
                    "1,000.0", "٣", "１２", "--1", "+", "-", ".", "e5", "1e", "1e+", "1.2.3", "12:30",
                            "00501", "-007",
                    "00.5", "1\0", "NA", "null", "-", "½", "5%"
                }) {
            assertThat(Numbers.asDecimal(text)).as(text).isEmpty();
            assertThat(Numbers.asInteger(text)).as(text).isEmpty();
            assertThat(Problems.code(() -> Numbers.decimal(text)))
                    .isEqualTo("number-not-understood");
        }
    }

    @Test
    void neverGivesInfinity() {
        assertThat(Numbers.asDecimal("1e309")).isEmpty();
        assertThat(Problems.code(() -> Numbers.decimal("-1e309"))).isEqualTo("number-out-of-range");
        assertThat(Numbers.decimal("1.7976931348623157e308")).isEqualTo(Double.MAX_VALUE);
    }

    @Test
    void readsIntegersExactly() {
        assertThat(Numbers.integer("9007199254740993")).isEqualTo(9007199254740993L);
        assertThat(Numbers.integer("-9223372036854775808")).isEqualTo(Long.MIN_VALUE);
        assertThat(Numbers.integer("-0")).isZero();
        assertThat(Problems.code(() -> Numbers.integer("9223372036854775808")))
                .isEqualTo("number-out-of-range");
        assertThat(Numbers.asInteger("1.0")).isEmpty();
    }

    @Test
    void hashesAsTheStandardSays() throws Exception {
        // FIPS 180-2, appendix B.1; RFC 4231, test case 2.
        assertThat(Hashes.sha256("abc".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(
                        Hashes.hmac(
                                "Jefe".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                                "what do ya want for nothing?"
                                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assertThat(Hashes.same("ab", "ab")).isTrue();
        assertThat(Hashes.same("ab", "abc")).isFalse();
    }
}
