package dev.davy.strict;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JsonCursorTest {
    private final JsonCursor cursor = new JsonCursor();

    private JsonCursor on(String json) {
        var bytes = json.getBytes(UTF_8);
        return cursor.reset(bytes, 0, bytes.length);
    }

    private String refusal(String json) {
        return Problems.of(
                        () -> {
                            on(json).skip();
                            cursor.end();
                        })
                .why();
    }

    @Test
    void pullsAnObjectFieldByField() {
        on(" {\"a\" : [1, 2.5,\"x\"],\"b\":{\"c\":null}, \"d\":true,\"\\u00e9\":false} \n")
                .beginObject();
        assertThat(cursor.nextField()).isTrue();
        assertThat(cursor.fieldIs("a".getBytes(UTF_8))).isTrue();
        cursor.beginArray();
        assertThat(cursor.nextElement()).isTrue();
        assertThat(cursor.peek()).isEqualTo(JsonCursor.Kind.NUMBER);
        assertThat(cursor.int64(0, 9)).isEqualTo(1);
        assertThat(cursor.nextElement()).isTrue();
        assertThat(cursor.float64()).isEqualTo(2.5);
        assertThat(cursor.nextElement()).isTrue();
        assertThat(cursor.string()).isEqualTo("x");
        assertThat(cursor.nextElement()).isFalse();
        assertThat(cursor.nextField()).isTrue();
        assertThat(cursor.fieldName()).isEqualTo("b");
        cursor.skip();
        assertThat(cursor.nextField()).isTrue();
        assertThat(cursor.bool()).isTrue();
        assertThat(cursor.nextField()).isTrue();
        assertThat(cursor.fieldIs("é".getBytes(UTF_8))).isTrue();
        assertThat(cursor.fieldName()).isEqualTo("é");
        assertThat(cursor.bool()).isFalse();
        assertThat(cursor.nextField()).isFalse();
        cursor.end();
        assertThat(cursor.peek()).isEqualTo(JsonCursor.Kind.END);
    }

    @Test
    void readsAPartOfAnArrayOnly() {
        var bytes = "xx[1]yy".getBytes(UTF_8);
        cursor.reset(bytes, 2, 5).skip();
        cursor.end();
        assertThat(cursor.position()).isEqualTo(5);
        assertThatThrownBy(() -> cursor.reset(bytes, 3, 9))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void undoesEscapes() {
        assertThat(on("\"a\\\"\\\\\\/\\n\\r\\t\\u0041\\u00e9\\u20AC\\ud83d\\ude00é€😀\"").string())
                .isEqualTo("a\"\\/\n\r\tAé€😀é€😀");
        assertThat(on("\"\\u20ac\"").stringBytes()).isEqualTo("€".getBytes(UTF_8));
        assertThat(on("\"plain and long enough for eight\"").string())
                .isEqualTo("plain and long enough for eight");
    }

    @Test
    void refusesWhatIsNoJson() {
        for (var json :
                new String[] {
                    "",
                    " \n\t ",
                    "{",
                    "[",
                    "]",
                    "}",
                    "{}}",
                    "[1,]",
                    "[,1]",
                    "[1 2]",
                    "[1,,2]",
                    "{\"a\"}",
                    "{\"a\":}",
                    "{\"a\":1,}",
                    "{,}",
                    "{a:1}",
                    "{'a':1}",
                    "{\"a\":1 \"b\":2}",
                    "{\"a\":1}{\"a\":1}",
                    "1 2",
                    "nul",
                    "nulll",
                    "True",
                    "tru",
                    "NaN",
                    "Infinity",
                    "-Infinity",
                    "-",
                    "+1",
                    "01",
                    "-01",
                    "1.",
                    ".5",
                    "1e",
                    "1e+",
                    "0x1",
                    "1_0",
                    "\"",
                    "\"a",
                    "\"\\\"",
                    "\"\\x\"",
                    "\"\\u12\"",
                    "\"\\u12g4\"",
                    "\"\\u１234\"",
                    "// c\n1",
                    "/* c */ 1",
                    "1//c",
                    "\uFEFF1",
                    "\"\n\"",
                    "\"\t\"",
                    "\"\\u0000\"",
                    "\"\\b\"",
                    "\"\\u001b\"",
                    "\"\\ud800\"",
                    "\"\\udc00\"",
                    "\"\\ud800\\ud800\"",
                    "\"\\ud800x\"",
                    "\"\\ud800\\n\"",
                    "[1}",
                    "{\"a\":1]",
                    "undefined",
                    "\u00a01"
                }) {
            var problem =
                    Problems.of(() -> {
                        on(json).skip();
                        cursor.end();
                    });
            assertThat(problem.code()).as(json).isEqualTo("json-malformed");
            assertThat(problem.kind()).isEqualTo(Problem.Kind.MALFORMED);
        }
    }

    @Test
    void saysWhatTheTextLooksLike() {
        assertThat(refusal("")).contains("empty");
        assertThat(refusal("\uFEFF{}")).contains("byte order mark");
        for (var charset : new String[] {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32"}) {
            var bytes = "{\"a\":1}".getBytes(java.nio.charset.Charset.forName(charset));
            assertThat(Problems.of(() -> cursor.reset(bytes, 0, bytes.length).skip()).why())
                    .as(charset)
                    .contains("UTF-16");
        }
        var twice = Gzip.gzip("{}".getBytes(UTF_8));
        assertThat(Problems.of(() -> cursor.reset(twice, 0, twice.length).skip()).why())
                .contains("gzip");
        assertThat(refusal("{\"a\":1,}"))
                .isEqualTo("At byte 7 expected a name in double quotes, found '}'.");
    }

    @Test
    void refusesBrokenUtf8EvenInSkippedStringsAndNames() {
        var bad =
                new byte[][] {
                    {(byte) 0x80},
                    {(byte) 0xC0, (byte) 0xAF},
                    {(byte) 0xC3},
                    {(byte) 0xE0, (byte) 0x80, (byte) 0xAF},
                    {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
                    {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
                    {(byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
                    {(byte) 0xFF},
                    {(byte) 0xE2, (byte) 0x82}
                };
        for (var sequence : bad)
            for (var frame :
                    new String[] {"[\"%s\"]", "{\"%s\":1}", "[\"0123456789%s0123456789\"]"}) {
                var parts = frame.split("%s");
                var out = new java.io.ByteArrayOutputStream();
                out.writeBytes(parts[0].getBytes(UTF_8));
                out.writeBytes(sequence);
                out.writeBytes(parts[1].getBytes(UTF_8));
                var bytes = out.toByteArray();
                assertThat(Problems.of(() -> cursor.reset(bytes, 0, bytes.length).skip()).why())
                        .contains("not UTF-8");
            }
    }

    @Test
    void goesDownToItsLimitAndNoFurther() {
        on("[".repeat(64) + "]".repeat(64)).skip();
        cursor.end();
        assertThat(Problems.code(() -> on("[".repeat(65) + "]".repeat(65)).skip()))
                .isEqualTo("json-too-deep");
        assertThat(Problems.code(() -> on("[".repeat(100_000)).skip())).isEqualTo("json-too-deep");
        assertThat(Problems.code(() -> on("{\"a\":".repeat(100_000)).skip()))
                .isEqualTo("json-too-deep");
    }

    @Test
    void namesTheKindThatItFound() {
        assertThat(Problems.of(() -> on(" \"7\"").float32()))
                .returns("json-unexpected", Problem::code)
                .returns("At byte 1 expected a number, found a string.", Problem::why);
        assertThat(Problems.of(() -> on("null").beginArray()).why())
                .contains("expected an array, found null");
        assertThat(Problems.of(() -> on("[1]").beginObject()).why())
                .contains("expected an object, found an array");
        assertThat(Problems.of(() -> on("1").bool()).why())
                .contains("expected true or false, found a number");
        assertThat(Problems.of(() -> on("true").string()).why()).contains("found true");
        assertThat(Problems.code(() -> on("").nullValue())).isEqualTo("json-malformed");
    }

    @Test
    void readsIntegersExactlyHoweverTheyAreSpelled() {
        assertThat(on("9007199254740993").int64(Long.MIN_VALUE, Long.MAX_VALUE))
                .isEqualTo(9007199254740993L);
        assertThat(on("-9223372036854775808").int64(Long.MIN_VALUE, Long.MAX_VALUE))
                .isEqualTo(Long.MIN_VALUE);
        assertThat(on("9223372036854775807").int64(Long.MIN_VALUE, Long.MAX_VALUE))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(on("1e3").int64(0, 1000)).isEqualTo(1000);
        assertThat(on("10.50e1").int64(0, 1000)).isEqualTo(105);
        assertThat(on("-0").int64(0, 1000)).isZero();
        assertThat(on("0e999999999").int64(0, 1000)).isZero();
        assertThat(on("9007199254740993.0").int64(0, Long.MAX_VALUE)).isEqualTo(9007199254740993L);
        for (var json :
                new String[] {
                    "1.5",
                    "9223372036854775808",
                    "-9223372036854775809",
                    "1e19",
                    "1e1000000000",
                    "1e-1000000000",
                    "1e-1",
                    "0.99999999999999999999",
                    "18446744073709551616",
                    "1" + "0".repeat(990),
                    "123456789012345678.5"
                })
            assertThat(Problems.code(() -> on(json).int64(Long.MIN_VALUE, Long.MAX_VALUE)))
                    .as(json)
                    .isEqualTo("number-out-of-range");
        assertThat(Problems.of(() -> on("128").int64(-128, 127)).why())
                .isEqualTo("'128' is not an integer from -128 to 127.");
    }

    @Test
    void neverMakesInfinityOfANumber() {
        assertThat(on("3.4028235e38").float32()).isEqualTo(Float.MAX_VALUE);
        assertThat(on("3.4028235677973366e38").float32()).isEqualTo(Float.MAX_VALUE);
        for (var json :
                new String[] {"1e39", "-1e39", "3.4028235677973367e38", "1e309", "1e1000000000"})
            assertThat(Problems.code(() -> on(json).float32()))
                    .as(json)
                    .isEqualTo("number-out-of-range");
        assertThat(on("1e39").float64()).isEqualTo(1e39);
        assertThat(on("1.7976931348623158e308").float64()).isEqualTo(Double.MAX_VALUE);
        for (var json : new String[] {"1e309", "1.7976931348623159e308", "-1e1000000000"})
            assertThat(Problems.code(() -> on(json).float64()))
                    .as(json)
                    .isEqualTo("number-out-of-range");
        assertThat(on("1e-400").float64()).isZero();
        assertThat(on("4.9e-324").float64()).isEqualTo(Double.MIN_VALUE);
        assertThat(on("1.4e-45").float32()).isEqualTo(Float.MIN_VALUE);
        assertThat(on("-0.0").float32()).isEqualTo(-0f);
    }

    @Test
    void refusesNumbersLongerThanTheirLimit() {
        assertThat(on("1." + "0".repeat(998)).float64()).isEqualTo(1);
        assertThat(refusal("1." + "0".repeat(999))).contains("longer than 1000 characters");
        assertThat(refusal("1".repeat(1_000_000))).contains("longer than 1000 characters");
    }

    @Test
    void wantsItsCallerToKeepCount() {
        assertThatThrownBy(() -> on("1").nextElement()).isInstanceOf(IllegalStateException.class);
        on("[1]").beginArray();
        assertThatThrownBy(cursor::nextField).isInstanceOf(IllegalStateException.class);
    }
}
