package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.davy.runtime.Png;
import dev.davy.runtime.SharedData;
import dev.davy.runtime.TinyOnnx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// A person at work in a real browser, with the keyboard alone: pictures, recordings and rows are
/// decided, and what was decided is kept whatever happens to the network.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReviewPageTest {
    private static final Path PICTURES = Path.of("target", "pages");
    private static final Browser.View DESK = Browser.View.ALL.getFirst();

    private final Server server;
    private final Caller caller;
    private final Traffic traffic;
    private final Browser browser;

    ReviewPageTest(@TempDir Path folder) {
        assumeTrue(Browser.program().isPresent(), "there is no Chromium on this machine");
        for (var set : List.of("german-credit", "fsdd", "magnetic-tile", "silero-vad"))
            SharedData.folder(set);
        server = Server.start(Settings.of(folder).port(0));
        caller = Caller.of(server);
        traffic = new Traffic(caller);
        browser = Browser.open("http://127.0.0.1:" + server.port());
    }

    private static final String PEOPLE =
            """
            automation:
              level: assist
              hidden: 0%
              while-in-review: provisional
              instructions: {version: "3", text: "Light is what a person would call light from an arm's length away. Where a shadow lies over the tile, look at the rest of it."}
            """;

    @BeforeAll
    void serve() throws IOException {
        traffic.begin();
        traffic.past(Duration.ofMinutes(50), 120, 0, 0);
        caller.apply(
                "kind: Endpoint\nname: magnetic-tile\nabout: Is this tile light or dark?\nmodel: tile-surface/1\n"
                        + PEOPLE);
        for (var example : List.of("voice-digits/real.yaml", "loan-approval/endpoint.yaml"))
            caller.apply(
                    Files.readString(Caller.repository("examples/" + example))
                            + "automation: {level: assist, hidden: 0%, while-in-review: provisional}\n");
    }

    @AfterAll
    void stop() {
        browser.close();
        server.close();
    }

    @BeforeEach
    void nobodyHasComplainedYet() {
        browser.complaints();
    }

    static List<Browser.View> views() {
        return Browser.View.ALL;
    }

    private String at(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    private void wait(String endpoint, int cases) {
        for (int i = 0; i < 200 && open(endpoint) < cases; i++) pause();
        assertThat(open(endpoint)).isGreaterThanOrEqualTo(cases);
    }

    private int open(String endpoint) {
        return caller.get("/api/v1/reviews?state=open").json().at("/open/" + endpoint).asInt(0);
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode review(String prediction) {
        return caller.get("/api/v1/reviews/" + prediction).is(200).json();
    }

    /// A page of a reviewer, and what it asked for.
    private final class Seat {
        final Page page;
        final Set<String> asked = new HashSet<>();

        Seat(Page page, String endpoint, String who) {
            this.page = page;
            page.onRequest(request -> asked.add(request.url()));
            page.navigate(at("/review/" + endpoint + "?as=" + who));
            page.locator("#work[data-showing]").waitFor();
        }

        String showing() {
            return String.valueOf(page.locator("#work").getAttribute("data-showing"));
        }

        /// Presses a key that decides, and waits for the next case; what was decided.
        String decide(String key) {
            var before = showing();
            var known = Set.copyOf(asked);
            page.keyboard().press(key);
            page.waitForCondition(() -> !showing().equals(before) || idle());
            if (!idle())
                for (var content : contents())
                    assertThat(known)
                            .as("what is shown was there before the key")
                            .contains(content);
            return before;
        }

        boolean idle() {
            return page.locator("#idle").isVisible();
        }

        /// The addresses of the pictures on the screen.
        private List<String> contents() {
            var contents = new ArrayList<String>();
            for (var each :
                    (List<?>)
                            page.evaluate(
                                    "[...document.querySelectorAll('#stage img')].map(i => i.src)"))
                contents.add(String.valueOf(each));
            return contents;
        }

        void nextIsThere() {
            page.locator("#work[data-ahead='2'], #work[data-ahead='1']").waitFor();
        }

        void kept() {
            page.waitForCondition(() ->
                    page.evaluate(
                                    "Object.keys(sessionStorage).some(k => k.startsWith('davy.review.'))")
                            .equals(false));
        }

        List<Double> millis() {
            var millis = new ArrayList<Double>();
            for (var each :
                    (List<?>)
                            page.evaluate(
                                    "performance.getEntriesByName('key-to-next').map(e => e.duration)"))
                millis.add(((Number) each).doubleValue());
            return millis.stream().sorted().toList();
        }
    }

    @Test
    void picturesAreDecidedWithTheKeyboardAlone() throws IOException {
        for (int i = 0; i < 14; i++) traffic.tile(Instant.now());
        wait("magnetic-tile", 14);
        var said = new HashMap<String, String>();
        try (var context = browser.somebody(DESK)) {
            var seat = new Seat(browser.page(context), "magnetic-tile", "ann");
            var page = seat.page;
            assertThat(page.locator("h1").innerText()).isEqualTo("Is this tile light or dark?");
            assertThat(page.locator("#opinion").innerText()).contains("The model says");
            assertThat(page.locator("#instructions").innerText())
                    .contains("version 3", "arm's length");
            // Two more are there already.
            page.waitForCondition(() ->
                    seat.asked.stream().filter(each -> each.contains("/content/")).count() >= 3);

            page.keyboard().press("h");
            page.waitForCondition(() -> page.locator("#why").innerText().contains("score"));
            page.keyboard().press("+");
            page.keyboard().press("]");
            assertThat(page.locator(".lens").getAttribute("style")).contains("scale(1.5)");
            assertThat(page.locator(".lens img").getAttribute("style")).contains("brightness");
            picture(page, "review-heat");
            page.keyboard().press("r");
            page.keyboard().press("h");
            assertThat(page.locator(".lens").getAttribute("style")).contains("scale(1)");

            for (int i = 0; i < 8; i++) {
                seat.nextIsThere();
                said.put(seat.decide(i % 2 == 0 ? "1" : "2"), i % 2 == 0 ? "dark" : "light");
            }
            seat.nextIsThere();
            var last = seat.decide("1");
            page.keyboard().press("u");
            page.waitForCondition(() -> seat.showing().equals(last));
            seat.decide("2");
            said.put(last, "light");
            seat.kept();

            var skipped = seat.showing();
            page.keyboard().press("s");
            page.locator("#skip[open]").waitFor();
            page.keyboard().type("a shadow lies over it");
            page.keyboard().press("Enter");
            page.waitForCondition(() -> !seat.showing().equals(skipped));
            seat.nextIsThere();
            var open = seat.decide("?");
            seat.kept();
            while (!seat.idle()) {
                page.keyboard().press("2");
                pause();
            }
            seat.kept();
            assertThat(page.locator("#none").innerText()).isNotEmpty();
            var millis = seat.millis();
            System.out.printf(
                    "from key to next picture, ms: median %.1f, most %.1f of %d%n",
                    millis.get(millis.size() / 2), millis.getLast(), millis.size());
            said.forEach((prediction, answer) -> {
                var review = review(prediction);
                assertThat(review.path("state").asString()).isEqualTo("decided");
                assertThat(review.at("/decision/output/surface").asString()).isEqualTo(answer);
                assertThat(review.at("/decision/by").asString()).isEqualTo("ann");
            });
            assertThat(review(skipped).path("state").asString()).isEqualTo("open");
            assertThat(review(open).path("judgements").asInt()).isEqualTo(1);
        }
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void recordingsAreHeardAndDecided() throws IOException {
        for (int i = 0; i < 5; i++) traffic.digit(Instant.now());
        wait("voice-digits", 5);
        try (var context = browser.somebody(DESK)) {
            var seat = new Seat(browser.page(context), "voice-digits", "ben");
            var page = seat.page;
            var inked =
                    page.evaluate(
                            """
                            () => { const c = document.querySelector('.room.sound canvas');
                              const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
                              const seen = new Set(); for (let i = 0; i < d.length; i += 4) seen.add(d[i]);
                              return seen.size; }\
                            """);
            // A spectrogram has many shades.
            assertThat(((Number) inked).intValue()).isGreaterThan(30);
            page.keyboard().press(" ");
            page.locator(".room.sound[data-played=yes]").waitFor();
            page.keyboard().press("h");
            page.waitForCondition(() -> !page.locator("#why").innerText().startsWith("Asking"));
            picture(page, "review-sound");
            page.keyboard().press("h");
            var heard = seat.decide("9");
            // Of many classes those without a key are found by their name.
            page.keyboard().press("/");
            page.keyboard().type("marv");
            var second = seat.decide("Enter");
            seat.kept();
            assertThat(review(heard).at("/decision/output/word").asString()).isEqualTo("nine");
            assertThat(review(second).at("/decision/output/word").asString()).isEqualTo("marvin");
        }
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void ofARowItIsSaidWhatMovedTheScore() {
        for (int i = 0; i < 4; i++) traffic.loan(Instant.now());
        wait("loan-approval", 4);
        try (var context = browser.somebody(DESK)) {
            var seat = new Seat(browser.page(context), "loan-approval", "eve");
            var page = seat.page;
            page.locator(".pushes .push svg").first().waitFor();
            assertThat(page.locator(".row-room .small").innerText())
                    .contains("shapley", "recent rows");
            picture(page, "review-row");
            seat.decide("1");
            seat.kept();
        }
        assertThat(browser.complaints()).isEmpty();
    }

    private static final String ASSIST =
            "automation: {level: assist, hidden: 0%, while-in-review: provisional}\n";

    private void push(String name, TinyOnnx model, String descriptor) {
        caller.push(
                name,
                Map.of(
                        "model.yaml",
                        Caller.utf8("kind: Model\n" + descriptor),
                        "model.onnx",
                        model.bytes()));
        caller.apply("kind: Endpoint\nname: %s\nmodel: %s/1\n%s".formatted(name, name, ASSIST));
    }

    @Test
    void numbersAreTypedAndSeveralLabelsChosen() {
        push(
                "dose",
                TinyOnnx.identity(TinyOnnx.FLOAT, "N", 1),
                "input: {x: {type: vector, shape: [1]}}\noutput: {y: {type: number}}\n");
        push(
                "marks",
                TinyOnnx.identity(TinyOnnx.FLOAT, "N", 3),
                """
                input: {x: {type: vector, shape: [3]}}
                output: {marks: {type: multi-label, classes: [dent, dust, scratch], scores: y, activation: sigmoid}}
                """);
        for (int i = 0; i < 2; i++) {
            caller.predictRows("dose", "[{\"x\":[%d]}]".formatted(i));
            caller.predictRows("marks", "[{\"x\":[3,-2,%d]}]".formatted(i));
        }
        wait("dose", 2);
        wait("marks", 2);
        try (var context = browser.somebody(DESK)) {
            var seat = new Seat(browser.page(context), "dose", "fay");
            var page = seat.page;
            page.keyboard().type("many");
            page.keyboard().press("Enter");
            page.locator(".answer-form .wrong-mark:not([hidden])").waitFor();
            page.keyboard().press("Control+A");
            page.keyboard().type("4.5");
            var typed = seat.decide("Enter");
            seat.kept();
            assertThat(review(typed).at("/decision/output/y").asDouble()).isEqualTo(4.5);

            var labels = new Seat(page, "marks", "fay");
            assertThat(page.locator("#opinion").innerText()).contains("dent");
            page.keyboard().press("1");
            page.keyboard().press("3");
            page.keyboard().press("1");
            page.keyboard().press("2");
            picture(page, "review-labels");
            var chosen = labels.decide("Enter");
            labels.kept();
            assertThat(review(chosen).at("/decision/output/marks").toString())
                    .isEqualTo("[\"dust\",\"scratch\"]");
        }
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void boxesAreDrawn() {
        push(
                "found",
                new TinyOnnx()
                        .input("i", TinyOnnx.FLOAT, 1, 1, 10, 10)
                        .input("b", TinyOnnx.FLOAT, 1, 2, 4)
                        .input("s", TinyOnnx.FLOAT, 1, 2)
                        .input("c", TinyOnnx.FLOAT, 1, 2)
                        .output("boxes", TinyOnnx.FLOAT, 1, 2, 4)
                        .output("scores", TinyOnnx.FLOAT, 1, 2)
                        .output("classes", TinyOnnx.FLOAT, 1, 2)
                        .add("Identity", "b", "boxes")
                        .add("Identity", "s", "scores")
                        .add("Identity", "c", "classes"),
                """
                input:
                  image: {type: image, to: i, resize: fit}
                  b: {type: vector}
                  s: {type: vector}
                  c: {type: vector}
                output:
                  found: {type: boxes, classes: [dent, scratch], boxes: boxes, scores: scores, labels: classes, threshold: 0.5}
                """);
        var png = Base64.getEncoder().encodeToString(Png.grey(40, 20, new byte[800]));
        for (int i = 0; i < 2; i++)
            caller.predictRows(
                    "found",
                    "[{\"image\":\"%s\",\"b\":[1,3,5,6,0,0,1,1],\"s\":[0.9,0.2],\"c\":[1,0]}]"
                            .formatted(png));
        wait("found", 2);
        try (var context = browser.somebody(DESK)) {
            var seat = new Seat(browser.page(context), "found", "gus");
            var page = seat.page;
            assertThat(page.locator("#opinion").innerText()).contains("1 found");
            var lens = page.locator(".lens").boundingBox();
            page.keyboard().press("1");
            page.mouse().move(lens.x + lens.width / 2, lens.y + lens.height / 2);
            page.mouse().down();
            page.mouse().move(lens.x + lens.width * 3 / 4, lens.y + lens.height);
            page.mouse().up();
            picture(page, "review-boxes");
            var drawn = seat.decide("Enter");
            page.keyboard().press("Backspace");
            var none = seat.decide("Enter");
            seat.kept();
            var boxes = review(drawn).at("/decision/output/found");
            assertThat(boxes.at("/0/class").asString()).isEqualTo("scratch");
            assertThat(boxes.at("/0/box").toString()).startsWith("[4").contains("16", "12");
            assertThat(boxes.at("/1/class").asString()).isEqualTo("dent");
            assertThat(boxes.at("/1/box/0").asDouble()).isBetween(19.0, 21.0);
            assertThat(boxes.at("/1/box/3").asDouble()).isBetween(9.0, 11.0);
            assertThat(review(none).at("/decision/output/found")).isEmpty();
        }
        assertThat(browser.complaints()).isEmpty();
    }

    /// The server is away while a person decides: nothing is lost, not even when the page is loaded
    /// again, and the person is told.
    @Test
    void whatIsDecidedWhileTheServerIsAwayIsSentLater() throws IOException {
        for (int i = 0; i < 6; i++) traffic.tile(Instant.now());
        wait("magnetic-tile", 6);
        try (var context = browser.somebody(DESK)) {
            var seat = new Seat(browser.page(context), "magnetic-tile", "dan");
            var page = seat.page;
            seat.nextIsThere();
            context.route("**/judgement", route -> route.abort());
            var first = seat.decide("1");
            page.locator("#trouble:not([hidden])").waitFor();
            assertThat(page.locator("#trouble").innerText()).contains("not kept yet");
            var second = seat.decide("2");
            page.reload();
            page.locator("#trouble:not([hidden])").waitFor();
            context.unroute("**/judgement");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Send now"))
                    .click();
            seat.kept();
            assertThat(page.locator("#trouble").isHidden()).isTrue();
            assertThat(review(first).at("/decision/output/surface").asString()).isEqualTo("dark");
            assertThat(review(second).at("/decision/output/surface").asString()).isEqualTo("light");
        }
        assertThat(browser.complaints()).allMatch(each -> each.contains("ERR_FAILED"));
    }

    @ParameterizedTest
    @MethodSource("views")
    void thePagesFitTheScreen(Browser.View view) throws IOException {
        for (int i = 0; i < 3; i++) {
            traffic.tile(Instant.now());
            traffic.digit(Instant.now());
            traffic.loan(Instant.now());
        }
        for (var endpoint : List.of("magnetic-tile", "voice-digits", "loan-approval"))
            wait(endpoint, 1);
        try (var context = browser.somebody(view)) {
            var page = browser.page(context);
            for (var each :
                    Map.of(
                                    "reviews", "/review",
                                    "review-tile", "/review/magnetic-tile",
                                    "review-digit", "/review/voice-digits",
                                    "review-loan", "/review/loan-approval",
                                    "automation", "/endpoints/magnetic-tile/automation",
                                    "automation-none", "/endpoints/voice-digits/automation")
                            .entrySet()) {
                page.navigate(at(each.getValue() + "?as=" + view.name()));
                if (each.getKey().startsWith("review-"))
                    page.locator("#work[data-showing]").waitFor();
                if (each.getKey().equals("review-loan"))
                    page.locator(".pushes .push svg").first().waitFor();
                assertThat(
                                ((Number) page.evaluate("document.documentElement.scrollWidth"))
                                        .intValue())
                        .as("%s on %s is as wide as the screen", each.getKey(), view.name())
                        .isLessThanOrEqualTo(view.width());
                page.screenshot(
                        new Page.ScreenshotOptions()
                                .setPath(
                                        PICTURES.resolve(
                                                each.getKey() + "-" + view.name() + ".png"))
                                .setFullPage(true));
            }
        }
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aPersonChangesTheLevelAndSaysWhy() {
        try (var context = browser.somebody(DESK)) {
            var page = browser.page(context);
            page.navigate(at("/endpoints/loan-approval/automation"));
            page.getByText("Let it answer into the log only").click();
            page.locator("#act[open]").waitFor();
            page.locator("#act-why").fill("the new form confuses it");
            page.keyboard().press("Enter");
            page.locator("li.here").getByText("Shadow").waitFor();
            assertThat(page.locator("#answer").innerText()).contains("the new form confuses it");
            assertThat(
                            caller.get("/api/v1/endpoints/loan-approval/automation")
                                    .json()
                                    .path("level")
                                    .asString())
                    .isEqualTo("shadow");
            page.getByText("Let people decide, seeing its answer").click();
            page.locator("#act-why").fill("it was the form");
            page.keyboard().press("Enter");
            page.locator("li.here").getByText("Assist").waitFor();
        }
        assertThat(browser.complaints()).isEmpty();
    }

    private static void picture(Page page, String name) {
        page.screenshot(
                new Page.ScreenshotOptions()
                        .setPath(PICTURES.resolve(name + ".png"))
                        .setFullPage(true));
    }
}
