package dev.davy.strict;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class JsonTest {
    private static JsonNode read(String json) {
        return Json.read(json.getBytes(UTF_8), Limits.DEFAULT);
    }

    @Test
    void readsTreesThatEqualJacksons() {
        var tree =
                read(
                        "{\"a\":[1,2.5,\"x\",true,null,-7,9007199254740993,18446744073709551616],\"b\":{}}");
        var same = Json.object();
        same.putArray("a")
                .add(1)
                .add(2.5)
                .add("x")
                .add(true)
                .addNull()
                .add(-7)
                .add(9007199254740993L)
                .add(new java.math.BigInteger("18446744073709551616"));
        same.putObject("b");
        assertThat(tree).isEqualTo(same);
        assertThat(Json.text(tree))
                .isEqualTo(
                        "{\"a\":[1,2.5,\"x\",true,null,-7,9007199254740993,18446744073709551616],\"b\":{}}");
    }

    @Test
    void refusesWhatJacksonTakes() {
        assertThat(Problems.code(() -> read("{\"a\":1,\"a\":2}"))).isEqualTo("json-duplicate-key");
        assertThat(Problems.code(() -> read("{\"a\":1,\"\\u0061\":2}")))
                .isEqualTo("json-duplicate-key");
        assertThat(Problems.code(() -> read("{} {}"))).isEqualTo("json-malformed");
        assertThat(Problems.code(() -> read("1e309"))).isEqualTo("number-out-of-range");
        assertThat(Problems.code(() -> read("\"\\ud800\""))).isEqualTo("json-malformed");
        assertThat(Problems.code(() -> read("[".repeat(65) + "]".repeat(65))))
                .isEqualTo("json-too-deep");
    }

    @Test
    void readsStreamsUpToTheirLimit() throws Exception {
        var json = "[1,2,3]".getBytes(UTF_8);
        assertThat(Json.read(new ByteArrayInputStream(json), 7, Limits.DEFAULT).size())
                .isEqualTo(3);
        assertThat(Problems.of(() -> Json.read(new ByteArrayInputStream(json), 6, Limits.DEFAULT)))
                .returns(Problem.Kind.TOO_LARGE, Problem::kind)
                .returns("json-too-large", Problem::code);
    }

    @SuppressWarnings("ArrayRecordComponent")
    record Reading(
            String name,
            Optional<String> unit,
            Instant at,
            Duration every,
            double[] values,
            double mean,
            Map<String, Integer> counts) {}

    @Test
    void writesRecordsAndNeverABareNaN() {
        var reading =
                new Reading(
                        "t",
                        Optional.empty(),
                        Instant.EPOCH,
                        Duration.ofSeconds(90),
                        new double[] {1, Double.NaN},
                        Double.POSITIVE_INFINITY,
                        Map.of("a", 1));
        var expected =
                "{\"name\":\"t\",\"unit\":null,\"at\":\"1970-01-01T00:00:00Z\",\"every\":\"PT1M30S\",\"values\":[1.0,null],\"mean\":null,\"counts\":{\"a\":1}}";
        assertThat(new String(Json.write(reading), UTF_8)).isEqualTo(expected);
        assertThat(read(expected)).isEqualTo(read(Json.text(Json.tree(reading))));
        assertThat(Json.text(Json.object().put("x", Float.NaN))).isEqualTo("{\"x\":null}");
        assertThat(new String(Json.write(List.of(Double.NaN, 1)), UTF_8)).isEqualTo("[null,1]");
    }

    @Test
    void survivesEqualHashCodesAndManyKeys() {
        var keys = new StringBuilder("{");
        for (int i = 0; i < 1 << 14; i++) {
            var key = new StringBuilder();
            // "Aa" and "BB" have one hash code, and so has every word made of them.
            for (int bit = 0; bit < 14; bit++) key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            keys.append(i == 0 ? "\"" : ",\"").append(key).append("\":").append(i);
        }
        assertThat(read(keys.append('}').toString()).size()).isEqualTo(1 << 14);
    }

    @Test
    void givesBackEveryTreeThatItWrote() {
        var random = new Random(42);
        for (int i = 0; i < 3_000; i++) {
            var tree = Json.tree(value(random, 0));
            assertThat(Json.read(Json.write(tree), Limits.DEFAULT)).isEqualTo(tree);
            var cursor = new JsonCursor();
            var bytes = Json.write(tree);
            cursor.reset(bytes, 0, bytes.length).skip();
            cursor.end();
        }
    }

    @Test
    void answersDamagedBodiesWithAValueOrAProblem() {
        var random = new Random(4711);
        var good =
                List.of(
                        "{\"id\":\"r-1\",\"inputs\":[{\"name\":\"x\",\"shape\":[2,2],\"datatype\":\"FP32\",\"data\":[[1.5,-2e3],[0.25,4]]}]}",
                        "{\"id\":\"é\\u20ac\",\"inputs\":[{\"name\":\"s\",\"shape\":[2],\"datatype\":\"BYTES\",\"data\":[\"a\",\"b\\n\"]}],\"parameters\":{\"k\":null}}",
                        "{\"inputs\":[{\"name\":\"i\",\"datatype\":\"INT64\",\"data\":[9007199254740993,1e3],\"shape\":[2]},{\"name\":\"b\",\"shape\":[1,1],\"datatype\":\"BOOL\",\"data\":[true]}]}");
        int values = 0;
        for (int i = 0; i < 60_000; i++) {
            var body = damaged(good.get(i % good.size()).getBytes(UTF_8), random);
            try {
                OipBody.read(body);
                values++;
            } catch (Problem problem) {
                assertThat(problem.kind()).isEqualTo(Problem.Kind.MALFORMED);
            } catch (RuntimeException e) {
                throw new AssertionError(new String(body, UTF_8), e);
            }
            try {
                Json.read(body, Limits.DEFAULT);
            } catch (Problem problem) {
                assertThat(problem.getMessage()).doesNotContainPattern("\\p{Cntrl}");
            }
        }
        assertThat(values).isBetween(1_000, 59_000);
    }

    private static byte[] damaged(byte[] good, Random random) {
        var body = good.clone();
        for (int n = 1 + random.nextInt(3); n > 0 && body.length > 1; n--) {
            int at = random.nextInt(body.length);
            switch (random.nextInt(5)) {
                case 0 -> body[at] = (byte) random.nextInt(256);
                case 1 ->
                        body[at] =
                                (byte) "[]{}:,\"\\0123456789eE+-.ntfu ".charAt(random.nextInt(28));
                case 2 -> body = java.util.Arrays.copyOf(body, at);
                case 3 -> {
                    int to = at + random.nextInt(body.length - at);
                    var shorter = java.util.Arrays.copyOf(body, body.length - (to - at));
                    System.arraycopy(body, to, shorter, at, body.length - to);
                    body = shorter;
                }
                default -> {
                    int length = random.nextInt(Math.min(20, body.length - at) + 1);
                    var longer = java.util.Arrays.copyOf(body, body.length + length);
                    System.arraycopy(body, at, longer, at + length, body.length - at);
                    body = longer;
                }
            }
        }
        return body;
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 4 ? 6 : 8)) {
            case 0 -> random.nextBoolean();
            case 1 -> random.nextInt();
            case 2 -> random.nextLong();
            case 3 -> random.nextGaussian() * Math.scalb(1.0, random.nextInt(600) - 300);
            case 4, 5 -> text(random);
            case 6 ->
                    random.ints(random.nextInt(5)).mapToObj(_ -> value(random, depth + 1)).toList();
            default -> {
                var map = new LinkedHashMap<String, Object>();
                for (int n = random.nextInt(5); n > 0; n--)
                    map.put(text(random), value(random, depth + 1));
                yield map;
            }
        };
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int n = random.nextInt(12); n > 0; n--) {
            int c = random.nextInt(random.nextBoolean() ? 0x80 : 0x11_0000);
            if (c >= ' ' && !(c >= 0xD800 && c <= 0xDFFF) || c == '\n' || c == '\t')
                text.appendCodePoint(c);
        }
        return text.toString();
    }
}
