package dev.davy.strict;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchivesTest {
    private static final byte[] MODEL = "model".getBytes(UTF_8);

    private static final List<String> BAD_NAMES =
            List.of(
                    "../x",
                    "a/../../x",
                    "/x",
                    "a//b",
                    "./../x",
                    "a/./b",
                    "..",
                    "a\\b",
                    "..\\x",
                    "C:x",
                    "C:\\x",
                    "a\0b",
                    "a\nb",
                    "x\u202Egpj",
                    "CON",
                    "nul.txt",
                    "a/COM1",
                    "x.",
                    "x ",
                    "d/".repeat(17) + "x",
                    "a".repeat(256),
                    "d/".repeat(2000) + "x",
                    "../prefix-sibling/x");

    @TempDir Path temporary;
    private Path folder = Path.of("unset");

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(temporary.resolve("bundle"));
    }

    /// Whatever happened: nothing beside the folder, and nothing of a refused archive in it.
    @AfterEach
    void nothingIsLeftBeside() throws IOException {
        try (var files = Files.list(temporary)) {
            assertThat(
                            files.map(each -> each.getFileName().toString())
                                    .filter(each -> !each.equals("archive")))
                    .containsExactly("bundle");
        }
    }

    private List<Archives.Entry> unpack(byte[] archive) throws IOException {
        return unpack(archive, Limits.DEFAULT);
    }

    private List<Archives.Entry> unpack(byte[] archive, Limits limits) throws IOException {
        return Archives.unpack(Files.write(temporary.resolve("archive"), archive), folder, limits);
    }

    private Problem refusal(byte[] archive) {
        var problem = Problems.of(() -> unpack(archive));
        assertThat(problem.kind()).as(problem.getMessage()).isEqualTo(Problem.Kind.UNACCEPTABLE);
        assertThat(problem.getMessage()).doesNotContain(temporary.toString());
        assertThat(folder).isEmptyDirectory();
        return problem;
    }

    private static byte[] zip(String... names) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            for (var name : names) {
                zip.putNextEntry(new ZipEntry(name));
                if (!name.endsWith("/")) zip.write(MODEL);
            }
        }
        return out.toByteArray();
    }

    @Test
    void unpacksZips() throws IOException {
        var entries = unpack(zip("model.onnx", "weights/", "weights/a.bin", "ümlaut.txt"));
        assertThat(entries)
                .extracting(Archives.Entry::name)
                .containsExactly("model.onnx", "weights/a.bin", "ümlaut.txt");
        assertThat(entries.get(1))
                .returns(folder.resolve("weights/a.bin"), Archives.Entry::file)
                .returns(5L, Archives.Entry::bytes);
        for (var entry : entries) assertThat(entry.file()).hasBinaryContent(MODEL);
    }

    @Test
    void unpacksStoredZipsWithSizesBeforeTheContent() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            var entry = new ZipEntry("m.onnx");
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(5);
            var crc = new java.util.zip.CRC32();
            crc.update(MODEL);
            entry.setCrc(crc.getValue());
            zip.putNextEntry(entry);
            zip.write(MODEL);
            zip.setComment("a comment");
        }
        assertThat(unpack(out.toByteArray())).hasSize(1);
    }

    @Test
    void unpacksTarsOfEachDialect() throws IOException {
        var entries =
                unpack(
                        tar(
                                header("./", '5', 0),
                                header("./model.onnx", '0', 5),
                                block(MODEL),
                                header("sub", '5', 0),
                                header("sub/b.bin", '\0', 5),
                                block(MODEL),
                                header("x", 'L', 130),
                                block(("n".repeat(129) + "\0").getBytes(UTF_8)),
                                header("cut", '0', 5),
                                block(MODEL),
                                header("pax", 'x', 15),
                                block("15 path=ä.txt\n".getBytes(UTF_8)),
                                header("cut", '0', 5),
                                block(MODEL)));
        assertThat(entries)
                .extracting(Archives.Entry::name)
                .containsExactly("model.onnx", "sub/b.bin", "n".repeat(129), "ä.txt");
        for (var entry : entries) assertThat(entry.file()).hasBinaryContent(MODEL);
    }

    @Test
    void refusesNamesThatLeadElsewhereOrNowhere() throws IOException {
        for (var name : BAD_NAMES) {
            assertThat(refusal(zip(name)).code()).as(name).isEqualTo("archive-entry-not-allowed");
            if (name.indexOf('\0') >= 0) continue;
            var raw = name.getBytes(UTF_8);
            var file =
                    raw.length <= 100
                            ? tar(header(name, '0', 5), block(MODEL))
                            : tar(
                                    header("x", 'L', raw.length),
                                    block(raw),
                                    header("x", '0', 5),
                                    block(MODEL));
            assertThat(refusal(file).code()).as(name).isEqualTo("archive-entry-not-allowed");
        }
        assertThat(temporary.resolve("x")).doesNotExist();
    }

    @Test
    void refusesNamesThatSomeSystemsThinkTheSame() throws IOException {
        for (var names :
                new String[][] {
                    {"a", "A"},
                    {"é", "e\u0301"},
                    {"d/a", "D/b"},
                    {"d", "d/a"},
                    {"d/a", "d"},
                    {"straße", "STRASSE"},
                    {"d/", "D/"}
                }) {
            assertThat(refusal(zip(names)).why())
                    .as(Arrays.toString(names))
                    .contains("another entry has the same name");
            var blocks =
                    Arrays.stream(names)
                            .filter(each -> !each.endsWith("/"))
                            .map(each -> List.of(header(each, '0', 5), block(MODEL)))
                            .flatMap(List::stream)
                            .toArray(byte[][]::new);
            if (blocks.length == 4)
                assertThat(refusal(tar(blocks)).why()).contains("another entry has the same name");
        }
        assertThat(
                        refusal(
                                        tar(
                                                header("a", '0', 5),
                                                block(MODEL),
                                                header("a", '0', 5),
                                                block(MODEL)))
                                .why())
                .contains("same name");
        assertThat(unpack(zip("d/a", "d/b", "d/"))).hasSize(2);
    }

    @Test
    void refusesLinksAndDevices() throws IOException {
        for (char type : new char[] {'1', '2', '3', '4', '6', '7', 'S', 'K', 'V'})
            assertThat(refusal(tar(header("x", type, 0))).kind())
                    .isEqualTo(Problem.Kind.UNACCEPTABLE);
        for (int mode : new int[] {0120777, 0020666, 0060666, 0010666, 0140777, 0040755}) {
            var file = zip("x");
            int central = find(file, 0x02014B50);
            file[central + 5] = 3;
            ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(central + 38, mode << 16);
            assertThat(refusal(file).code()).isEqualTo("archive-entry-not-allowed");
        }
    }

    @Test
    void refusesZipsThatCanBeReadInTwoWays() throws IOException {
        var good = zip("model.onnx", "b");
        int local = find(good, 0x04034B50);
        int central = find(good, 0x02014B50);
        for (int at :
                new int[] {
                    local + 6,
                    local + 8,
                    local + 14,
                    local + 18,
                    local + 22,
                    local + 26,
                    local + 30,
                    central + 8,
                    central + 10,
                    central + 16,
                    central + 20,
                    central + 24,
                    central + 42,
                    central + 46
                }) {
            var changed = good.clone();
            changed[at] ^= 1;
            assertThat(refusal(changed).kind())
                    .as("byte %d", at)
                    .isEqualTo(Problem.Kind.UNACCEPTABLE);
        }
        var before = new ByteArrayOutputStream();
        before.writeBytes("#!/bin/sh\n".getBytes(UTF_8));
        before.writeBytes(good);
        refusal(before.toByteArray());
        refusal(Arrays.copyOf(good, good.length + 10));
        for (int length = 0; length < good.length; length++) refusal(Arrays.copyOf(good, length));
        var twice = zip("ab", "ac");
        for (int i = 0; i + 1 < twice.length; i++)
            if (twice[i] == 'a' && twice[i + 1] == 'c') twice[i + 1] = 'b';
        assertThat(refusal(twice).why()).contains("same name");
    }

    @Test
    void refusesBombsWhileTheyUnpack() throws IOException {
        var limits = Limits.DEFAULT.with("archive-bytes", "2 MiB").with("archive-entries", "10");
        var zeros = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(zeros)) {
            zip.putNextEntry(new ZipEntry("zeros"));
            zip.write(new byte[2_000_000]);
        }
        assertThat(refusal(zeros.toByteArray()).why()).contains("100 times as large");
        var tar = tar(header("zeros", '0', 2_000_000), new byte[2_000_384]);
        assertThat(refusal(tar).why()).contains("100 times as large");
        assertThat(Problems.of(() -> unpack(tar(header("a", '0', 3 << 20)), limits)).why())
                .contains("more than 2097152 bytes");
        assertThat(Problems.of(() -> unpack(tar(header("a", '0', (1L << 33) - 1)))).kind())
                .isEqualTo(Problem.Kind.UNACCEPTABLE);

        var eleven =
                java.util.stream.IntStream.range(0, 11)
                        .mapToObj(each -> "f" + each)
                        .toArray(String[]::new);
        assertThat(Problems.of(() -> unpack(zip(eleven), limits)).why())
                .contains("more than 10 entries");
        assertThat(unpack(zip(Arrays.copyOf(eleven, 10)), limits)).hasSize(10);
    }

    @Test
    void leavesArchivesWithinAsTheyAre() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("inner.zip"));
            zip.write(zip("model.onnx"));
        }
        assertThat(unpack(out.toByteArray()))
                .extracting(Archives.Entry::name)
                .containsExactly("inner.zip");
    }

    @Test
    void refusesDamagedTars() throws IOException {
        var plain =
                plainTar(
                        header("model.onnx", '0', 600),
                        new byte[1024],
                        header("b", '0', 5),
                        block(MODEL));
        for (int length = 0; length < plain.length - 512; length += 41)
            refusal(Gzip.gzip(Arrays.copyOf(plain, length)));
        var packed = Gzip.gzip(plain);
        for (int length = 0; length < packed.length; length += 3)
            refusal(Arrays.copyOf(packed, length));
        var wrongSum = plain.clone();
        wrongSum[0] ^= 1;
        refusal(Gzip.gzip(wrongSum));
        var behind = Arrays.copyOf(plain, plain.length + 512);
        behind[plain.length + 5] = 1;
        refusal(Gzip.gzip(behind));
        refusal(Gzip.gzip("no tar".getBytes(UTF_8)));
        refusal(new byte[0]);
        refusal("<html>".getBytes(UTF_8));
        refusal(tar(header("x", 'x', 1 << 20)));
        refusal(tar(header("x", 'L', 1L << 32)));
        refusal(
                tar(
                        header("x", 'x', 20),
                        block("20 GNU.sparse.map=1\n".getBytes(UTF_8)),
                        header("a", '0', 5),
                        block(MODEL)));
        refusal(
                tar(
                        header("x", 'x', 12),
                        block("99 path=abc\n".getBytes(UTF_8)),
                        header("a", '0', 5),
                        block(MODEL)));
        refusal(
                tar(
                        header("x", 'g', 13),
                        block("13 path=../x\n".getBytes(UTF_8)),
                        header("a", '0', 5),
                        block(MODEL)));
        refusal(
                tar(
                        header("x", 'x', 11),
                        block("11 size=-1\n".getBytes(UTF_8)),
                        header("a", '0', 5),
                        block(MODEL)));
    }

    @Test
    void answersDamagedArchivesWithFilesOrAProblem() throws IOException {
        var random = new Random(12);
        var archives =
                List.of(
                        zip("model.onnx", "d/b"),
                        plainTar(header("model.onnx", '0', 5), block(MODEL)));
        for (int i = 0; i < 600; i++) {
            var bytes = archives.get(i % 2).clone();
            for (int n = 1 + random.nextInt(2); n > 0; n--)
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            try {
                unpack(i % 2 == 0 ? bytes : Gzip.gzip(bytes));
                try (var files = Files.walk(folder)) {
                    files.sorted(java.util.Comparator.reverseOrder())
                            .forEach(each -> each.toFile().delete());
                }
                Files.createDirectories(folder);
            } catch (Problem problem) {
                assertThat(problem.code()).startsWith("archive-");
                assertThat(folder).isEmptyDirectory();
            }
        }
    }

    @Test
    void wantsAnEmptyFolder() throws IOException {
        Files.createFile(folder.resolve("mine"));
        assertThatThrownBy(() -> unpack(zip("a"))).isInstanceOf(DirectoryNotEmptyException.class);
        assertThat(folder.resolve("mine")).exists();
    }

    private static int find(byte[] file, int signature) {
        var in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        while (in.getInt(at) != signature) at++;
        return at;
    }

    private static byte[] header(String name, char type, long size) {
        var header = new byte[512];
        var raw = name.getBytes(UTF_8);
        System.arraycopy(raw, 0, header, 0, Math.min(100, raw.length));
        put(header, 124, "%011o".formatted(size));
        put(header, 257, "ustar\0" + "00");
        header[156] = (byte) type;
        put(header, 148, "        ");
        int sum = 0;
        for (var b : header) sum += b & 0xFF;
        put(header, 148, "%06o\0 ".formatted(sum));
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        System.arraycopy(text.getBytes(UTF_8), 0, header, at, text.length());
    }

    private static byte[] block(byte[] content) {
        return Arrays.copyOf(content, (content.length + 511) / 512 * 512);
    }

    private static byte[] plainTar(byte[]... blocks) {
        var out = new ByteArrayOutputStream();
        for (var block : blocks) out.writeBytes(block);
        out.writeBytes(new byte[1024]);
        return out.toByteArray();
    }

    private static byte[] tar(byte[]... blocks) {
        return Gzip.gzip(plainTar(blocks));
    }
}
