package dev.davy.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SharesTest {
    private static Shares of(Iterable<String> texts) {
        var shares = new Shares(150);
        for (var text : texts) shares.add(text);
        return shares;
    }

    private static List<String> texts(Random chance, int different, int count) {
        var texts = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            int which = chance.nextInt(different);
            texts.add("t" + which + "x".repeat(which % 11));
        }
        return texts;
    }

    @Test
    void fewTextsAreAllKept() {
        var shares = of(texts(new Random(1), 6, 1_000));
        assertThat(shares.values()).hasSize(6);
        assertThat(shares.other()).isZero();
        assertThat(shares.count()).isEqualTo(1_000);
    }

    @Test
    void manyTextsKeepSomeWithTheirExactCountsAndTheRestAsOther() {
        var texts = texts(new Random(2), 500, 10_000);
        var shares = of(texts);
        assertThat(shares.values()).isNotEmpty();
        shares.values()
                .forEach((text, times) ->
                        assertThat(times).isEqualTo(texts.stream().filter(text::equals).count()));
        assertThat(shares.count()).isEqualTo(10_000);
    }

    @Test
    void mergingIsExactInWhateverOrder() {
        var chance = new Random(20_251_123);
        for (int round = 0; round < 200; round++) {
            var all = new ArrayList<String>();
            var parts = new ArrayList<Shares>();
            for (int part = 0; part < 3; part++) {
                var texts = texts(chance, 1 + chance.nextInt(100), chance.nextInt(300));
                all.addAll(texts);
                parts.add(of(texts));
            }
            var whole = of(all);
            assertThat(parts.get(0).merge(parts.get(1)).merge(parts.get(2))).isEqualTo(whole);
            assertThat(parts.get(2).merge(parts.get(1).merge(parts.get(0)))).isEqualTo(whole);
            var out = Bytes.toWrite();
            whole.write(out);
            assertThat(Shares.read(Bytes.toRead(out.written()), 150)).isEqualTo(whole);
        }
    }

    @Test
    void longTextsAreToldApart() {
        var shares = of(java.util.List.of("a".repeat(100) + "1", "a".repeat(100) + "2"));
        assertThat(shares.values()).hasSize(2);
        assertThat(shares.values().firstKey()).hasSizeLessThanOrEqualTo(Shares.LENGTH_MAX);
    }
}
