package dev.davy.demo.phones;

import dev.davy.strict.SafePath;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/// Photos for whoever trains a model, with their truth.
///
/// Three files: `photos.grey`, the pixels of one photo after the other, a byte each; `photos.csv`,
/// a line for each with its serial number, line, truth and depth; and `contact-sheet.png`, the
/// first of them beside each other, for a person to look at.
public final class TrainingFolder {
    private static final int ACROSS = 12;
    private static final int DOWN = 8;
    private static final int AT_ONCE = 256;
    private static final String HEAD = "serial,line,make,finish,truth,depth\n";

    private TrainingFolder() {}

    /// Writes as many photos as asked for, the same ones for the same seed.
    public static void write(Path folder, long seed, int photos, Conditions conditions)
            throws IOException {
        Files.createDirectories(folder);
        var factory = new Factory(seed);
        var sheet = new byte[ACROSS * DOWN * Camera.WIDTH * Camera.HEIGHT];
        try (var pixels = open(folder, "photos.grey");
                var table = Files.newBufferedWriter(SafePath.inside(folder, "photos.csv"))) {
            table.write(HEAD);
            for (int from = 0; from < photos; from += AT_ONCE) {
                int first = from;
                var drawn =
                        IntStream.range(first, Math.min(photos, first + AT_ONCE))
                                .parallel()
                                .mapToObj(number -> factory.phone(number, conditions))
                                .map(phone -> new Drawn(phone, Camera.photo(phone, conditions)))
                                .toList();
                for (var each : drawn) {
                    pixels.write(each.photo.grey());
                    table.write(line(each.phone));
                }
                for (int i = 0; i < drawn.size() && first + i < ACROSS * DOWN; i++)
                    put(sheet, first + i, drawn.get(i).photo);
            }
        }
        var all = new Photo(ACROSS * Camera.WIDTH, DOWN * Camera.HEIGHT, sheet);
        Files.write(SafePath.inside(folder, "contact-sheet.png"), all.png());
    }

    /// As many photos, each a PNG named by its serial number, and the same table beside them.
    public static void writeEach(Path folder, long seed, int photos, Conditions conditions)
            throws IOException {
        Files.createDirectories(folder);
        var factory = new Factory(seed);
        try (var table = Files.newBufferedWriter(SafePath.inside(folder, "photos.csv"))) {
            table.write(HEAD);
            for (int number = 0; number < photos; number++) {
                var phone = factory.phone(number, conditions);
                var file = SafePath.inside(folder, phone.serial() + ".png");
                Files.write(file, Camera.photo(phone, conditions).png());
                table.write(line(phone));
            }
        }
    }

    private record Drawn(Phone phone, Photo photo) {}

    private static OutputStream open(Path folder, String name) throws IOException {
        return new BufferedOutputStream(Files.newOutputStream(SafePath.inside(folder, name)));
    }

    private static String line(Phone phone) {
        return String.join(
                        ",",
                        phone.serial(),
                        phone.line(),
                        phone.make().word(),
                        phone.finish().word(),
                        phone.truth(),
                        phone.deepest().map(Depth::word).orElse(""))
                + "\n";
    }

    private static void put(byte[] sheet, int place, Photo photo) {
        int left = place % ACROSS * Camera.WIDTH;
        int top = place / ACROSS * Camera.HEIGHT;
        for (int y = 0; y < Camera.HEIGHT; y++)
            System.arraycopy(
                    photo.grey(),
                    y * Camera.WIDTH,
                    sheet,
                    (top + y) * ACROSS * Camera.WIDTH + left,
                    Camera.WIDTH);
    }
}
