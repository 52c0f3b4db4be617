package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `davy evaluate` and `davy agreement` on files, with no server.
class EvaluateTest {
    @TempDir private Path folder = Path.of("");

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static JsonNode json(Commands.Told told) {
        assertThat(told.err()).isEmpty();
        return Json.read(told.out().getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    private static JsonNode figure(JsonNode figures, String name) {
        for (var each : figures) if (each.path("name").asString().equals(name)) return each;
        throw new AssertionError(name + " is not among " + figures);
    }

    /// Loans: right in 90 % of the cases, in Bergen in 60 %; and a second model that knows more.
    private String loans() throws IOException {
        var random = new Random(1);
        var text = new StringBuilder("paid,said,p,other,city,age,looked\n");
        for (int i = 0; i < 1_000; i++) {
            boolean paid = random.nextInt(3) > 0;
            boolean bergen = i % 5 == 0;
            boolean right = random.nextDouble() < (bergen ? 0.6 : 0.9);
            double p = paid == right ? 0.55 + random.nextDouble() * 0.4 : random.nextDouble() / 2;
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%s,%s,%.3f,%s,%s,%d,%.2f\n",
                            paid ? "yes" : "no",
                            paid == right ? "yes" : "no",
                            p,
                            paid == (right || random.nextInt(3) == 0) ? "yes" : "no",
                            bergen ? "Bergen" : "Oslo",
                            20 + i % 50,
                            0.5 + random.nextDouble()));
        }
        text.append(",yes,0.5,yes,Oslo,30,1\n");
        return file("loans.csv", text.toString());
    }

    @Test
    void namesTheSliceThatIsWorse() throws IOException {
        var told =
                Commands.run(
                        "evaluate",
                        loans(),
                        "--truth",
                        "paid",
                        "--prediction",
                        "said",
                        "--score",
                        "p",
                        "--slice",
                        "city",
                        "--slice",
                        "age >= 60",
                        "-o",
                        "json");
        assertThat(told.exit()).isEqualTo(Exit.YES);
        var json = json(told);
        assertThat(json.path("rows").asInt()).isEqualTo(1_000);
        assertThat(json.path("without_truth").asInt()).isEqualTo(1);
        var accuracy = figure(json.at("/models/0/figures"), "accuracy");
        assertThat(accuracy.path("value").asDouble()).isCloseTo(0.84, within(0.03));
        assertThat(accuracy.path("low").asDouble()).isLessThan(accuracy.path("value").asDouble());
        assertThat(json.at("/score/about").asString()).isEqualTo("p as the probability of yes");
        assertThat(figure(json.at("/score/figures"), "roc_auc").path("value").asDouble())
                .isGreaterThan(0.7);
        assertThat(json.at("/slices/0/slice").asString()).isEqualTo("city = Bergen");
        assertThat(json.at("/slices/0/worse").asBoolean()).isTrue();
        assertThat(json.at("/slices/2/worse").asBoolean()).isFalse();
        assertThat(json.path("slices")).hasSize(3);
    }

