package dev.davy.strict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LimitsTest {
    @Test
    void showsEachLimitUnderItsKebabCaseName() {
        var map = Limits.DEFAULT.asMap();
        assertThat(map)
                .hasSize(Limits.class.getRecordComponents().length)
                .containsEntry("body-bytes", 64L << 20)
                .containsEntry("json-depth", 64L)
                .containsEntry("header-timeout", "PT10S")
                .containsEntry("image-pixels", 50_000_000L);
    }

    @Test
    void changesOneLimitAsASettingSaysIt() {
        assertThat(Limits.DEFAULT.with("body-bytes", "16 MiB").bodyBytes()).isEqualTo(16L << 20);
        assertThat(Limits.DEFAULT.with("query-time", "250 ms").queryTime())
                .isEqualTo(Duration.ofMillis(250));
        assertThat(Limits.DEFAULT.with("headers", "7").with("json-depth", "9"))
                .returns(7, Limits::headers)
                .returns(9, Limits::jsonDepth)
                .returns(64L << 20, Limits::bodyBytes);
    }

    @Test
    void namesTheNearestLimitAndRefusesImpossibleOnes() {
        assertThat(Problems.of(() -> Limits.DEFAULT.with("body-byte", "1")).why())
                .contains("'body-bytes'");
        for (var value : new String[] {"0", "-1", "abc", "9999999999999999999", "", "1e3", "513"})
            assertThat(Problems.of(() -> Limits.DEFAULT.with("json-depth", value)).kind())
                    .as(value)
                    .isEqualTo(Problem.Kind.UNACCEPTABLE);
        assertThatThrownBy(() -> Limits.DEFAULT.with("idle-timeout", "0 s"))
                .isInstanceOf(Problem.class);
    }

    @Test
    void readsQuantitiesAsPeopleWriteThem() {
        assertThat(Units.bytes("1.5 GB")).isEqualTo(1_500_000_000L);
        assertThat(Units.bytes("64MiB")).isEqualTo(64L << 20);
        assertThat(Units.bytes("17")).isEqualTo(17);
        assertThat(Units.duration("90d")).isEqualTo(Duration.ofDays(90));
        assertThat(Units.duration("100 ms")).isEqualTo(Duration.ofMillis(100));
        assertThat(Units.duration("0.5 h")).isEqualTo(Duration.ofMinutes(30));
        for (var text :
                new String[] {
                    "",
                    "MiB",
                    "1 mib",
                    "-1 kB",
                    "1,5 GB",
                    "1e3 B",
                    "0.5",
                    ".5 GB",
                    "1.2.3 GB",
                    "9999999 TiB",
                    "1_000",
                    "１ kB"
                })
            assertThat(Problems.code(() -> Units.bytes(text)))
                    .as(text)
                    .isEqualTo("size-not-understood");
        for (var text : new String[] {"", "10", "5 weeks", "-1 s", "999999999999 d", "inf"})
            assertThat(Problems.code(() -> Units.duration(text)))
                    .as(text)
                    .isEqualTo("duration-not-understood");
    }
}
