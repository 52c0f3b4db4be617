package dev.davy.data;

import dev.davy.data.MediaFile.Kind;
import dev.davy.schema.Block;
import dev.davy.schema.Block.Cells;
import dev.davy.schema.ColumnType;
import dev.davy.stats.media.PictureMeasures;
import dev.davy.stats.media.RecordingMeasures;
import dev.davy.strict.Audio;
import dev.davy.strict.Images;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/// Pictures or recordings as a table: a row for each file, its name and what was measured of it. A
/// file that can't be read is a finding, and has no row.
final class MediaTable implements Table {
    /// More than so many in a folder are too many for one table.
    private static final int FILES_MAX = 1_000_000;

    /// A larger file is refused: it would be read into memory whole.
    private static final long BYTES_MAX = 128L << 20;

    private static final int PART_FILES = 1_024;
    private static final String FILE = "file";
    private static final List<String> OF_PICTURES =
            List.of("width", "height", "brightness", "contrast");
    private static final List<String> OF_RECORDINGS =
            List.of("rate", "seconds", "volume", "silence", "clipping");

    private final String name;
    private final List<MediaFile> files;
    private final Reading reading;
    private final Findings findings = new Findings();
    private final AtomicLong read = new AtomicLong();

    private MediaTable(String name, List<MediaFile> files, Reading reading) {
        this.name = name;
        this.files = List.copyOf(files);
        this.reading = reading;
    }

    /// @param given folders, looked through with all below them, and files
    /// @throws Problem UNACCEPTABLE `folder-without-media`, `pictures-and-recordings`; TOO_LARGE
    ///   `folder-too-large`
    static MediaTable open(List<Path> given, Reading reading) throws IOException {
        var files = new ArrayList<MediaFile>();
        var others = new ArrayList<String>();
        for (var path : given)
            if (Files.isDirectory(path)) lookThrough(path, files, others);
            else MediaFile.of(path, nameOf(path)).ifPresent(files::add);
        var name = given.size() == 1 ? nameOf(given.getFirst()) : given.size() + " files";
        check(name, files, others);
        var table = new MediaTable(name, files, reading);
        if (!others.isEmpty())
            table.findings.add(
                    "other-files",
                    false,
                    "",
                    0,
                    others.size(),
                    "%s is neither a picture nor a recording, and is left out"
                            .formatted(others.getFirst()));
        return table;
    }

    private static String nameOf(Path path) {
        return String.valueOf(path.toAbsolutePath().normalize().getFileName());
    }