    @Test
    void showsItToAPersonAndWritesAPageThatNeedsNothingElse() throws IOException {
        var page = folder.resolve("report.html");
        var told =
                Commands.run(
                        "evaluate",
                        loans(),
                        "--truth",
                        "paid",
                        "--prediction",
                        "said",
                        "--score",
                        "p",
                        "--slice",
                        "city",
                        "--weight",
                        "looked",
                        "--html",
                        page.toString());
        assertThat(told.exit()).isZero();
        assertThat(told.out())
                .startsWith("Accuracy of said is 0.8")
                .contains("1 rows have no truth")
                .contains("city = Bergen");
        var html = Files.readString(page);
        assertThat(html).contains("<svg", "city = Bergen", "Reliability", "How it was computed");
        assertThat(html.replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http", "<script");
    }

    @Test
    void holdsTwoModelsAgainstEachOther() throws IOException {
        var told =
                Commands.run(
                        "evaluate",
                        loans(),
                        "--truth",
                        "paid",
                        "--prediction",
                        "other",
                        "--prediction",
                        "said",
                        "-o",
                        "json");
        var gap = json(told).path("gap");
        assertThat(gap.path("value").asDouble()).isBetween(0.01, 0.1);
        assertThat(gap.path("low").asDouble()).isPositive();
    }

    @Test
    void evaluatesNumbersAndTexts() throws IOException {
        var numbers = new StringBuilder("price,said\n");
        var texts = new StringBuilder("spoken,heard\n");
        var random = new Random(2);
        for (int i = 0; i < 100; i++) {
            numbers.append(i * 1.5)
                    .append(',')
                    .append(i * 1.5 + random.nextGaussian())
                    .append('\n');
            texts.append("turn left now,").append(i % 4 == 0 ? "turn right now" : "turn left now");
            texts.append('\n');
        }
        var json =
                json(
                        Commands.run(
                                "evaluate",
                                file("n.csv", numbers.toString()),
                                "--truth",
                                "price",
                                "--prediction",
                                "said",
                                "-o",
                                "json"));
        assertThat(json.path("kind").asString()).isEqualTo("number");
        assertThat(figure(json.at("/models/0/figures"), "mae").path("value").asDouble())
                .isCloseTo(0.8, within(0.2));
        var wer =
                json(
                        Commands.run(
                                "evaluate",
                                file("t.csv", texts.toString()),
                                "--truth",
                                "spoken",
                                "--prediction",
                                "heard",
                                "--kind",
                                "text",
                                "-o",
                                "json"));
        assertThat(figure(wer.at("/models/0/figures"), "wer").path("value").asDouble())
                .isCloseTo(25 / 300.0, within(1e-12));
    }

    @Test
    void namesGroupsThatAreTornAndSaysNo() throws IOException {
        var text = new StringBuilder("truth,torn,whole,fold,group_fold,tile\n");
        for (int i = 0; i < 60; i++)
            text.append(
                    "%d,%d,%d,%d,%d,tile-%02d\n"
                            .formatted(i / 3 % 2, i / 3 % 2, i % 2, i % 3, i / 3 % 3, i / 3));
        var path = file("tiles.csv", text.toString());
        var told =
                Commands.run(
                        "evaluate",
                        path,
                        "--truth",
                        "truth",
                        "--prediction",
                        "torn",
                        "--prediction",
                        "whole",
                        "--group",
                        "tile",
                        "--fold",
                        "fold",
                        "--fold",
                        "group_fold",
                        "-o",
                        "json");
        assertThat(told.exit()).isEqualTo(Exit.NO);
        var json = json(told);
        assertThat(json.at("/groups/on_both_sides/fold")).hasSize(20);
        assertThat(json.at("/groups/on_both_sides/group_fold")).isEmpty();
        assertThat(json.at("/gap/value").asDouble()).isCloseTo(1.0 / 3, within(1e-12));
        var unnamed =
                Commands.run(
                        "evaluate",
                        path,
                        "--truth",
                        "truth",
                        "--prediction",
                        "torn",
                        "--prediction",
                        "whole",
                        "--group",
                        "tile",
                        "-o",
                        "json");
        assertThat(unnamed.exit()).isEqualTo(Exit.NO);
        assertThat(json(unnamed).at("/groups/of_several_rows")).hasSize(20);
        var clean =
                Commands.run(
                        "evaluate",
                        path,
                        "--truth",
                        "truth",
                        "--prediction",
                        "whole",
                        "--group",
                        "tile",
                        "--fold",
                        "group_fold");
        assertThat(clean.exit()).isEqualTo(Exit.YES);
        assertThat(clean.out()).contains("No group stands on both sides of group_fold.");
    }

    @Test
    void saysWhatIsWrongWithATable() throws IOException {
        var path = file("a.csv", "truth,said\n1,1\n");
        var lacking = Commands.run("evaluate", path, "--truth", "truht", "--prediction", "said");
        assertThat(lacking.exit()).isEqualTo(Exit.NO);
        assertThat(lacking.err()).contains("'truht'").contains("Its columns are: truth, said.");
        var empty = file("b.csv", "truth,said\n");
        var none = Commands.run("evaluate", empty, "--truth", "truth", "--prediction", "said");
        assertThat(none.exit()).isEqualTo(Exit.NO);
        assertThat(none.err()).contains("There is nothing to judge.");
        var unknown =
                Commands.run(
                        "evaluate",
                        path,
                        "--truth",
                        "truth",
                        "--prediction",
                        "said",
                        "--positive",
                        "2");
        assertThat(unknown.err()).contains("There is no class '2'.");
        var gone = Commands.run("evaluate", "/nowhere.csv", "--truth", "a", "--prediction", "b");
        assertThat(gone.err()).contains("/nowhere.csv");
        assertThat(gone.exit()).isNotZero();
    }

    @Test
    void asksWhereTypesAreMixedInsteadOfGuessing() throws IOException {
        var text = new StringBuilder("price,said\n");
        for (int i = 0; i < 100; i++) text.append(i).append(',').append(i + 1).append('\n');
        var mixed = file("mixed.csv", text + "about 7,8\n");
        var asked = Commands.run("evaluate", mixed, "--truth", "price", "--prediction", "said");
        assertThat(asked.exit()).isEqualTo(Exit.NO);
        assertThat(asked.err()).contains("In line 102 column price holds 'about 7'.");
        var told =
                Commands.run(
                        "evaluate",
                        mixed,
                        "--truth",
                        "price",
                        "--prediction",
                        "said",
                        "--missing",
                        "about 7",
                        "-o",
                        "json");
        assertThat(json(told).path("kind").asString()).isEqualTo("number");
        var huge = file("huge.csv", text + "1e309,8\n");
        var refused = Commands.run("evaluate", huge, "--truth", "price", "--prediction", "said");
        assertThat(refused.exit()).isEqualTo(Exit.NO);
        assertThat(refused.err()).contains("102").contains("1e309");
    }

    @Test
    void measuresAgreementAndJudgesLabelers() throws IOException {
        var random = new Random(3);
        var text = new StringBuilder("image,who,label,gold\n");
        double[] skills = {0.95, 0.9, 0.85, 0.3};
        for (int i = 0; i < 200; i++)
            for (int w = 0; w < skills.length; w++) {
                boolean right = random.nextDouble() < skills[w];
                text.append(
                        "i%d,w%d,%s,%s\n"
                                .formatted(
                                        i,
                                        w,
                                        right == (i % 2 == 0) ? "dog" : "cat",
                                        i % 2 == 0 ? "dog" : "cat"));
            }
        var path = file("labels.csv", text.toString());
        var page = folder.resolve("agreement.html");
        var json =
                json(
                        Commands.run(
                                "agreement",
                                path,
                                "--item",
                                "image",
                                "--labeler",
                                "who",
                                "--label",
                                "label",
                                "--gold",
                                "gold",
                                "-o",
                                "json",
                                "--html",
                                page.toString()));
        assertThat(json.at("/against_gold/dawid_skene").asDouble())
                .isGreaterThan(json.at("/against_gold/majority_vote").asDouble());
        assertThat(json.at("/labelers/0/labeler").asString()).isEqualTo("w3");
        assertThat(json.path("consensus")).hasSize(200);
        assertThat(figure(json.path("coefficients"), "alpha_nominal").path("value").asDouble())
                .isBetween(0.0, 0.5);
        assertThat(Files.readString(page)).contains("Most disputed", "<svg");
        var told =
                Commands.run(
                        "agreement",
                        path,
                        "--item",
                        "image",
                        "--labeler",
                        "who",
                        "--label",
                        "label");
        assertThat(told.exit()).isZero();
        assertThat(told.out()).startsWith("4 labelers gave 800 labels to 200 items.");
    }

    @Test
    void goldMayNotContradictItself() throws IOException {
        var path = file("labels.csv", "i,w,l,g\n1,a,x,x\n1,b,y,y\n");
        var told =
                Commands.run(
                        "agreement",
                        path,
                        "--item",
                        "i",
                        "--labeler",
                        "w",
                        "--label",
                        "l",
                        "--gold",
                        "g");
        assertThat(told.exit()).isEqualTo(Exit.NO);
        assertThat(told.err()).contains("Item 1 is x, and in line 3 it is y.");
    }
}
