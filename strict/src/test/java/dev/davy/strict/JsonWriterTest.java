package dev.davy.strict;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonWriterTest {
    private final JsonWriter writer = new JsonWriter(1);

    private String text() {
        return new String(writer.array(), 0, writer.length(), UTF_8);
    }

    @Test
    void setsTheCommas() {
        writer.beginObject()
                .field("a")
                .value(1)
                .field("b".getBytes(UTF_8))
                .beginArray()
                .value(true)
                .value(false);
        writer.nullValue()
                .beginArray()
                .endArray()
                .beginObject()
                .endObject()
                .raw("{\"x\":1}".getBytes(UTF_8))
                .endArray();
        writer.field("c").value("t").endObject();
        assertThat(text())
                .isEqualTo("{\"a\":1,\"b\":[true,false,null,[],{},{\"x\":1}],\"c\":\"t\"}");
        assertThat(writer.toBytes()).hasSize(writer.length());
    }

    @Test
    void writesNumbersAsShortAsTheyCanBe() {
        writer.beginArray();
        for (float each :
                new float[] {
                    0,
                    -0f,
                    1,
                    0.1f,
                    0.3f,
                    16_777_216,
                    1e10f,
                    1e21f,
                    1.5e-7f,
                    1e-6f,
                    123.456f,
                    Float.MAX_VALUE,
                    Float.MIN_VALUE
                }) writer.value(each);
        assertThat(writer.endArray())
                .returns(
                        "[0.0,-0.0,1.0,0.1,0.3,16777216.0,10000000000.0,1e21,1.5e-7,0.000001,123.456,3.4028235e38,1e-45]",
                        _ -> text());
        writer.reset().beginArray();
        for (double each :
                new double[] {
                    0.1, 1d / 3, 1e300, Double.MIN_VALUE, -2.5, 100, 1e15, 1.2345678901234568e17
                }) writer.value(each);
        assertThat(writer.endArray())
                .returns(
                        "[0.1,0.3333333333333333,1e300,5e-324,-2.5,100.0,1000000000000000.0,123456789012345680.0]",
                        _ -> text());
        writer.reset().beginArray();
        for (long each :
                new long[] {0, 9, 10, 99, 100, -1, 1234567890123L, Long.MAX_VALUE, Long.MIN_VALUE})
            writer.value(each);
        writer.unsigned(-1).unsigned(Long.MIN_VALUE).unsigned(7).endArray();
        assertThat(text())
                .isEqualTo(
                        "[0,9,10,99,100,-1,1234567890123,9223372036854775807,-9223372036854775808,18446744073709551615,9223372036854775808,7]");
    }

    @Test
    void writesNullForWhatIsNoNumber() {
        writer.beginArray()
                .value(Float.NaN)
                .value(Double.POSITIVE_INFINITY)
                .value(Float.NEGATIVE_INFINITY)
                .endArray();
        assertThat(text()).isEqualTo("[null,null,null]");
    }

    @Test
    void escapesWhatMustBe() {
        writer.beginArray()
                .value("a\"\\\n\r\t\0\u001fé€😀</script>")
                .value("\uD800x\uDC00")
                .endArray();
        assertThat(text()).isEqualTo("[\"a\\\"\\\\\\n\\r\\t\\u0000\\u001fé€😀</script>\",\"�x�\"]");
        writer.reset().utf8("x\"é\n".getBytes(UTF_8), 0, 5);
        assertThat(text()).isEqualTo("\"x\\\"é\\n\"");
        writer.reset().beginObject().field("k\"").value(1).endObject();
        assertThat(text()).isEqualTo("{\"k\\\"\":1}");
    }

    @Test
    void growsAsFarAsItMustAndShrinksAgain() {
        writer.value("€".repeat(2_000_000));
        assertThat(text()).hasSize(2_000_002);
        writer.reset().beginArray();
        for (int i = 0; i < 10_000; i++) writer.value((float) i);
        writer.endArray();
        assertThat(Json.read(writer.toBytes(), Limits.DEFAULT).size()).isEqualTo(10_000);
    }
}
