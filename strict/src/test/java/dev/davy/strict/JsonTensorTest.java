package dev.davy.strict;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JsonTensorTest {
    private final JsonCursor cursor = new JsonCursor();

    private JsonCursor on(String json) {
        var bytes = json.getBytes(UTF_8);
        return cursor.reset(bytes, 0, bytes.length);
    }

    private float[] floats(String json, long... shape) {
        on(json);
        var into = new float[cursor.elements(shape)];
        assertThat(cursor.float32s(into, into.length, shape)).isEqualTo(into.length);
        cursor.end();
        return into;
    }

    private Problem refusal(String json, long... shape) {
        return Problems.of(() -> floats(json, shape));
    }

    @Test
    void readsDataFlatOrNestedAsTheShapeSays() {
        var expected = new float[] {1, 2, 3, 4, 5, 6, 7, 8};
        assertThat(floats("[1,2,3,4,5,6,7,8]", 2, 4)).isEqualTo(expected);
        assertThat(floats(" [ [1, 2 ,3,4] ,\n[5,6,7,8]]", 2, 4)).isEqualTo(expected);
        assertThat(floats("[[[1,2],[3,4]],[[5,6],[7,8]]]", 2, 2, 2)).isEqualTo(expected);
        assertThat(floats("[1,2,3,4,5,6,7,8]", 8)).isEqualTo(expected);
        assertThat(floats("[[1],[2]]", 2, 1)).isEqualTo(new float[] {1, 2});
        assertThat(floats("[7]")).isEqualTo(new float[] {7});
    }

    @Test
    void readsNothingWhereADimensionIsZero() {
        assertThat(floats("[]", 0, 4)).isEmpty();
        assertThat(floats("[[],[]]", 2, 0)).isEmpty();
        assertThat(floats("[]", 2, 0)).isEmpty();
        assertThat(refusal("[1]", 0).code()).isEqualTo("shape-and-data-differ");
        assertThat(refusal("[[]]", 0, 4).code()).isEqualTo("shape-and-data-differ");
    }

    @Test
    void namesTheElementThatIsWrong() {
        assertThat(refusal("[1,2,null,4]", 2, 2))
                .returns("[2]", p -> p.field().orElseThrow())
                .returns("json-unexpected", Problem::code);
        assertThat(refusal("[1,\"2\"]", 2).why()).contains("expected a number, found a string");
        assertThat(refusal("[true]", 1).why()).contains("found true");
        assertThat(refusal("{\"0\":1}", 1).why()).contains("expected an array, found an object");
        assertThat(refusal("[1,2,3]", 4))
                .returns("[3]", p -> p.field().orElseThrow())
                .returns("The data ends after 3 elements; the shape needs 4.", Problem::why);
        assertThat(refusal("[1,2,3]", 2).why()).contains("more than the 2 elements");
        assertThat(refusal("[1,1e39]", 2))
                .returns("number-out-of-range", Problem::code)
                .returns("[1]", p -> p.field().orElseThrow());
        assertThat(refusal("[1,NaN]", 2).code()).isEqualTo("json-malformed");
        assertThat(refusal("[1,Infinity]", 2).code()).isEqualTo("json-malformed");
        assertThat(refusal("[1,]", 2).code()).isEqualTo("json-malformed");
        assertThat(refusal("[1 2]", 2).code()).isEqualTo("json-malformed");
        assertThat(refusal("[1,2", 2).code()).isEqualTo("json-malformed");
        assertThat(refusal("[1,01]", 2).code()).isEqualTo("json-malformed");
        assertThat(refusal("[1," + "1".repeat(1001) + "]", 2).why()).contains("longer than 1000");
    }

    @Test
    void refusesRaggedAndOtherwiseNestedData() {
        for (var json :
                new String[] {
                    "[[1,2],[3]]",
                    "[[1,2,3],[4]]",
                    "[[1,2]]",
                    "[[1,2],[3,4],[5,6]]",
                    "[[[1,2],[3,4]]]",
                    "[[1,2],3,4]",
                    "[1,2,[3,4]]",
                    "[[[1],[2]],[[3],[4]]]",
                    "[1,2,3]",
                    "[[],[]]",
                    "[[1,2],[]]"
                })
            assertThat(refusal(json, 2, 2).kind()).as(json).isEqualTo(Problem.Kind.MALFORMED);
        assertThat(refusal("[[1],[2]]", 2).why()).contains("expected a number, found an array");
    }

    @Test
    void readsShapesAndRefusesImpossibleOnes() {
        assertThat(on("[1, 28,28,1,3]").shape()).containsExactly(1, 28, 28, 1, 3);
        assertThat(on("[]").shape()).isEmpty();
        assertThat(on("[" + "1,".repeat(15) + "1]").shape()).hasSize(16);
        for (var json :
                new String[] {
                    "[-1]",
                    "[1.5]",
                    "[\"1\"]",
                    "[null]",
                    "[true]",
                    "[[1]]",
                    "7",
                    "null",
                    "[1,]",
                    "[9223372036854775808]",
                    "[1e400]",
                    "[" + "1,".repeat(16) + "1]",
                    "[" + "1,".repeat(10_000) + "1]"
                })
            assertThat(Problems.of(() -> on(json).shape()).kind())
                    .as(json)
                    .isEqualTo(Problem.Kind.MALFORMED);
    }

    @Test
    void multipliesDimensionsWithoutWrapping() {
        on("[]");
        assertThat(cursor.elements(new long[] {2, 3, 4})).isEqualTo(24);
        assertThat(cursor.elements(new long[] {1L << 62, 0, 1L << 62})).isZero();
        assertThat(cursor.elements(new long[] {1 << 26})).isEqualTo(1 << 26);
        for (var shape :
                new long[][] {
                    {1L << 32, 1L << 32},
                    {16, (1L << 60) + 2},
                    {65_536, 65_540},
                    {-1, -4},
                    {-1},
                    {(1 << 26) + 1},
                    {Long.MAX_VALUE, Long.MAX_VALUE},
                    {3, 1L << 62},
                    new long[17],
                    {1L << 31, 4}
                })
            assertThat(Problems.code(() -> cursor.elements(shape))).isEqualTo("shape-not-allowed");
    }

    @Test
    void setsNoMemoryAsideForWhatCannotBeThere() {
        on("[1,2,3]");
        assertThat(cursor.canHold(3)).isTrue();
        assertThat(cursor.canHold(1 << 26)).isFalse();
        assertThat(Problems.code(() -> cursor.strings(1 << 26, new long[] {1 << 26})))
                .isEqualTo("shape-and-data-differ");
        assertThatThrownBy(() -> cursor.float32s(new float[2], 3, new long[] {3}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsIntegersOfEveryDatatypeExactly() {
        var into = new long[3];
        on("[[9007199254740993],[-5],[1e2]]")
                .int64s(into, 3, new long[] {3, 1}, Long.MIN_VALUE, Long.MAX_VALUE);
        assertThat(into).containsExactly(9007199254740993L, -5, 100);
        on("[18446744073709551615, 0, 9223372036854775808]").uint64s(into, 3, new long[] {3});
        assertThat(into).containsExactly(-1, 0, Long.MIN_VALUE);
        assertThat(
                        Problems.of(() ->
                                        on("[127,128]").int64s(into, 2, new long[] {2}, -128, 127))
                                .field())
                .contains("[1]");
        for (var json : new String[] {"[1.5]", "[-129]", "[1e400]", "[\"1\"]", "[true]", "[null]"})
            assertThat(
                            Problems.of(() -> on(json).int64s(into, 1, new long[] {1}, -128, 127))
                                    .kind())
                    .as(json)
                    .isEqualTo(Problem.Kind.MALFORMED);
        for (var json : new String[] {"[-1]", "[18446744073709551616]", "[0.5]", "[1e20]"})
            assertThat(Problems.code(() -> on(json).uint64s(into, 1, new long[] {1})))
                    .as(json)
                    .isEqualTo("number-out-of-range");
    }

    @Test
    void readsDoublesTruthsAndTexts() {
        var doubles = new double[2];
        on("[0.1,1e39]").float64s(doubles, 2, new long[] {1, 2});
        assertThat(doubles).containsExactly(0.1, 1e39);
        assertThat(
                        Problems.of(() -> on("[0.1,1e309]").float64s(doubles, 2, new long[] {2}))
                                .field())
                .contains("[1]");

        var truths = new byte[4];
        on("[true,false,1,0]").bools(truths, 4, new long[] {4});
        assertThat(truths).containsExactly(1, 0, 1, 0);
        for (var json : new String[] {"[2]", "[-1]", "[0.5]", "[\"true\"]", "[null]", "[trueish]"})
            assertThat(Problems.of(() -> on(json).bools(truths, 1, new long[] {1})).kind())
                    .as(json)
                    .isEqualTo(Problem.Kind.MALFORMED);

        assertThat(on("[[\"a\"],[\"é\\n\"]]").strings(2, new long[] {2, 1}))
                .isEqualTo(new byte[][] {{'a'}, "é\n".getBytes(UTF_8)});
        assertThat(Problems.of(() -> on("[\"a\",1]").strings(2, new long[] {2})).field())
                .contains("[1]");
    }
}
