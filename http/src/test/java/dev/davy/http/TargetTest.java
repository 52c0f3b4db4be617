package dev.davy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.strict.Problem;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TargetTest {
    @Test
    void readsPathAndQuery() {
        var target = Target.of("/api/v1/models/a%2Bb+c?kind=x%20y&name&kind=a+b&&limit=");
        assertThat(target.segments()).containsExactly("api", "v1", "models", "a+b+c");
        assertThat(target.query())
                .isEqualTo(
                        Map.of(
                                "kind", List.of("x y", "a b"),
                                "name", List.of(""),
                                "limit", List.of("")));
    }

    @Test
    void readsBackWhateverWasEncodedOnce() {
        var random = new Random(20_261_121);
        for (int round = 0; round < 5_000; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(20); i >= 0; i--) {
                int c =
                        random.nextInt(10) == 0
                                ? random.nextInt(0x10FFFF)
                                : 32 + random.nextInt(95);
                boolean usable =
                        Character.isDefined(c)
                                && !Character.isISOControl(c)
                                && (c < 0xD800 || c > 0xDFFF)
                                && c != '/'
                                && c != '\\';
                if (usable) text.appendCodePoint(c);
            }
            if (text.toString().matches("\\.{0,2}")) continue;
            var encoded =
                    URLEncoder.encode(text.toString(), StandardCharsets.UTF_8).replace("+", "%20");
            assertThat(Target.of("/x/" + encoded).segments().get(1))
                    .as(encoded)
                    .isEqualTo(text.toString());
        }
    }

    @Test
    void neverGivesASegmentThatLeadsElsewhere() {
        var random = new Random(7);
        var pieces =
                new String[] {
                    "%2e", "%2E", ".", "/", "%2f", "%5c", "\\", "%00", "a", "%25", "2e", "%c0%ae",
                    ";"
                };
        for (int round = 0; round < 50_000; round++) {
            var raw = new StringBuilder("/");
            for (int i = random.nextInt(8); i >= 0; i--)
                raw.append(pieces[random.nextInt(pieces.length)]);
            try {
                for (var segment : Target.of(raw.toString()).segments())
                    assertThat(segment)
                            .as(raw.toString())
                            .isNotEqualTo(".")
                            .isNotEqualTo("..")
                            .doesNotContain("/", "\\", "\0");
            } catch (Problem refused) {
                assertThat(refused.code()).isEqualTo("target-malformed");
            }
        }
    }

    @Test
    void refusesTooManyParameters() {
        assertThat(Target.of("/x?" + "a&".repeat(99) + "a").query().get("a")).hasSize(100);
        assertThatThrownBy(() -> Target.of("/x?" + "a&".repeat(100) + "a"))
                .isInstanceOf(Problem.class);
    }
}
