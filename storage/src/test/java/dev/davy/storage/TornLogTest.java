package dev.davy.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` leaves the page cache, so it shows no torn writes: here copies of a log are damaged in
/// the ways of a power loss or a bad disk.
class TornLogTest {
    private interface Damage {
        void of(Path file) throws IOException;
    }

    @TempDir Path folder;

    private final Ids ids = new Ids(1, InstantSource.system());

    @Test
    void opensAfterEveryDamageWithWholeRecordsAndTheSameAnswerTwice() throws Exception {
        var whole = folder.resolve("whole");
        var sealed = new ArrayList<Long>();
        var open = new ArrayList<Long>();
        try (var log = LogKit.open(whole, 1)) {
            for (long i = 0; i < 150; i++) sealed.add(append(log, i));
        }
        try (var log = LogKit.open(whole, 1)) {
            // Enough for one file and a half, so that the copies below are of a log in use.
            for (long i = 1_000; i < 1_150; i++) open.add(append(log, i));
            log.awaitSynced(log.status().end());
            int variant = 0;
            for (var name : names(whole))
                for (var damage : damages(whole.resolve(name)).entrySet()) {
                    var copy = folder.resolve("copy-" + variant++);
                    copy(whole, copy);
                    damage.getValue().of(copy.resolve(name));
                    check(copy, name, damage.getKey(), sealed, open);
                }
            assertThat(variant).isGreaterThan(80);
        }
    }

    private long append(Log log, long number) throws LogFailed {
        log.append(LogKit.batch(ids, number));
        return number;
    }

    private void check(Path copy, String name, String damage, List<Long> sealed, List<Long> open)
            throws Exception {
        var what = name + " " + damage;
        List<Long> first;
        long torn;
        try (var log = LogKit.open(copy, 1);
                var reader = log.read(Cursor.START)) {
            first = LogKit.numbers(reader);
            torn = log.status().tornBytes();
            assertThat(log.status().end().epoch()).as(what).isEqualTo(3);
            assertThat(first).as(what).isSorted().doesNotHaveDuplicates();
            if (!name.startsWith("00001-00000001-")) assertThat(first).as(what).containsAll(sealed);
            if (!name.startsWith("00001-00000002-")) assertThat(first).as(what).containsAll(open);
            // One record, or the rest of its file if its length was hit.
            if (damage.startsWith("flip") && name.startsWith("00001-00000001-"))
                assertThat(first).as(what).hasSizeGreaterThan(180);
            if (damage.equals("grown"))
                assertThat(first).as(what).containsAll(sealed).containsAll(open);
            log.append(LogKit.batch(ids, 5_000));
        }
        try (var log = LogKit.open(copy, 1);
                var reader = log.read(Cursor.START)) {
            var second = LogKit.numbers(reader);
            assertThat(second.removeLast()).as(what).isEqualTo(5_000);
            assertThat(second).as(what).isEqualTo(first);
            assertThat(log.status().tornBytes()).as(what).isEqualTo(torn);
        }
    }

    private static Map<String, Damage> damages(Path file) throws IOException {
        long size = Files.size(file);
        var damages = new LinkedHashMap<String, Damage>();
        damages.put("missing", Files::delete);
        damages.put("empty", f -> Torn.cut(f, 0));
        var cuts = new TreeSet<Long>(List.of(1L, size / 2, size - 1));
        for (long at = Math.max(0, (size - 8192) / 512 * 512); at < size; at += 512) cuts.add(at);
        for (long at : cuts) damages.put("cut " + at, f -> Torn.cut(f, at));
        if (size > 512) {
            damages.put("last 512 zeroed", f -> Torn.zero(f, size - 512, 512));
            int last = (int) Math.min(4096, size);
            damages.put("last 4096 zeroed", f -> Torn.zero(f, size - last, last));
            damages.put("first 512 zeroed", f -> Torn.zero(f, 0, 512));
            damages.put("grown", f -> Torn.grow(f, 4096));
        }
        if (size > 6)
            for (int i = 1; i < 6; i++) {
                long at = size * i / 6;
                damages.put("flip " + at, f -> Torn.flip(f, at));
            }
        return damages;
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (var name : names(from)) Files.copy(from.resolve(name), to.resolve(name));
    }
}
