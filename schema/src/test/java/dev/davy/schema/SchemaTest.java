package dev.davy.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import dev.davy.strict.Yaml;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SchemaTest {
    private static final Schema PHONES =
            Schema.read(
                    yaml(
                            """
                            image:  {type: image, channels: 1}
                            line:   {type: category, classes: [front, back, 3]}
                            serial: {type: text, log: hash}
                            age:    {type: integer, min: 0, max: 150, required: false}
                            share:  {type: number, required: false}
                            ok:     {type: boolean, required: false, log: never}
                            at:     {type: time, required: false}
                            power:  {type: vector, shape: [2, -1], required: false}
                            sound:  {type: audio, required: false}
                            """));

    private static JsonNode yaml(String text) {
        return Yaml.read(text.getBytes(StandardCharsets.UTF_8), "schema.yaml", Limits.DEFAULT)
                .getFirst()
                .tree();
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    @Test
    void readsColumnsAsTheyAreWritten() {
        assertThat(PHONES.column("image"))
                .hasValue(
                        new Column(
                                "image",
                                ColumnType.IMAGE,
                                true,
                                List.of(),
                                LogPolicy.KEEP,
                                List.of(1L),
                                Optional.empty(),
                                Optional.empty()));
        assertThat(PHONES.column("line").orElseThrow().classes())
                .containsExactly("front", "back", "3");
        assertThat(PHONES.column("serial").orElseThrow().log()).isEqualTo(LogPolicy.HASH);
        assertThat(PHONES.column("age").orElseThrow().max()).hasValue(150.0);
        assertThat(PHONES.column("power").orElseThrow().shape()).containsExactly(2L, -1L);
        assertThat(PHONES.column("none")).isEmpty();
    }

    @Test
    void readsBackWhatItWrote() {
        assertThat(Schema.read(PHONES.json())).isEqualTo(PHONES);
        assertThat(Schema.read(json(Json.text(PHONES.json()))).hash()).isEqualTo(PHONES.hash());
        assertThat(Json.text(PHONES.json()))
                .startsWith(
                        """
                        {"image":{"type":"image","channels":1},"line":{"type":"category","classes":\
                        ["front","back","3"]},"serial":{"type":"text","log":"hash"},"age":{"type":"integer",\
                        "required":false,"min":0,"max":150},\
                        """);
    }

    @Test
    void hashesTheSameForEver() {
        var schema = Schema.read(json("{\"x\":{\"type\":\"number\"},\"y\":{\"type\":\"text\"}}"));
        assertThat(Long.toHexString(schema.hash())).isEqualTo("a7f300f53ba3e15a");
        // Defaults said and left out, 0 and 0.0, are the same schema; another order isn't.
        assertThat(
                        Schema.read(
                                        json(
                                                "{\"x\":{\"log\":\"keep\",\"required\":true,\"type\":\"number\"},\"y\":{\"type\":\"text\"}}"))
                                .hash())
                .isEqualTo(schema.hash());
        assertThat(Schema.read(json("{\"x\":{\"type\":\"number\",\"min\":0.0}}")).hash())
                .isEqualTo(Schema.read(json("{\"x\":{\"type\":\"number\",\"min\":0}}")).hash());
        assertThat(
                        Schema.read(json("{\"y\":{\"type\":\"text\"},\"x\":{\"type\":\"number\"}}"))
                                .hash())
                .isNotEqualTo(schema.hash());
    }

    @Test
    void namesAllThatIsWrongAtOnce() {
        assertThatThrownBy(() ->
                        Schema.read(
                                yaml(
                                        """
                                        a: {type: imaeg}
                                        b: {typ: text}
                                        c: {type: number, classes: [x]}
                                        d: {type: category, classes: [x, x]}
                                        e: {type: number, min: 2, max: 1}
                                        f: {type: vector}
                                        g: {type: image, shape: [1]}
                                        h: {type: text, max: 3, required: perhaps, log: no}
                                        i: text
                                        """)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("'columns.a.type' must be one of")
                .hasMessageContaining("Did you mean 'image'?")
                .hasMessageContaining("'columns.b.typ' is not known here; Did you mean 'type'?")
                .hasMessageContaining("'columns.b.type' is missing")
                .hasMessageContaining("'columns.c' is number; only a category has classes")
                .hasMessageContaining("'columns.d' has the class 'x' twice")
                .hasMessageContaining("'columns.e' has a min of 2 above its max of 1")
                .hasMessageContaining("'columns.f' is a vector and needs a shape")
                .hasMessageContaining("'columns.g.shape' is for vectors only")
                .hasMessageContaining("'columns.h' is text; only numbers and integers have min")
                .hasMessageContaining("'columns.h.required' must be true or false")
                .hasMessageContaining("'columns.h.log' must be one of keep, hash, never")
                .hasMessageContaining("'columns.i' must be an object");
        assertThatThrownBy(() -> Schema.read(json("[1]"))).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> Schema.read(json("{\"a\\tb\":{\"type\":\"text\"}}")))
                .hasMessageContaining("without control characters");
    }

    @Test
    void findsNothingWrongWithARowThatFits() {
        assertThat(
                        PHONES.violations(
                                Row.of(
                                        "image",
                                        new Media("image/png", new byte[3]),
                                        "line",
                                        "3",
                                        "serial",
                                        "X-1",
                                        "age",
                                        31,
                                        "share",
                                        0.5f,
                                        "ok",
                                        true,
                                        "at",
                                        Instant.EPOCH,
                                        "power",
                                        new float[] {1, 2, 3, 4},
                                        "sound",
                                        null)))
                .isEmpty();
    }

    @Test
    void namesEverythingThatIsWrongWithARow() {
        assertThat(
                        PHONES.violations(
                                Row.of(
                                        "image",
                                        new Media("audio/wav", new byte[3]),
                                        "line",
                                        "middle",
                                        "age",
                                        151,
                                        "agee",
                                        31,
                                        "share",
                                        Double.NaN,
                                        "ok",
                                        "true",
                                        "at",
                                        5L,
                                        "power",
                                        new double[] {1, 2, 3},
                                        "sound",
                                        "x")))
                .containsExactly(
                        "column 'image' is audio/wav of 3 bytes; it must be an image file",
                        "column 'line' is the text 'middle'; it must be one of 'front', 'back', '3'",
                        "column 'serial' is missing; every row must have it",
                        "column 'age' is 151; it must be at most 150",
                        "column 'share' is NaN; it must be a finite number; leave it out where it is"
                                + " unknown",
                        "column 'ok' is the text 'true'; it must be true or false",
                        "column 'at' is 5; it must be a time",
                        "column 'power' has 3 numbers; its shape [2, -1] holds a multiple of 2",
                        "column 'sound' is the text 'x'; it must be an audio file",
                        "column 'agee' is not known here. Did you mean 'age'?");
        assertThat(PHONES.violations(Row.of("age", 1.5)))
                .contains("column 'age' is 1.5; it must be a whole number");
        assertThat(PHONES.violations(Row.of("power", new float[] {1, Float.NaN})))
                .contains("column 'power' holds NaN at index 1; its numbers must be finite");
    }

    @Test
    void stopsCountingWhenNobodyReadsOn() {
        var values = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 0; i < 5_000; i++) values.put("unknown-" + i, 1L);
        assertThat(PHONES.violations(new Row(values)))
                .hasSize(101)
                .last()
                .isEqualTo("and more of this kind");
    }

    @Test
    void holdsNoNonsense() {
        assertThatThrownBy(() ->
                        new Schema(
                                List.of(
                                        Column.of("a", ColumnType.TEXT),
                                        Column.of("a", ColumnType.TEXT))))
                .hasMessageContaining("twice");
        assertThatThrownBy(() -> Column.of("a\nb", ColumnType.TEXT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Row.of("a", new Object()))
                .hasMessageContaining("column 'a' holds a");
        assertThatThrownBy(() -> Row.of("a", 1, "a", 2)).hasMessageContaining("twice");
    }
}
