package dev.davy.demo.phones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.strict.Images;
import dev.davy.strict.Limits;
import dev.davy.strict.SafePath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotosTest {
    private static final Conditions USUAL = Conditions.USUAL;

    @Test
    void theSameNumberOfTheSameFactoryIsTheSamePhotoToTheBit() {
        for (long number = 0; number < 20; number++) {
            var phone = new Factory(7).phone(number, USUAL);
            assertThat(new Factory(7).phone(number, USUAL)).isEqualTo(phone);
            assertThat(Camera.photo(phone, USUAL).grey())
                    .isEqualTo(Camera.photo(phone, USUAL).grey());
        }
    }

    @Test
    void anotherSeedIsAnotherFactory() {
        var one = new Factory(1).phone(0, USUAL);
        var other = new Factory(2).phone(0, USUAL);
        assertThat(one.serial()).isNotEqualTo(other.serial());
        assertThat(Camera.photo(one, USUAL).grey()).isNotEqualTo(Camera.photo(other, USUAL).grey());
    }

    @Test
    void davyReadsThePngAsThePixelsThatWereDrawn() {
        var photo = Camera.photo(new Factory(7).phone(3, USUAL), USUAL);
        var read = Images.decode(photo.png(), Limits.DEFAULT);
        assertThat(read.width()).isEqualTo(Camera.WIDTH);
        assertThat(read.height()).isEqualTo(Camera.HEIGHT);
        assertThat(read.channels()).isEqualTo(1);
        assertThat(read.data()).isEqualTo(photo.grey());
    }

    @Test
    void asManyPhonesAreScratchedAsTheConditionsSayAndEachTruthIsKnown() {
        var depths = new HashMap<String, Long>();
        LongStream.range(0, 20_000)
                .mapToObj(number -> new Factory(11).phone(number, USUAL))
                .peek(phone ->
                        assertThat(phone.truth())
                                .isEqualTo(phone.deepest().isPresent() ? "scratch" : "ok"))
                .forEach(phone ->
                        depths.merge(phone.deepest().map(Depth::word).orElse("ok"), 1L, Long::sum));
        // 12 % of 20 000, and three standard deviations
        assertThat(20_000 - depths.getOrDefault("ok", 0L)).isBetween(2_262L, 2_538L);
        assertThat(depths).containsKeys("hairline", "fine", "clear", "gouge");
    }

    @Test
    void lampsThatGoDimMakeThePhotoDarker() {
        for (long number = 0; number < 10; number++) {
            var dim = USUAL.light(0.5);
            var phone = new Factory(7).phone(number, USUAL);
            assertThat(brightness(Camera.photo(phone, dim)))
                    .isBetween(
                            0.45 * brightness(Camera.photo(phone, USUAL)),
                            0.55 * brightness(Camera.photo(phone, USUAL)));
        }
    }

    private static double brightness(Photo photo) {
        double sum = 0;
        for (byte pixel : photo.grey()) sum += pixel & 0xFF;
        return sum / photo.grey().length;
    }

    @Test
    void aKnobIsNotTurnedBeyondItsEnd() {
        assertThatThrownBy(() -> USUAL.scratched(1.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("scratched is 1.5");
        assertThatThrownBy(() -> USUAL.light(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTrainingFolderHoldsPixelsTruthAndASheetToLookAt(@TempDir Path folder) throws Exception {
        TrainingFolder.write(folder, 5, 300, USUAL.scratched(0.4));
        assertThat(Files.size(SafePath.inside(folder, "photos.grey"))).isEqualTo(300L * 96 * 96);
        var lines = Files.readAllLines(SafePath.inside(folder, "photos.csv"));
        assertThat(lines).hasSize(301);
        assertThat(lines.getFirst()).isEqualTo("serial,line,make,finish,truth,depth");
        assertThat(lines.get(1)).startsWith(new Factory(5).phone(0, USUAL).serial() + ",");
        var sheet = Files.readAllBytes(SafePath.inside(folder, "contact-sheet.png"));
        assertThat(Images.decode(sheet, Limits.DEFAULT).width()).isEqualTo(12 * 96);
    }

    @Test
    void photosAsFilesAreThoseOfTheirSerialNumbers(@TempDir Path folder) throws Exception {
        TrainingFolder.writeEach(folder, 5, 3, USUAL.light(0.5));
        var lines = Files.readAllLines(SafePath.inside(folder, "photos.csv"));
        assertThat(lines).hasSize(4);
        for (int number = 0; number < 3; number++) {
            var phone = new Factory(5).phone(number, USUAL);
            assertThat(lines.get(1 + number)).startsWith(phone.serial() + ",");
            assertThat(Files.readAllBytes(SafePath.inside(folder, phone.serial() + ".png")))
                    .isEqualTo(Camera.photo(phone, USUAL.light(0.5)).png());
        }
    }
}
