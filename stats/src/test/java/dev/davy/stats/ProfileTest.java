package dev.davy.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ProfileTest {

    @Test
    void countsRowsAndWhatIsMissingFromThem() {
        var profile =
                new Profile.Builder(List.of("never"))
                        .add(row("age", 31L, "line", "A"))
                        .add(row("age", null, "line", "B"))
                        .add(row("line", "A", "late", true))
                        .build();
        assertThat(profile.rows()).isEqualTo(3);
        assertThat(profile.columns().keySet()).containsExactly("age", "late", "line", "never");
        assertThat(column(profile, "age").missing()).isEqualTo(2);
        assertThat(column(profile, "late").missing()).isEqualTo(2);
        assertThat(column(profile, "late").texts().values()).isEqualTo(Map.of("true", 1L));
        assertThat(column(profile, "line").texts().values()).isEqualTo(Map.of("A", 2L, "B", 1L));
        assertThat(column(profile, "never").missing()).isEqualTo(3);
    }

    @Test
    void countsWhatIsNoNumberAsMissingAndShowsItApart() {
        var profile =
                new Profile.Builder()
                        .add(row("x", 1.0))
                        .add(row("x", Double.NaN))
                        .add(row("x", Float.NaN))
                        .add(row("x", Double.NEGATIVE_INFINITY))
                        .add(row("x", null))
                        .build();
        var x = column(profile, "x");
        assertThat(x.missing()).isEqualTo(4);
        assertThat(x.nan()).isEqualTo(2);
        assertThat(x.infinite()).isEqualTo(1);
        assertThat(x.moments().mean()).isEqualTo(1);
        assertThat(x.quantile(0.5)).hasValue(1);
    }

    @Test
    void takesNumbersTextsTimesAndOtherThingsForWhatTheyAre() {
        var profile =
                new Profile.Builder()
                        .add(row("x", 5))
                        .add(row("x", 5.0))
                        .add(row("x", Instant.ofEpochSecond(7)))
                        .add(row("x", "5"))
                        .add(row("x", new float[3]))
                        .build();
        var x = column(profile, "x");
        assertThat(x.numbers().values()).isEqualTo(Map.of("5", 2L, "7", 1L));
        assertThat(x.texts().values()).isEqualTo(Map.of("5", 1L));
        assertThat(x.unprofiled()).isEqualTo(1);
        assertThat(x.missing()).isZero();
    }

    @Test
    void mergesToWhatTheWholeWouldHaveGiven() {
        var random = new Random(20_261_121);
        for (int round = 0; round < 40; round++) {
            var rows = rows(random, 1 + random.nextInt(3_000));
            var whole = profile(rows);
            var parts = new ArrayList<Profile>();
            for (int from = 0; from < rows.size(); ) {
                int to = Math.min(rows.size(), from + 1 + random.nextInt(900));
                parts.add(profile(rows.subList(from, to)));
                from = to;
            }
            parts.add(Profile.EMPTY);
            Collections.shuffle(parts, random);
            var merged = mergedInPairs(parts, random);
            assertThat(exact(merged)).as("round %d", round).isEqualTo(exact(whole));
            for (var name : whole.columns().keySet())
                assertClose(column(merged, name).moments(), column(whole, name).moments());
        }
    }

    @Test
    void commutesToTheByteAndLeavesEverythingBesideNothing() {
        var random = new Random(4);
        for (int round = 0; round < 30; round++) {
            var a = profile(rows(random, 1 + random.nextInt(2_000)));
            var b = profile(rows(random, 1 + random.nextInt(2_000)));
            assertThat(text(a.merge(b))).as("round %d", round).isEqualTo(text(b.merge(a)));
            assertThat(text(a.merge(Profile.EMPTY))).isEqualTo(text(a));
            assertThat(text(Profile.EMPTY.merge(a))).isEqualTo(text(a));
        }
    }

    @Test
    void givesTheSameBytesForTheSameRows() {
        assertThat(bytes(profile(rows(new Random(9), 5_000))))
                .isEqualTo(bytes(profile(rows(new Random(9), 5_000))));
    }

    @Test
    void writesWhatLaterReleasesMustRead() {
        var builder = new Profile.Builder();
        for (double x : new double[] {-3, 0, 1, 2.5, 2.5, 1e6}) builder.add(row("x", x));
        builder.add(row("x", "n/a"));
        assertThat(text(builder.build()))
                .isEqualTo(
                        """
                        {"format":"davy-profile-2","rows":7,"columns":{"x":{"count":7,"missing":0,\
                        "nan":0,"infinite":0,"moments":{"count":6,"mean":166667.1666666667,\
                        "squares":8.333323333543333E11,"min":-3.0,"max":1000000.0},"quantiles":\
                        {"accuracy":0.01,"zeros":1,"negative":[55,1],"positive":[0,1,46,2,697,1]},\
                        "numbers":{"values":{"-3":1,"0":1,"1":1,"1000000":1,"2.5":2},"other":0},\
                        "texts":{"values":{"n/a":1},"other":0},"lengths":{"count":1,"mean":3.0,\
                        "squares":0.0,"min":3.0,"max":3.0}}}}\
                        """);
        var many = new Profile.Builder();
        for (int i = 0; i < 2_000; i++) many.add(row("t", "v" + i));
        assertThat(column(many.build(), "t").texts().values().keySet().stream().limit(8))
                .containsExactly("v0", "v10", "v1001", "v1002", "v1004", "v1005", "v1006", "v1007");
    }

    @Test
    void readsWhatTheFirstReleaseWrote() {
        var json =
                parsed(
                        """
                        {"format":"davy-profile-1","rows":2,"columns":{"t":{"count":2,"missing":0,
                        "nan":0,"infinite":0,"texts":{"values":{"a":1,"b":1},"other":0}}}}
                        """);
        var read = Profile.read(json);
        assertThat(column(read, "t").distinctValues()).isEqualTo(2);
        assertThat(read.merge(profile(List.of(row("t", "c")))).rows()).isEqualTo(3);
    }

    @Test
    void estimatesHowManyDifferentValuesThereAreWithinItsError() {
        for (int different : new int[] {100, 1_000, 1_001, 5_000, 100_000}) {
            var numbers = ColumnCounter.of();
            var texts = ColumnCounter.of();
            for (int i = 0; i < different; i++) {
                numbers.add((double) i * 1.7);
                texts.add("text " + i);
                texts.add("text " + i / 2);
            }
            for (var column : List.of(numbers.profile(), texts.profile()))
                assertThat(column.distinctValues())
                        .as("%d different", different)
                        .isCloseTo(different, within(4 * Distinct.ERROR * different));
        }
    }

    @Test
    void keepsTheMostFrequentOfManyTextsWithinTheirBound() {
        var random = new Random(7);
        var parts = new ArrayList<ColumnProfile>();
        var truth = new LinkedHashMap<String, Long>();
        for (int part = 0; part < 5; part++) {
            var counter = ColumnCounter.of();
            for (int i = 0; i < 4_000; i++) {
                // Zipf-like: few texts make up most, thousands come once or twice.
                var text = "t" + (int) Math.pow(20_000, random.nextDouble());
                truth.merge(text, 1L, Long::sum);
                counter.add(text);
            }
            parts.add(counter.profile());
        }
        var whole = parts.stream().reduce((a, b) -> b.merge(a)).orElseThrow();
        assertThat(whole.texts().complete()).isFalse();
        assertThat(whole.frequent().error()).isLessThanOrEqualTo(20_000 / Frequent.KEPT);
        for (var item : whole.mostFrequent())
            assertThat(truth.getOrDefault(item.text(), 0L))
                    .isBetween(item.atLeast(), item.atLeast() + whole.frequent().error());
        assertThat(whole.mostFrequent().getFirst().text()).isEqualTo("t1");
    }

    @Test
    void countsArraysAsItCountsOneByOne() {
        var random = new Random(3);
        for (int round = 0; round < 20; round++) {
            var values = new double[1 + random.nextInt(3_000)];
            var missing = new boolean[values.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = round % 2 == 0 ? random.nextInt(50) : random.nextGaussian() * 100;
                if (random.nextInt(100) == 0) values[i] = Double.NaN;
                missing[i] = random.nextInt(20) == 0;
            }
            double[] edges = {-50, 0, 10, 25, 49};
            var one = ColumnCounter.of(edges);
            var many = ColumnCounter.of(edges);
            for (int i = 0; i < values.length; i++) one.add(missing[i] ? null : values[i]);
            many.add(values, missing, values.length);
            var a = one.profile();
            var b = many.profile();
            assertThat(b.bins()).isEqualTo(a.bins());
            assertThat(b.quantiles()).isEqualTo(a.quantiles());
            assertThat(b.numbers()).isEqualTo(a.numbers());
            assertThat(b.distinct()).isEqualTo(a.distinct());
            assertThat(b.missing()).isEqualTo(a.missing());
            assertThat(b.nan()).isEqualTo(a.nan());
            assertClose(b.moments(), a.moments());
            assertThat(a.bins().counts().stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(a.moments().count());
            assertThat(ColumnProfile.missing(4).merge(a).bins()).isEqualTo(a.bins());
        }
    }

    @Test
    void takesFewBytesForTwentyColumns() {
        var random = new Random(5);
        var builder = new Profile.Builder();
        for (int i = 0; i < 20_000; i++) {
            var row = new LinkedHashMap<String, @Nullable Object>();
            for (int c = 0; c < 15; c++) row.put("number-" + c, random.nextGaussian());
            for (int c = 0; c < 5; c++) row.put("category-" + c, "class-" + random.nextInt(8));
            builder.add(row);
        }
        var profile = builder.build();
        var bytes = profile.bytes();
        assertThat(bytes.length).isBetween(1, 48_000);
        assertThat(Profile.read(bytes)).isEqualTo(profile);
    }

    @Test
    void readsWhatItWrote() {
        var random = new Random(11);
        for (int round = 0; round < 30; round++) {
            var profile = profile(rows(random, random.nextInt(3_000)));
            var read = Profile.read(Json.read(bytes(profile), Limits.DEFAULT));
            assertThat(read).isEqualTo(profile);
            assertThat(bytes(read)).isEqualTo(bytes(profile));
            assertThat(bytes(read.merge(profile))).isEqualTo(bytes(profile.merge(profile)));
        }
    }

    @Test
    void readsTheWildestNumbersAndTextsBack() {
        var builder = new Profile.Builder();
        for (double x :
                new double[] {Double.MAX_VALUE, -Double.MAX_VALUE, Double.MIN_VALUE, 0, -0.0})
            builder.add(row("x", x, "t", "\u0000\uD800 a\u0007" + "é".repeat(5_000)));
        builder.add(row("x", Long.MAX_VALUE, "t", ""));
        var profile = builder.build();
        assertThat(Profile.read(Json.read(bytes(profile), Limits.DEFAULT))).isEqualTo(profile);
        var x = column(profile, "x");
        assertThat(x.quantile(0)).hasValue(-Double.MAX_VALUE);
        assertThat(x.quantile(1)).hasValue(Double.MAX_VALUE);
        assertThat(x.numbers().values())
                .containsEntry("0", 2L)
                .containsEntry("9223372036854775807", 1L);
        assertThat(column(profile, "t").texts().values().firstKey()).isEmpty();
        assertThat(column(profile, "t").texts().values().lastKey())
                .startsWith("\uFFFD\uFFFD a\uFFFDé")
                .hasSizeLessThan(Frequencies.LENGTH_MAX);
    }

    @Test
    void refusesAProfileThatContradictsItself() {
        var profile = profile(rows(new Random(3), 50)).json();
        var random = new Random(5);
        int refused = 0;
        for (int round = 0; round < 2_000; round++) {
            var text = new StringBuilder(Json.text(profile));
            // One digit becomes another somewhere: either it is refused, or it still makes sense.
            int at = random.nextInt(text.length());
            if (!Character.isDigit(text.charAt(at))) continue;
            text.setCharAt(at, (char) ('0' + random.nextInt(10)));
            try {
                var read =
                        Json.read(text.toString().getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
                assertThat(Profile.read(read).rows()).isNotNegative();
            } catch (Problem expected) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(100);
    }

    @Test
    void namesAllThatIsWrongWithAProfileAtOnce() {
        var json =
                parsed(
                        """
                        {"format":"davy-profile-1","rows":3,"columns":{"x":{"count":2,"missing":0,
                        "nan":0,"infinite":0,"texts":{"values":{"a":-1},"other":0},"oops":1}}}
                        """);
        assertThatThrownBy(() -> Profile.read(json))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("oops")
                .hasMessageContaining("at least 1")
                .hasMessageContaining("must count all 3 rows");
    }

    @Test
    void staysSmallWhateverAProfileSaysThatItHolds() {
        var json =
                parsed(
                        """
                        {"format":"davy-profile-1","rows":1,"columns":{"x":{"count":1,"missing":0,
                        "nan":0,"infinite":0,
                        "moments":{"count":1,"mean":1,"squares":0,"min":1,"max":1},
                        "quantiles":{"accuracy":0.01,"zeros":0,"negative":[],
                        "positive":[2000000000,1]},
                        "numbers":{"values":{"1":1},"other":0}}}}
                        """);
        assertThatThrownBy(() -> Profile.read(json)).hasMessageContaining("pairs of a range");
    }

    private static JsonNode parsed(String text) {
        return Json.read(text.strip().getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    private static Profile mergedInPairs(List<Profile> parts, Random random) {
        var left = new ArrayList<>(parts);
        while (left.size() > 1) {
            int at = random.nextInt(left.size() - 1);
            left.set(at, left.get(at).merge(left.remove(at + 1)));
        }
        return left.getFirst();
    }

    /// Everything but the sums of floating point.
    private static JsonNode exact(Profile profile) {
        var json = Json.read(bytes(profile), Limits.DEFAULT);
        for (var column : json.get("columns").values())
            for (var name : List.of("moments", "lengths"))
                if (column.get(name) instanceof tools.jackson.databind.node.ObjectNode moments)
                    moments.remove(List.of("mean", "squares"));
        // Which texts are the most frequent of thousands holds within a bound only.
        for (var column : json.get("columns").values())
            ((tools.jackson.databind.node.ObjectNode) column).remove("frequent");
        return json;
    }

    private static void assertClose(Moments a, Moments b) {
        double size = Math.max(Math.abs(b.min()), Math.abs(b.max()));
        assertThat(a.mean()).isCloseTo(b.mean(), within(1e-9 * size));
        assertThat(a.squares()).isCloseTo(b.squares(), within(1e-9 * b.squares()));
    }

    static List<Map<String, @Nullable Object>> rows(Random random, int count) {
        double scale = Math.pow(10, random.nextInt(9) - 4);
        double offset = random.nextBoolean() ? 0 : random.nextGaussian() * 100 * scale;
        var rows = new ArrayList<Map<String, @Nullable Object>>();
        for (int i = 0; i < count; i++) {
            var row = new LinkedHashMap<String, @Nullable Object>();
            double x = offset + random.nextGaussian() * scale;
            row.put("smooth", random.nextInt(50) == 0 ? Double.NaN : x);
            if (random.nextInt(10) > 0) row.put("few", (long) random.nextInt(7) - 3);
            row.put("many", "class-" + random.nextInt(5_000));
            row.put("some", random.nextInt(20) == 0 ? null : "class-" + random.nextInt(300));
            row.put("flag", random.nextBoolean());
            if (i % 1_000 == 999) row.put("rare", random.nextInt(3) == 0 ? "text" : (Object) 1.5);
            rows.add(row);
        }
        return rows;
    }

    static Profile profile(List<Map<String, @Nullable Object>> rows) {
        var builder = new Profile.Builder();
        rows.forEach(builder::add);
        return builder.build();
    }

    private static ColumnProfile column(Profile profile, String name) {
        var column = profile.columns().get(name);
        assertThat(column).as(name).isNotNull();
        if (column == null) throw new AssertionError(name);
        return column;
    }

    private static String text(Profile profile) {
        return Json.text(profile.json());
    }

    private static byte[] bytes(Profile profile) {
        return Json.write(profile.json());
    }

    private static Map<String, @Nullable Object> row(@Nullable Object... namesAndValues) {
        var row = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 0; i < namesAndValues.length; i += 2)
            row.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        return row;
    }
}
