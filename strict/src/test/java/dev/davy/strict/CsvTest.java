package dev.davy.strict;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CsvTest {
    private record Table(List<String> header, List<List<String>> rows, List<Csv.Reject> rejects) {}

    private static Table read(byte[] csv) throws IOException {
        return read(new ByteArrayInputStream(csv), Limits.DEFAULT);
    }

    private static Table read(InputStream in, Limits limits) throws IOException {
        try (var reader = Csv.open(in, "t.csv", limits)) {
            var table = new Table(reader.header(), new ArrayList<>(), new ArrayList<>());
            for (var row = reader.next(); row.isPresent(); row = reader.next())
                switch (row.get()) {
                    case Csv.CsvRow good -> table.rows().add(good.cells());
                    case Csv.Reject reject -> table.rejects().add(reject);
                }
            assertThat(reader.accepted()).isEqualTo(table.rows().size());
            assertThat(reader.rejected()).isEqualTo(table.rejects().size());
            return table;
        }
    }

    private static Table read(String csv) throws IOException {
        return read(csv.getBytes(UTF_8));
    }

    private static Problem refusal(byte[] csv) {
        var problem = Problems.of(() -> read(csv));
        assertThat(problem.kind()).isEqualTo(Problem.Kind.UNACCEPTABLE);
        return problem;
    }

    @Test
    void readsCellsAsTheyAre() throws IOException {
        var table = read("id,city,note\n1,\"New\r\nYork, \"\"NY\"\"\",\n 2 , é€😀 ,\"\"\n,,");
        assertThat(table.header()).containsExactly("id", "city", "note");
        assertThat(table.rows())
                .containsExactly(
                        List.of("1", "New\r\nYork, \"NY\"", ""),
                        List.of(" 2 ", " é€😀 ", ""),
                        List.of("", "", ""));
    }

    @Test
    void readsEveryLineEndEvenMixed() throws IOException {
        var rows = List.of(List.of("1", "2"), List.of("3", "4"), List.of("5", "6"));
        for (var csv :
                new String[] {
                    "a,b\n1,2\n3,4\n5,6\n",
                    "a,b\r\n1,2\r\n3,4\r\n5,6",
                    "a,b\r1,2\r3,4\r5,6\r",
                    "a,b\r\n1,2\n3,4\r5,6",
                    "\uFEFFa,b\n1,2\n\n3,4\n\r\n5,6\n\n"
                }) assertThat(read(csv).rows()).as(csv).isEqualTo(rows);
    }

    @Test
    void takesABlankLineForAnEmptyCellOnlyInASingleColumn() throws IOException {
        assertThat(read("a\n1\n\n3\n").rows())
                .containsExactly(List.of("1"), List.of(""), List.of("3"));
        assertThat(read("a,b\n").rows()).isEmpty();
        assertThat(read("a,b").header()).containsExactly("a", "b");
    }

    @Test
    void rejectsRowsWithTheirLineAndReason() throws IOException {
        var table = read("a,b\n1,2\n3\n4,5,6\n\"x\ny\",7\n8,\"z\"z\n9,a\"b\"\n10,\u0000\n11,12\n");
        assertThat(table.rows())
                .containsExactly(
                        List.of("1", "2"),
                        List.of("x\ny", "7"),
                        List.of("9", "a\"b\""),
                        List.of("11", "12"));
        assertThat(table.rejects())
                .containsExactly(
                        new Csv.Reject(3, "it has 1 cells; the header has 2"),
                        new Csv.Reject(4, "it has 3 cells; the header has 2"),
                        new Csv.Reject(7, "something follows behind a closing quote"),
                        new Csv.Reject(9, "it holds the control character U+0000"));
    }

    @Test
    void refusesHeadersThatNameNoColumns() {
        for (var csv :
                new String[] {
                    "",
                    "\n\n",
                    "a,a\n",
                    "a,\n",
                    "a, ,b\n",
                    "\"\"\n",
                    "a;b;c\n1;2;3\n",
                    "a\tb\n",
                    "\uFEFF"
                })
            assertThat(refusal(csv.getBytes(UTF_8)).code())
                    .as(csv)
                    .isEqualTo("csv-header-not-acceptable");
        assertThat(refusal("a;b\n".getBytes(UTF_8)).why()).contains("';'");
        for (var charset : new String[] {"UTF-16", "UTF-16LE", "UTF-16BE"})
            assertThat(refusal("a,b\n1,2\n".getBytes(Charset.forName(charset))).why())
                    .contains("UTF-16");
        assertThat(refusal(new byte[] {'P', 'K', 3, 4, 20, 0}).why()).contains("spreadsheet");
        assertThat(refusal("PAR1....".getBytes(UTF_8)).why()).contains("Parquet");
        assertThat(refusal(Gzip.gzip(Gzip.gzip("a,b\n".getBytes(UTF_8)))).why())
                .contains("compressed twice");
    }

    @Test
    void namesTheLineAndByteThatIsNotUtf8() {
        for (var bad :
                new byte[][] {
                    {(byte) 0xE9},
                    {(byte) 0xC0, (byte) 0xAF},
                    {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
                    {(byte) 0x80},
                    {(byte) 0xE2, (byte) 0x82},
                    {(byte) 0xF5, (byte) 0x80}
                })
            for (var quote : new String[] {"", "\""}) {
                var csv = new ByteArrayOutputStream();
                csv.writeBytes(("a,b\n1,2\nK," + quote).getBytes(UTF_8));
                csv.writeBytes(bad);
                csv.writeBytes((quote + "\n3,4\n").getBytes(UTF_8));
                var problem = refusal(csv.toByteArray());
                assertThat(problem.code()).isEqualTo("csv-not-utf8");
                assertThat(problem.why()).matches("t\\.csv:3: the byte 1\\d is not UTF-8\\.");
            }
    }

    @Test
    void refusesAQuoteThatIsNeverClosed() {
        assertThat(refusal("a,b\n1,2\n3,\"4\n5,6\n".getBytes(UTF_8)).why())
                .startsWith("t.csv:3: a quote is opened here");
    }

    @Test
    void holdsItsLimits() throws IOException {
        var limits =
                Limits.DEFAULT
                        .with("csv-field-bytes", "100")
                        .with("csv-row-bytes", "150")
                        .with("csv-columns", "3")
                        .with("csv-rows", "2")
                        .with("csv-bytes", "1000");
        assertThat(read(stream("a,b\n" + "x".repeat(100) + ",1\n"), limits).rows()).hasSize(1);
        assertThat(Problems.code(() -> read(stream("a,b\n" + "x".repeat(101) + ",1\n"), limits)))
                .isEqualTo("csv-field-too-long");
        assertThat(
                        Problems.code(() ->
                                read(stream("a,b\n\"" + "x\n".repeat(51) + "\",1\n"), limits)))
                .isEqualTo("csv-field-too-long");
        assertThat(
                        Problems.code(() ->
                                read(
                                        stream("a,b\n" + "x".repeat(90) + "," + "y".repeat(90)),
                                        limits)))
                .isEqualTo("csv-row-too-long");
        assertThat(Problems.code(() -> read(stream("a,b,c,d\n"), limits)))
                .isEqualTo("csv-too-many-columns");
        assertThat(Problems.code(() -> read(stream("a,b\n" + "1,".repeat(10_000)), limits)))
                .isIn("csv-too-many-columns", "csv-too-large");
        assertThat(read(stream("a\n1\n2\n"), limits).rows()).hasSize(2);
        assertThat(Problems.of(() -> read(stream("a\n1\n2\n3\n"), limits)))
                .returns("csv-too-large", Problem::code)
                .returns(Problem.Kind.TOO_LARGE, Problem::kind);
        assertThat(Problems.code(() -> read(stream("a\n" + "1\n".repeat(1000)), limits)))
                .isEqualTo("csv-too-large");
        assertThat(Problems.code(() -> read(stream("x".repeat(10_000_000)), Limits.DEFAULT)))
                .isEqualTo("csv-field-too-long");
    }

    @Test
    void readsGzipAndNeverMoreThanItsLimit() throws IOException {
        var csv = "a,b\n1,2\n".getBytes(UTF_8);
        assertThat(read(Gzip.gzip(csv)).rows()).containsExactly(List.of("1", "2"));
        var bomb = new ByteArrayOutputStream();
        bomb.writeBytes(Gzip.gzip("a\n".getBytes(UTF_8)));
        var member = Gzip.gzip("1\n".repeat(1 << 20).getBytes(UTF_8));
        for (int i = 0; i < 20; i++) bomb.writeBytes(member);
        var limits = Limits.DEFAULT.with("csv-rows", "100000");
        assertThat(Problems.code(() -> read(new ByteArrayInputStream(bomb.toByteArray()), limits)))
                .isEqualTo("csv-too-large");
        var cut = java.util.Arrays.copyOf(Gzip.gzip(csv), 20);
        assertThat(Problems.code(() -> read(cut))).isEqualTo("compressed-data-malformed");
    }

    @Test
    void closesItsStreamWhenItCannotBeOpened() {
        var closed = new boolean[1];
        var in =
                new ByteArrayInputStream(new byte[0]) {
                    @Override
                    public void close() {
                        closed[0] = true;
                    }
                };
        assertThat(Problems.of(() -> Csv.open(in, "t.csv", Limits.DEFAULT))).isNotNull();
        assertThat(closed[0]).isTrue();
    }

    @Test
    void makesFormulasHarmlessAndLeavesNumbers() {
        var lines = new StringBuilder();
        Csv.writeRow(
                lines,
                List.of(
                        "=HYPERLINK(\"x\")",
                        "-2+3",
                        "@SUM(A1)",
                        "\t=1",
                        "+1",
                        "-1.5e3",
                        "-",
                        "a,b",
                        "a\"b",
                        " x",
                        "",
                        "＝1"));
        assertThat(lines.toString())
                .isEqualTo(
                        "\"'=HYPERLINK(\"\"x\"\")\",'-2+3,'@SUM(A1),'\t=1,+1,-1.5e3,'-,\"a,b\",\"a\"\"b\",\" x\",,'＝1\n");
    }

    @Test
    void readsBackWhatItWrote() throws IOException {
        var random = new Random(3);
        for (int i = 0; i < 500; i++) {
            int columns = 1 + random.nextInt(5);
            var header =
                    java.util.stream.IntStream.range(0, columns)
                            .mapToObj(each -> "c" + each)
                            .toList();
            var rows = new ArrayList<List<String>>();
            var text = new StringBuilder();
            Csv.writeRow(text, header);
            for (int n = random.nextInt(10); n > 0; n--) {
                var row = header.stream().map(_ -> cell(random)).toList();
                rows.add(row);
                Csv.writeRow(text, row);
            }
            var table = read(text.toString());
            assertThat(table.rejects()).as(text.toString()).isEmpty();
            assertThat(table.rows()).as(text.toString()).isEqualTo(rows);
        }
    }

    @Test
    void countsEveryRowOfDamagedFiles() {
        var random = new Random(5);
        var good = "id,age,city\n1,30,\"Ny, \"\"x\"\"\"\n2,,é\r\n3,4,5\n".getBytes(UTF_8);
        for (int i = 0; i < 20_000; i++) {
            var csv = good.clone();
            for (int n = 1 + random.nextInt(3); n > 0; n--)
                csv[random.nextInt(csv.length)] =
                        (byte)
                                (random.nextBoolean()
                                        ? random.nextInt(256)
                                        : ",\"\n\r;\t\0".charAt(random.nextInt(7)));
            try {
                read(csv);
            } catch (Problem problem) {
                assertThat(problem.why()).startsWith("t.csv:");
            } catch (IOException | RuntimeException e) {
                throw new AssertionError(new String(csv, UTF_8), e);
            }
        }
    }

    @Test
    void readsTheFilesOfTheManifestAsTheyAre() throws IOException {
        var folder = SharedData.folder("bad-inputs").resolve("data");
        assertThat(read(Files.readAllBytes(folder.resolve("ok.csv"))).rows()).hasSize(100);
        assertThat(read(Files.readAllBytes(folder.resolve("cr-only.csv"))).rows()).hasSize(100);
        assertThat(read(Files.readAllBytes(folder.resolve("no-final-newline.csv"))).rows())
                .hasSize(1);
        assertThat(read(Files.readAllBytes(folder.resolve("mixed-eol.csv"))).rows())
                .hasSize(3)
                .allSatisfy(row -> assertThat(row.get(2)).hasSize(1));
        assertThat(read(Files.readAllBytes(folder.resolve("leading-zeros.csv"))).rows())
                .contains(List.of("02134", "9007199254740993", "0"));
        var ragged = read(Files.readAllBytes(folder.resolve("ragged.csv")));
        assertThat(ragged.rejects()).extracting(Csv.Reject::line).containsExactly(102L, 103L);
        assertThat(read(Files.readAllBytes(folder.resolve("quote-newline.csv"))).rows()).hasSize(1);
        assertThat(read(Files.readAllBytes(folder.resolve("formula-injection.csv"))).rows())
                .hasSize(6)
                .contains(List.of("1", "=HYPERLINK(\"http://127.0.0.1:9/\")", "1"));
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    private static String cell(Random random) {
        var cell = new StringBuilder();
        for (int n = random.nextInt(6); n > 0; n--)
            cell.append("ab1,\"\n\r é€ .".charAt(random.nextInt(12)));
        // What is made harmless does not read back as it was.
        var line = new StringBuilder();
        Csv.writeCell(line, cell.toString());
        return Optional.of(cell.toString()).filter(_ -> line.indexOf("'") < 0).orElse("x");
    }
}
