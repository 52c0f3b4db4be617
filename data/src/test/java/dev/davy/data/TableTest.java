package dev.davy.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.strict.Gzip;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {
    @TempDir private Path folder;

    @Test
    void readsTheSameOfCsvGzipAndParquet() throws Exception {
        var csv = csv("t.csv", "id,score,label\n1,0.5,ok\n2,,scratch\n3,1.5,\n");
        var gzip = folder.resolve("t.csv.gz");
        Files.write(gzip, Gzip.gzip(Files.readAllBytes(csv)));
        var parquet =
                parquet(
                        "t.parquet",
                        "SELECT * FROM (VALUES (1, 0.5::DOUBLE, 'ok'), (2, NULL, 'scratch'),"
                                + " (3, 1.5, NULL)) t(id, score, label)");
        for (var file : List.of(csv, gzip, parquet)) {
            var columns = read(file, "label", "score", "id");
            assertThat(columns.rows()).as(file.toString()).isEqualTo(3);
            assertThat(columns.text("label", 1)).isEqualTo("scratch");
            assertThat(columns.text("label", 2)).isNull();
            assertThat(columns.number("score", 0)).isEqualTo(0.5);
            assertThat(columns.number("score", 1)).isNaN();
            assertThat(columns.text("id", 2)).isEqualTo("3");
        }
        assertThat(read(csv, "id").line(0)).isEqualTo(2);
        assertThat(read(parquet, "id").line(0)).isEqualTo(1);
    }

    @Test
    void namesTheLinesOfRaggedRowsAndReadsTheOthers() throws IOException {
        var file = csv("t.csv", "a,b\n1,2\n3\n4,5,6\n7,8\n");
        try (var table = Table.open(file, Reading.DEFAULT)) {
            var columns = Columns.read(table, List.of("a"));
            assertThat(columns.rows()).isEqualTo(2);
            assertThat(columns.line(1)).isEqualTo(5);
            var finding = table.findings().list().getFirst();
            assertThat(finding.code()).isEqualTo("ragged-row");
            assertThat(finding.line()).isEqualTo(OptionalLong.of(3));
            assertThat(finding.times()).isEqualTo(2);
            assertThat(table.findings().wrong()).isTrue();
        }
    }

    @Test
    void namesWhatMakesAFileWorthless() throws Exception {
        assertProblem(csv("e.csv", ""), "csv-header-not-acceptable", "e.csv:1");
        var latin = folder.resolve("l.csv");
        Files.write(latin, "a,b\n1,Z\u00fcrich\n".getBytes(StandardCharsets.ISO_8859_1));
        assertProblem(latin, "csv-not-utf8", "l.csv:2");
        var utf16 = folder.resolve("u.csv");
        Files.write(utf16, "a,b\n1,2\n".getBytes(StandardCharsets.UTF_16));
        assertProblem(utf16, "csv-header-not-acceptable", "UTF-16");
        var whole = parquet("w.parquet", "SELECT range AS x FROM range(1000)");
        var cut = folder.resolve("c.parquet");
        var bytes = Files.readAllBytes(whole);
        Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
        assertProblem(cut, "parquet-malformed", "cut");
        var damaged = folder.resolve("d.parquet");
        for (int i = 4; i < bytes.length / 2; i++) bytes[i] ^= 0x5A;
        Files.write(damaged, bytes);
        assertProblem(damaged, "parquet-malformed", "can't be read");
        assertProblem(folder.resolve("none.csv"), "file-not-found", "none.csv");
        assertProblem(folder, "folder-without-media", "folder");
    }

    @Test
    void saysThatThereAreNoRows() throws Exception {
        for (var file :
                List.of(
                        csv("h.csv", "a,b\n"),
                        parquet("h.parquet", "SELECT range AS a FROM range(0)")))
            try (var table = Table.open(file, Reading.DEFAULT)) {
                assertThat(Columns.read(table, List.of("a")).rows()).isZero();
                assertThat(table.findings().list())
                        .extracting(Finding::code)
                        .containsExactly("table-without-rows");
            }
    }

    @Test
    void tellsOfAByteOrderMarkAndLeavesItOutOfTheName() throws IOException {
        try (var table = Table.open(csv("b.csv", "\uFEFFa,b\n1,2\n"), Reading.DEFAULT)) {
            assertThat(table.columns()).containsExactly("a", "b");
            var finding = table.findings().list().getFirst();
            assertThat(finding.code()).isEqualTo("byte-order-mark");
            assertThat(finding.line()).isEqualTo(OptionalLong.of(1));
            assertThat(finding.wrong()).isFalse();
        }
    }

    @Test
    void namesTheLineOfATextThatIsNoNumber() throws IOException {
        var columns = read(csv("n.csv", "x\n1\nNaN\nlots\n"), "x");
        assertThat(columns.number("x", 1)).isNaN();
        assertThatThrownBy(() -> columns.number("x", 2))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("n.csv:4")
                .hasMessageContaining("lots");
        assertThatThrownBy(() -> read(csv("n.csv", "score\n1\n"), "scroe"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("score");
    }

    @Test
    void readsAParquetFileInPartsThatTogetherAreTheWhole() throws Exception {
        var file =
                parquet(
                        "p.parquet",
                        "SELECT range AS x, DATE '2026-01-31' AS d, range % 2 = 0 AS f, [1] AS l"
                                + " FROM range(1300000)");
        try (var table = Table.open(file, Reading.DEFAULT)) {
            assertThat(table.parts()).isGreaterThan(1);
            assertThat(table.rows()).isEqualTo(OptionalLong.of(1_300_000));
            long[] sum = new long[2];
            table.read(
                    List.of("x", "d", "f", "l"),
                    (block, lines) -> {
                        for (int row = 0; row < block.rows(); row++) {
                            assertThat(lines[row]).isEqualTo(++sum[0]);
                            if (block.cells().getFirst().at(row) instanceof Long x) sum[1] += x;
                        }
                        assertThat(String.valueOf(block.row(0).at("d"))).startsWith("2026-01-31");
                    });
            assertThat(sum[0]).isEqualTo(1_300_000);
            assertThat(sum[1]).isEqualTo(1_300_000L * 1_299_999 / 2);
            assertThat(table.done()).isEqualTo(1);
        }
    }

    private static void assertProblem(Path file, String code, String says) {
        assertThatThrownBy(
                        () -> {
                            try (var table = Table.open(file, Reading.DEFAULT)) {
                                table.read(table.columns(), (block, lines) -> {});
                            }
                        })
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> {
                            assertThat(problem.code()).isEqualTo(code);
                            assertThat(problem).hasMessageContaining(says);
                        });
    }

    private Path csv(String name, String text) throws IOException {
        var file = folder.resolve(name);
        Files.writeString(file, text);
        return file;
    }

    private static Columns read(Path file, String... columns) throws IOException {
        try (var table = Table.open(file, Reading.DEFAULT)) {
            return Columns.read(table, List.of(columns));
        }
    }

    private Path parquet(String name, String select) throws SQLException {
        var file = folder.resolve(name);
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement()) {
            statement.execute(
                    "COPY ("
                            + select
                            + ") TO '"
                            + file
                            + "' (FORMAT parquet, ROW_GROUP_SIZE 122880)");
        }
        return file;
    }
}
