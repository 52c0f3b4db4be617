package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ValuesTest {
    private static String shown(String json) {
        return Values.text(Json.read(json.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT));
    }

    @Test
    void showsThreeSignificantDigits() {
        assertThat(shown("0.95123")).isEqualTo("0.951");
        assertThat(shown("12.3456")).isEqualTo("12.3");
        assertThat(shown("-123.456")).isEqualTo("-123");
        assertThat(shown("123456.7")).isEqualTo("123457");
        assertThat(shown("0.00123456")).isEqualTo("0.00123");
        assertThat(shown("0.0000001")).isEqualTo("1.00e-07");
        assertThat(shown("0.0")).isEqualTo("0");
        assertThat(shown("9007199254740993")).isEqualTo("9007199254740993");
    }

    @Test
    void showsListsAndObjectsOnOneLine() {
        assertThat(shown("[1, \"two\", null]")).isEqualTo("1, two, ");
        assertThat(shown("{\"bad\": 0.634, \"good\": 0.366}")).isEqualTo("bad 0.634, good 0.366");
    }

    @Test
    void saysHowLongAgo() {
        var now = Instant.parse("2026-11-21T12:00:00Z");
        assertThat(Values.ago("2026-11-21T11:59:59Z", now)).isEqualTo("now");
        assertThat(Values.ago("2026-11-21T11:58:50Z", now)).isEqualTo("70 s ago");
        assertThat(Values.ago("2026-11-21T11:00:00Z", now)).isEqualTo("60 min ago");
        assertThat(Values.ago("2026-11-20T12:00:00Z", now)).isEqualTo("24 h ago");
        assertThat(Values.ago("2026-10-21T12:00:00Z", now)).isEqualTo("31 days ago");
        assertThat(Values.ago("yesterday", now)).isEqualTo("yesterday");
    }

    @Test
    void putsRowsIntoTheBodyThatTheServerTakes() {
        for (var given : new String[] {"{\"a\":1}", "[{\"a\":1}]", "{\"rows\":[{\"a\":1}]}"})
            assertThat(Json.text(PredictCommand.rows(given.getBytes(StandardCharsets.UTF_8))))
                    .isEqualTo("{\"rows\":[{\"a\":1}]}");
    }

    @Test
    void knowsAnInputByItsBytesNotByItsName() {
        var png = new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 0};
        assertThat(PredictCommand.contentType(png, "table.csv")).isEqualTo("image/png");
        assertThat(PredictCommand.contentType(" [{}]".getBytes(StandardCharsets.UTF_8), "-"))
                .isEqualTo("application/json");
        assertThat(PredictCommand.contentType("a,b\n1,2".getBytes(StandardCharsets.UTF_8), "-"))
                .isEqualTo("text/csv");
    }
}
