package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.davy.runtime.Png;
import dev.davy.runtime.TinyOnnx;
import dev.davy.strict.Json;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The page of a comparison in a real browser: begun, waited for and walked by keyboard alone, with
/// what would flip as pictures first.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DiffPageTest {
    private static final Path PICTURES = Path.of("target", "pages");
    private static final int ASKED = 40;

    private final Server server;
    private final Caller caller;
    private final Browser browser;

    DiffPageTest(@TempDir Path folder) {
        assumeTrue(Browser.program().isPresent(), "there is no Chromium on this machine");
        server = Server.start(Settings.of(folder).port(0));
        caller = Caller.of(server);
        browser = Browser.open("http://127.0.0.1:" + server.port());
    }

    @AfterAll
    void stop() {
        browser.close();
        server.close();
    }

    /// How light a picture is, from 0 to 1, and something added.
    private static Map<String, byte[]> light(float added) {
        return Map.of(
                "model.onnx",
                new TinyOnnx()
                        .input("image", TinyOnnx.FLOAT, "N", 1, 32, 32)
                        .output("light", TinyOnnx.FLOAT, "N")
                        .weights(TinyOnnx.floats("added", new long[] {1}, added))
                        .add(
                                "ReduceMean",
                                "image",
                                "mean",
                                TinyOnnx.integers("axes", 1, 2, 3),
                                TinyOnnx.integer("keepdims", 0))
                        .add("Add", "mean added", "light")
                        .bytes(),
                "model.yaml",
                Caller.utf8(
                        """
                        kind: Model
                        input: {image: {type: image, to: image, scale: 255}}
                        output: {light: {type: number}}
                        """));
    }

    @BeforeAll
    void ask() {
        caller.push("light", light(0));
        caller.push("light", light(0.2f));
        caller.apply(
                """
                kind: Endpoint
                name: shade
                input:
                  image: {type: image}
                  line: {type: category, classes: [east, west]}
                output: {shade: {type: category, classes: [dark, light]}}
                pipeline:
                  - {name: eye, model: light/1, input: {image: input.image}}
                  - {name: word, rule: {shade: "case when eye.light >= 0.5 then 'light' else 'dark' end"}}
                rollout:
                  guards:
                    - {watch: errors, worse-by: +5 points, slices: [line]}
                """);
        var random = new Random(20_261_122);
        for (int i = 0; i < ASKED; i++) shown(i, random);
        for (float added : new float[] {1, 2})
            caller.push(
                    "plus",
                    new TinyOnnx()
                            .input("weight", TinyOnnx.FLOAT, "N", 1)
                            .output("price", TinyOnnx.FLOAT, "N", 1)
                            .weights(TinyOnnx.floats("a", new long[] {1}, added))
                            .add("Add", "weight a", "price")
                            .bytes());
        caller.endpoint("parcel", "plus/1");
        for (int i = 0; i < 12; i++)
            caller.predictRows("parcel", "[{\"weight\":%s}]".formatted(i * 40.25));
    }

    /// A ball on a ground, wide or high; every third is known to be light or not.
    private void shown(int i, Random random) {
        int width = i % 2 == 0 ? 96 : 48;
        int height = i % 2 == 0 ? 48 : 96;
        double ground = 0.05 + 0.9 * i / ASKED;
        var pixels = new byte[width * height];
        double radius = 12 + random.nextInt(10);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                double far = Math.hypot(x - width / 2.0, y - height / 2.0) / radius;
                double grey = far < 1 ? ground + 0.25 * (1 - far) : ground;
                pixels[y * width + x] = (byte) Math.clamp((int) (255 * grey), 0, 255);
            }
        var rows = Json.array();
        rows.addObject()
                .put("image", Base64.getEncoder().encodeToString(Png.grey(width, height, pixels)))
                .put("line", i % 4 == 0 ? "east" : "west");
        var id = caller.predictRows("shade", Json.text(rows)).at("/0/id").asString();
        if (i % 3 > 0) return;
        caller.post(
                        "/api/v1/feedback",
                        Json.text(
                                Json.object()
                                        .put("id", "told-" + i)
                                        .put("prediction", id)
                                        .put("truth", ground > 0.4 ? "light" : "dark")))
                .is(201);
    }

    static List<Browser.View> views() {
        return Browser.View.ALL;
    }

    private String at(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    private static Object focus(Page page, String what) {
        return page.evaluate("document.activeElement." + what);
    }

    /// Presses Tab until somebody is there.
    private static void tabTo(Page page, String selector) {
        for (int i = 0; i < 40; i++) {
            page.keyboard().press("Tab");
            if (Boolean.TRUE.equals(focus(page, "matches('" + selector + "')"))) return;
        }
        throw new AssertionError("Tab never comes to " + selector);
    }

    private static Locator lead(Page page, String says) {
        var lead = page.locator("#answer .lead");
        lead.filter(new Locator.FilterOptions().setHasText(says)).waitFor();
        return lead;
    }

    @Test
    @Order(1)
    void isBegunAndWalkedByKeyboard() {
        try (var context = browser.somebody(Browser.View.ALL.getFirst())) {
            var page = browser.page(context);
            page.navigate(at("/endpoints/shade"));
            tabTo(page, "a[href$=\"/diff\"]");
            page.keyboard().press("Enter");
            page.waitForURL("**/endpoints/shade/diff");
            lead(page, "Nothing has been compared yet.");
            tabTo(page, "input[name=with]");
            page.keyboard().type("light/2");
            tabTo(page, "input[name=since]");
            page.keyboard().press("ControlOrMeta+a");
            page.keyboard().type("1h");
            page.keyboard().press("Enter");
            page.waitForURL("**/diff?with=light*");
            // Whoever already writes the next one while it runs is not interrupted.
            tabTo(page, "input[name=with]");
            page.keyboard().press("ControlOrMeta+a");
            page.keyboard().type("light/9");
            lead(page, "of 40 answers would be others");
            assertThat(focus(page, "value")).isEqualTo("light/9");
            page.keyboard().press("Enter");
            page.locator("#wrong").waitFor();
            assertThat(page.locator("#wrong").innerText()).contains("light/9");
            assertThat(focus(page, "name")).isEqualTo("with");
            picturesComeFirst(page);
            page.keyboard().press("Escape");
            page.keyboard().press("j");
            page.keyboard().press("j");
            var second = page.locator(".flip").nth(1);
            assertThat(second.getAttribute("class")).contains("here");
            var href = second.getAttribute("data-row");
            page.keyboard().press("Enter");
            page.waitForURL("**" + href);
        } finally {
            // What was refused is said to the person, and the browser says so, too.
            assertThat(browser.complaints()).allMatch(each -> each.contains("404"));
        }
        assertThat(caller.get("/api/v1/jobs").json().path("jobs")).hasSize(1);
    }

    private static void picturesComeFirst(Page page) {
        var flips = page.locator(".flip");
        var images = page.locator("#pictures img");
        assertThat(flips.count()).isPositive().isLessThan(ASKED);
        assertThat(images.count()).isEqualTo(flips.count());
        for (int i = 0; i < images.count(); i++)
            assertThat(
                            images.nth(i)
                                    .evaluate(
                                            "async i => { i.loading = 'eager'; await i.decode(); return i.naturalWidth }"))
                    .isIn(48, 96);
        var parts = page.locator("#said section");
        assertThat(parts.nth(0).getAttribute("id")).isEqualTo("pictures");
        assertThat(page.locator("#kinds tbody tr").innerText())
                .contains("dark", "light", String.valueOf(flips.count()));
        assertThat(page.locator("#slices").innerText()).contains("line=east", "line=west");
        assertThat(page.locator(".flip .right-mark").count()).isPositive();
        // The captions are walked, and each picture is one stop.
        assertThat(page.locator("#pictures a:not([tabindex=\"-1\"])").count())
                .isEqualTo(flips.count());
    }

    @Test
    @Order(2)
    void flipsWithoutPicturesAreTold() {
        try (var context = browser.somebody(Browser.View.ALL.getFirst())) {
            var page = browser.page(context);
            page.navigate(at("/endpoints/parcel/diff?with=plus/2"));
            tabTo(page, "button.act");
            page.keyboard().press("Enter");
            lead(page, "of 12 answers would be others");
            assertThat(page.locator("#pictures").count()).isZero();
            assertThat(page.locator("#kinds").count()).as("numbers are of no kind").isZero();
            assertThat(page.locator("#flips tbody tr").first().innerText()).contains("weight");
        }
        assertThat(browser.complaints()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("views")
    @Order(3)
    void fitsTheScreen(Browser.View view) {
        try (var context = browser.somebody(view)) {
            for (var name : List.of("shade", "parcel")) {
                var page = browser.page(context);
                page.navigate(at("/endpoints/" + name + "/diff"));
                page.locator("#answer .lead")
                        .waitFor(
                                new Locator.WaitForOptions()
                                        .setState(WaitForSelectorState.VISIBLE));
                assertThat(
                                ((Number) page.evaluate("document.documentElement.scrollWidth"))
                                        .intValue())
                        .isLessThanOrEqualTo(view.width());
                page.screenshot(
                        new Page.ScreenshotOptions()
                                .setPath(
                                        PICTURES.resolve(
                                                "diff-" + name + "-" + view.name() + ".png"))
                                .setFullPage(true));
                page.close();
            }
        }
        assertThat(browser.complaints()).isEmpty();
    }
}