    /// In the order of their names, so that the same folder is the same table everywhere.
    private static void lookThrough(Path folder, List<MediaFile> files, List<String> others)
            throws IOException {
        List<Path> found;
        try (var below = Files.walk(folder)) {
            found = below.filter(Files::isRegularFile).limit(FILES_MAX + 1L).sorted().toList();
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
        if (found.size() > FILES_MAX)
            throw new Problem(
                    Problem.Kind.TOO_LARGE,
                    "folder-too-large",
                    folder + " has too many files.",
                    "It has more than %,d.".formatted(FILES_MAX),
                    "Give folders below it one at a time.");
        for (var path : found) {
            var name = folder.relativize(path).toString().replace('\\', '/');
            if (name.startsWith(".") || name.contains("/.")) continue;
            var file = MediaFile.of(path, name);
            if (file.isPresent()) files.add(file.get());
            else others.add(name);
        }
    }

    private static void check(String name, List<MediaFile> files, List<String> others) {
        if (files.isEmpty())
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "folder-without-media",
                    name + " can't be read as a table.",
                    others.isEmpty()
                            ? "It is a folder without files."
                            : "It is a folder without pictures or recordings; %s is in it."
                                    .formatted(others.getFirst()),
                    "Give a folder of pictures or recordings, or the path of a CSV, CSV.gz or"
                            + " Parquet file.");
        var pictures = files.stream().filter(file -> file.kind() == Kind.PICTURE).toList();
        if (!pictures.isEmpty() && pictures.size() < files.size())
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "pictures-and-recordings",
                    name + " can't be read as a table.",
                    "%d of its files are pictures and %d are recordings, which have no measure in common."
                            .formatted(pictures.size(), files.size() - pictures.size()),
                    "Give either by itself.");
    }

    private boolean ofPictures() {
        return files.getFirst().kind() == Kind.PICTURE;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> columns() {
        var columns = new ArrayList<>(List.of(FILE));
        columns.addAll(ofPictures() ? OF_PICTURES : OF_RECORDINGS);
        return columns;
    }

    @Override
    public Optional<String> naming() {
        return Optional.of(FILE);
    }

    @Override
    public Optional<ColumnType> type(String column) {
        return Optional.of(
                switch (column) {
                    case FILE -> ColumnType.TEXT;
                    case "width", "height", "rate" -> ColumnType.INTEGER;
                    default -> ColumnType.NUMBER;
                });
    }

    /// Unknown until all were opened: damaged ones have no row.
    @Override
    public OptionalLong rows() {
        return OptionalLong.empty();
    }

    @Override
    public int parts() {
        return (files.size() + PART_FILES - 1) / PART_FILES;
    }

    @Override
    public Findings findings() {
        return findings;
    }

    @Override
    public double done() {
        return Math.min(1, (double) read.get() / files.size());
    }

    @Override
    public void read(int part, List<String> wanted, Into into) throws IOException {
        if (part == 0) read.set(0);
        int from = part * PART_FILES;
        int to = Math.min(files.size(), from + PART_FILES);
        var names = new byte[to - from][];
        var lines = new long[to - from];
        var all = columns();
        var values = new double[all.size()][to - from];
        int rows = 0;
        for (int i = from; i < to; i++) {
            var measures = measured(files.get(i), i + 1L);
            read.incrementAndGet();
            if (measures.length == 0) continue;
            names[rows] = files.get(i).name().getBytes(StandardCharsets.UTF_8);
            for (int c = 0; c < measures.length; c++) values[c + 1][rows] = measures[c];
            lines[rows++] = i + 1L;
        }
        var cells = new ArrayList<Cells>();
        for (var column : wanted)
            cells.add(
                    column.equals(FILE)
                            ? new Cells.Texts(names)
                            : new Cells.Doubles(values[all.indexOf(column)], new boolean[rows]));
        if (rows > 0) into.rows(new Block(wanted, cells, rows), lines);
    }

    /// In the order of the columns after the name; none where the file can't be read.
    private double[] measured(MediaFile file, long line) throws IOException {
        try {
            if (Files.size(file.path()) > BYTES_MAX)
                throw new Problem(
                        Problem.Kind.TOO_LARGE,
                        "file-too-large",
                        "The file is too large.",
                        "Up to %d MiB are read.".formatted(BYTES_MAX >> 20),
                        "Make it smaller.");
            var bytes = Files.readAllBytes(file.path());
            return file.kind() == Kind.PICTURE ? picture(bytes) : recording(file, line, bytes);
        } catch (Problem problem) {
            findings.addEach(
                    problem.code(),
                    true,
                    line,
                    "%s: %s %s; it has no row"
                            .formatted(
                                    file.name(),
                                    problem.what(),
                                    problem.why().replaceFirst("\\.$", "")));
            return new double[0];
        }
    }

    private double[] picture(byte[] bytes) {
        var pixels = Images.decode(bytes, reading.limits());
        var of =
                PictureMeasures.of(
                        pixels.width(), pixels.height(), pixels.channels(), pixels.data());
        return new double[] {of.width(), of.height(), of.brightness(), of.contrast()};
    }

    private double[] recording(MediaFile file, long line, byte[] bytes) {
        var sound = Audio.decode(bytes, reading.limits());
        for (var warning : sound.warnings())
            findings.addEach("recording-odd", false, line, file.name() + ": " + warning);
        var of = RecordingMeasures.of(sound.rate(), sound.channels(), sound.samples());
        return new double[] {of.rate(), of.seconds(), of.volume(), of.silence(), of.clipping()};
    }

    @Override
    public void close() {}
}
