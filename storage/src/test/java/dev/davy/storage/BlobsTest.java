package dev.davy.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.strict.Hashes;
import dev.davy.strict.Problem;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobsTest {
    @TempDir Path folder;
    private Path blobs = Path.of("");
    private Path temporary = Path.of("");
    private final byte[] content = new byte[100_000];

    @BeforeEach
    void makeFolders() throws Exception {
        blobs = Files.createDirectory(folder.resolve("blobs"));
        temporary = Files.createDirectory(folder.resolve("temporary"));
        new Random(8).nextBytes(content);
    }

    @Test
    void keepsAContentOnceUnderItsDigest() throws Exception {
        var kept = new Blobs(blobs, temporary);
        var digest = kept.put(content);
        assertThat(digest).isEqualTo(Hashes.sha256(content));
        assertThat(kept.put(content)).isEqualTo(digest);
        assertThat(kept.putUnsynced(content)).isEqualTo(digest);
        var file = Files.write(folder.resolve("file"), content);
        assertThat(kept.put(file)).isEqualTo(digest);
        assertThat(kept.get(digest)).contains(content);
        assertThat(kept.path(digest)).hasBinaryContent(content);
        assertThat(kept.has(digest)).isTrue();
        assertThat(kept.get(Hashes.sha256(new byte[0]))).isEmpty();
        assertThat(kept.has(Hashes.sha256(new byte[0]))).isFalse();
        assertThat(files(blobs)).isEqualTo(1);
        assertThat(files(temporary)).isZero();
        assertThat(kept.get(kept.put(new byte[0]))).contains(new byte[0]);
    }

    @Test
    void replacesWhatWasDamaged() throws Exception {
        var kept = new Blobs(blobs, temporary);
        var digest = kept.put(content);
        Torn.flip(kept.path(digest), 50_000);
        assertThat(kept.get(digest)).isEmpty();
        assertThat(kept.isWhole(digest)).isFalse();
        kept.put(content);
        assertThat(kept.get(digest)).contains(content);
        Torn.cut(kept.path(digest), 0);
        assertThat(kept.get(digest)).isEmpty();
        kept.put(Files.write(folder.resolve("file"), content));
        assertThat(kept.isWhole(digest)).isTrue();
    }

    @Test
    void makesNoPathOfWhatIsNoDigest() {
        var kept = new Blobs(blobs, temporary);
        for (var bad : new String[] {"", "..", "../../etc/passwd", "A".repeat(64), "a".repeat(63)})
            assertThatThrownBy(() -> kept.path(bad)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isThereWholeOrNotAtAllWhicheverCallFails() throws Exception {
        var file = Files.write(folder.resolve("file"), content);
        boolean failed = true;
        for (int call = 1; failed; call++) {
            var disk = FaultyDisk.failingOnceAt(call);
            var faulty = new Blobs(disk, blobs, temporary);
            var kept = new Blobs(blobs, temporary);
            var digest = Hashes.sha256(content);
            try {
                if (call % 2 == 0) faulty.put(content);
                else faulty.put(file);
                assertThat(kept.get(digest)).contains(content);
            } catch (UncheckedIOException e) {
                assertThat(kept.get(digest))
                        .satisfiesAnyOf(
                                found -> assertThat(found).isEmpty(),
                                found -> assertThat(found).contains(content));
            } catch (Problem full) {
                assertThat(full.code()).isEqualTo("disk-full");
                assertThat(kept.has(digest)).isFalse();
            }
            failed = disk.hasFailed();
            Files.deleteIfExists(kept.path(digest));
            assertThat(call).isLessThan(100);
        }
    }

    private static long files(Path folder) throws Exception {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).count();
        }
    }
}
