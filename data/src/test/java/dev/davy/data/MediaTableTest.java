package dev.davy.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.davy.strict.Problem;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MediaTableTest {
    @TempDir private Path folder;

    private Path picture(String name, int grey) throws IOException {
        var image = new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 3; y++)
            for (int x = 0; x < 4; x++) image.setRGB(x, y, grey << 16 | grey << 8 | grey);
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    /// Half a second of 16-bit samples, all the same.
    private Path recording(String name, int sample) throws IOException {
        int samples = 4_000;
        var bytes = ByteBuffer.allocate(44 + 2 * samples).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 2 * samples);
        bytes.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        bytes.putShort((short) 1).putShort((short) 1).putInt(8_000).putInt(16_000);
        bytes.putShort((short) 2).putShort((short) 16);
        bytes.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(2 * samples);
        for (int i = 0; i < samples; i++) bytes.putShort((short) sample);
        return Files.write(folder.resolve(name), bytes.array());
    }

    @Test
    void aFolderOfPicturesIsATableOfItsMeasures() throws IOException {
        picture("b/two.png", 255);
        picture("one.png", 51);
        Files.writeString(folder.resolve("notes.txt"), "BMW and others");
        picture(".hidden.png", 7);
        try (var table = Table.open(folder, Reading.DEFAULT)) {
            assertThat(table.columns())
                    .containsExactly("file", "width", "height", "brightness", "contrast");
            assertThat(table.naming()).contains("file");
            var columns = Columns.read(table, table.columns());
            assertThat(columns.rows()).isEqualTo(2);
            assertThat(columns.text("file", 0)).isEqualTo("b/two.png");
            assertThat(columns.number("brightness", 0)).isCloseTo(1, within(1e-9));
            assertThat(columns.number("brightness", 1)).isCloseTo(0.2, within(1e-9));
            assertThat(columns.number("width", 1)).isEqualTo(4);
            assertThat(columns.number("contrast", 1)).isZero();
            var other = table.findings().list().getFirst();
            assertThat(other.code()).isEqualTo("other-files");
            assertThat(other.text()).contains("notes.txt");
            assertThat(table.findings().wrong()).isFalse();
        }
    }

    @Test
    void recordingsAreATableOfTheirs() throws IOException {
        var files = List.of(recording("loud.wav", 32_767), recording("silent.wav", 0));
        var tables = Table.open(files, Reading.DEFAULT);
        assertThat(tables).as("parts of one").hasSize(1);
        try (var table = tables.getFirst()) {
            var columns = Columns.read(table, table.columns());
            assertThat(columns.number("seconds", 0)).isEqualTo(0.5);
            assertThat(columns.number("rate", 1)).isEqualTo(8_000);
            assertThat(columns.number("clipping", 0)).isEqualTo(1);
            assertThat(columns.number("silence", 1)).isEqualTo(1);
            assertThat(columns.number("volume", 1)).isZero();
            var profile = Profiles.of(table, 2);
            assertThat(profile.rows()).isEqualTo(2);
        }
    }

    @Test
    void everyBadFileIsNamedAndTheOthersAreRead() throws IOException {
        var good = picture("good.png", 100);
        var bytes = Files.readAllBytes(good);
        Files.write(folder.resolve("cut.png"), java.util.Arrays.copyOf(bytes, bytes.length / 2));
        Files.write(folder.resolve("empty.jpg"), new byte[0]);
        Files.writeString(folder.resolve("page.gif"), "<html>no picture</html>");
        try (var table = Table.open(folder, Reading.DEFAULT)) {
            assertThat(Columns.read(table, List.of("width")).rows()).isEqualTo(1);
            assertThat(table.findings().wrong()).isTrue();
            assertThat(table.findings().list())
                    .hasSize(3)
                    .allMatch(finding -> finding.code().equals("image-damaged"));
            var told = table.findings().list().toString();
            assertThat(told).contains("cut.png: ").contains("empty.jpg: ").contains("page.gif: ");
        }
    }

    @Test
    void manyBadFilesAreToldTogetherAfterTheFirst() throws IOException {
        for (int i = 0; i < 50; i++) Files.write(folder.resolve("bad" + i + ".png"), new byte[9]);
        try (var table = Table.open(folder, Reading.DEFAULT)) {
            assertThat(Columns.read(table, List.of("width")).rows()).isZero();
            assertThat(table.findings().list()).hasSizeLessThan(25);
            assertThat(table.findings().list().stream().mapToLong(Finding::times).sum())
                    .isEqualTo(50);
        }
    }

    @Test
    void aFolderOfNothingAndOneOfBothAreProblems() throws IOException {
        assertThatThrownBy(() -> Table.open(folder, Reading.DEFAULT))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo("folder-without-media"));
        picture("a.png", 1);
        recording("a.wav", 1);
        assertThatThrownBy(() -> Table.open(folder, Reading.DEFAULT))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> {
                            assertThat(problem.code()).isEqualTo("pictures-and-recordings");
                            assertThat(problem.why())
                                    .contains("1 of its files are pictures and 1 are recordings");
                        });
    }
}
