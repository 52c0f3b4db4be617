package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The commands that need no server: profile, validate, drift, stats check.
class TableCommandsTest {
    @TempDir private Path folder;

    @Test
    void profilesTheColumnsOfAFile() throws IOException {
        var file = file("t.csv", "age,city\n31,Bonn\n,Ulm\n40,Bonn\n");
        var page = folder.resolve("p.html");
        var told = Commands.run("profile", file, "--html", page.toString());
        assertThat(told.exit()).as(told.err()).isZero();
        assertThat(told.out()).contains("age").contains("35.5").contains("'Bonn' 66.7 %");
        assertThat(Files.readString(page)).contains("3 rows and 2 columns").contains("<svg");
        var json = json(Commands.run("profile", file, file, "-o", "json"));
        assertThat(json.path("rows").asInt()).isEqualTo(6);
        assertThat(json.at("/columns/age/missing").asInt()).isEqualTo(2);
    }

    @Test
    void findsASchemaAndHoldsAFileAgainstIt() throws IOException {
        var good = file("good.csv", "age,city\n31,Bonn\n40,Ulm\n33,Bonn\n35,Ulm\n");
        var inferred = Commands.run("validate", good, "--infer");
        assertThat(inferred.exit()).isZero();
        var schema = file("schema.yaml", inferred.out());
        assertThat(Commands.run("validate", good, "--schema", schema).exit()).isZero();
        var bad = file("bad.csv", "age,city\n31,Bonn\nold,Ulm\n33,Rom\n34\n");
        var told = Commands.run("validate", bad, "--schema", schema);
        assertThat(told.exit()).isEqualTo(Exit.NO);
        assertThat(told.out())
                .contains("value-not-allowed")
                .contains("'old'")
                .contains("'Rom'")
                .contains("ragged-row");
        var json = json(Commands.run("validate", bad, "--schema", schema, "-o", "json"));
        assertThat(json.path("good").asBoolean()).isFalse();
        assertThat(json.path("bad-rows").asInt()).isEqualTo(2);
        assertThat(json.at("/findings/0/line").asInt()).isEqualTo(5);
        assertThat(Commands.run("validate", bad).exit()).isEqualTo(Exit.USAGE);
        var odd = Commands.run("validate", file("o.csv", "x\n1\n1e309\nlots\n"), "--infer");
        assertThat(odd.exit()).isEqualTo(Exit.NO);
        assertThat(odd.err()).contains("o.csv:3: number-out-of-range").contains("o.csv:4: mixed");
        assertThat(Commands.run("validate", file("e.csv", ""), "--infer").err()).contains("empty");
    }

    @Test
    void saysWhichColumnsHaveDrifted() throws IOException {
        var before = file("before.csv", rows(new Random(1), 0, "A,B,C"));
        var same = file("same.csv", rows(new Random(2), 0, "A,B,C"));
        var after = file("after.csv", rows(new Random(3), 1, "A,B,D"));
        assertThat(Commands.run("drift", before, same).exit()).isZero();
        var page = folder.resolve("d.html");
        var told = Commands.run("drift", before, after, "--html", page.toString());
        assertThat(told.exit()).isEqualTo(Exit.NO);
        assertThat(told.out()).contains("2 of 3 columns have drifted").contains("D").contains("C");
        assertThat(Files.readString(page)).contains("<svg").contains("have drifted");
        var json = json(Commands.run("drift", before, after, "-o", "json"));
        assertThat(json.at("/columns/0/drifted").asBoolean()).isTrue();
        assertThat(json.at("/columns/0/measures/0/definition").isObject()).isTrue();
        assertThat(json.at("/columns/2/column").asString()).isEqualTo("noise");
        var by = Commands.run("drift", before, after, "--by", "line");
        assertThat(by.exit()).isEqualTo(Exit.NO);
        assertThat(Commands.run("drift", before, after, "--by", "lien").err()).contains("line");
    }

    @Test
    void picturesAndRecordingsAreTablesToo() throws IOException {
        light("day", 200);
        light("night", 60);
        var told = Commands.run("profile", folder.resolve("day").toString());
        assertThat(told.exit()).as(told.err()).isZero();
        assertThat(told.out()).contains("brightness").contains("40 rows, 5 columns");
        var page = folder.resolve("light.html");
        var drift =
                Commands.run(
                        "drift",
                        folder.resolve("day").toString(),
                        folder.resolve("night").toString(),
                        "--html",
                        page.toString(),
                        "-o",
                        "json");
        assertThat(drift.exit()).as(drift.err()).isEqualTo(Exit.NO);
        var json = json(drift);
        assertThat(json.at("/columns/0/column").asString()).isEqualTo("brightness");
        assertThat(json.at("/columns/0/drifted").asBoolean()).isTrue();
        assertThat(json.path("columns").size()).as("names of files don't drift").isEqualTo(4);
        assertThat(Files.readString(page)).contains("1 of 4 columns has drifted");
        Files.write(folder.resolve("day/cut.png"), new byte[20]);
        var bad = Commands.run("profile", folder.resolve("day").toString());
        assertThat(bad.exit()).isEqualTo(Exit.NO);
        assertThat(bad.err()).contains("image-damaged").contains("cut.png");
        assertThat(bad.out()).contains("40 rows");
    }

    private void light(String name, int grey) throws IOException {
        var into = Files.createDirectories(folder.resolve(name));
        for (int i = 0; i < 40; i++) {
            var image =
                    new java.awt.image.BufferedImage(
                            2, 2, java.awt.image.BufferedImage.TYPE_BYTE_GRAY);
            for (int at = 0; at < 4; at++)
                image.getRaster().setSample(at % 2, at / 2, 0, grey + i % 20 + at);
            javax.imageio.ImageIO.write(image, "png", into.resolve(i + ".png").toFile());
        }
    }

    @Test
    void checksKnownAnswers() throws IOException {
        var answers =
                file(
                        "v.json",
                        """
                        [{"name":"a","statistic":"wasserstein_1","params":{},
                          "inputs":{"reference":[0,1],"current":[1,2]},"expected":1,"tolerance":0},
                         {"name":"b","statistic":"wasserstein_1","params":{},
                          "inputs":{"reference":[0,1],"current":[1,3]},"expected":1,"tolerance":0},
                         {"name":"c","statistic":"of_tea_leaves","params":{},"inputs":{},
                          "expected":1,"tolerance":0}]\
                        """);
        var told = Commands.run("stats", "check", answers);
        assertThat(told.exit()).isEqualTo(Exit.NO);
        assertThat(told.out().lines())
                .containsExactly(
                        "pass         a",
                        "fail         b: expected 1, computed 1.5",
                        "not offered  c: there is no statistic of_tea_leaves",
                        "1 passed, 1 failed, 1 skipped");
    }

    private static String rows(Random random, double shift, String classes) {
        var names = classes.split(",", -1);
        var text = new StringBuilder("x,line,noise\n");
        for (int i = 0; i < 2_000; i++)
            text.append(random.nextGaussian() + shift)
                    .append(',')
                    .append(names[random.nextInt(names.length)])
                    .append(',')
                    .append(random.nextInt(100))
                    .append('\n');
        return text.toString();
    }

    private static JsonNode json(Commands.Told told) {
        return Json.read(told.out().getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    private String file(String name, String text) throws IOException {
        var file = folder.resolve(name);
        Files.writeString(file, text);
        return file.toString();
    }
}
