package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.davy.runtime.TinyOnnx;
import dev.davy.strict.Json;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A rollout's page in a real browser: it is read, and what a person does there is done.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolloutPageTest {
    private static final Path PICTURES = Path.of("target", "pages");

    private final Server server;
    private final Caller caller;
    private final Browser browser;

    RolloutPageTest(@TempDir Path folder) {
        assumeTrue(Browser.program().isPresent(), "there is no Chromium on this machine");
        server = Server.start(Settings.of(folder).port(0));
        caller = Caller.of(server);
        browser = Browser.open("http://127.0.0.1:" + server.port());
    }

    private static byte[] plus(float added) {
        return new TinyOnnx()
                .input("x", TinyOnnx.FLOAT, "N", 2)
                .output("y", TinyOnnx.FLOAT, "N", 2)
                .weights(TinyOnnx.floats("a", new long[] {1}, added))
                .add("Add", "x a", "y")
                .bytes();
    }

    @BeforeAll
    void rollOut() throws InterruptedException {
        caller.push("plus", plus(1));
        caller.push("plus", plus(2));
        caller.apply(
                """
                kind: Endpoint
                name: plus
                model: plus/1
                rollout:
                  steps: [shadow for 0s, 50% approve, 100%]
                  each-step: {at-least: 0s, requests: 10}
                  guards:
                    - {watch: errors, worse-by: +30 points}
                """);
        ask();
        caller.post(
                        "/api/v1/endpoints/plus/rollout",
                        Json.object().put("to", "plus/2").put("why", "two is more").toString())
                .is(201);
        for (int i = 0; i < 100 && !asks(); i++) {
            ask();
            Thread.sleep(100);
        }
    }

    private boolean asks() {
        return caller.get("/api/v1/endpoints/plus/rollout")
                .json()
                .at("/next/is")
                .asString("")
                .equals("ask-for-approval");
    }

    private void ask() {
        for (int i = 0; i < 40; i++) caller.predictRows("plus", "[{\"x\":[%d,0]}]".formatted(i));
    }

    @AfterAll
    void stop() {
        browser.close();
        server.close();
    }

    static List<Browser.View> views() {
        return Browser.View.ALL;
    }

    private String at(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    @ParameterizedTest
    @MethodSource("views")
    void fitsTheScreen(Browser.View view) {
        try (var context = browser.somebody(view)) {
            var page = browser.page(context);
            page.navigate(at("/endpoints/plus/rollout"));
            assertThat(page.locator("h1").innerText()).contains("plus/2");
            assertThat(((Number) page.evaluate("document.documentElement.scrollWidth")).intValue())
                    .isLessThanOrEqualTo(view.width());
            page.screenshot(
                    new Page.ScreenshotOptions()
                            .setPath(PICTURES.resolve("rollout-" + view.name() + ".png"))
                            .setFullPage(true));
        }
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void saysWhatIsHeldWhereThereIsNothingToCompareWith() {
        caller.apply(
                """
                kind: Endpoint
                name: first
                input: {x: {type: vector, shape: [2]}}
                output: {y: {type: vector, size: 2}}
                fallback: {answer: {y: [0, 0]}}
                rollout:
                  steps: [shadow for 1h, 100%]
                  guards: [{watch: errors, worse-by: +30 points}]
                """);
        caller.predictRows("first", "[{\"x\":[1,0]}]");
        caller.post("/api/v1/endpoints/first/rollout", "{\"to\":\"plus/1\"}").is(201);
        try (var context = browser.somebody(Browser.View.ALL.getFirst())) {
            var page = browser.page(context);
            page.navigate(at("/endpoints/first/rollout"));
            assertThat(page.locator("#answer").innerText())
                    .contains("guards hold absolute limits: there is nothing to compare with");
            assertThat(page.locator(".about").innerText()).contains("fallback");
            page.screenshot(
                    new Page.ScreenshotOptions()
                            .setPath(PICTURES.resolve("rollout-fallback.png"))
                            .setFullPage(true));
            page.navigate(at("/endpoints/first"));
            page.navigate(at("/"));
            assertThat(page.locator("body").innerText()).contains("fallback");
        }
        assertThat(browser.complaints()).isEmpty();
    }

    /// Two persons look at the same step: the first acts, and the second is told so.
    @Test
    void whoeverComesSecondIsTold() {
        try (var context = browser.somebody(Browser.View.ALL.getFirst())) {
            var first = browser.page(context);
            first.navigate(at("/endpoints/plus"));
            first.getByText("on its way to live").click();
            var second = context.newPage();
            second.navigate(at("/endpoints/plus/rollout"));
            act(second, "Roll back");
            act(first, "Roll back");
            first.locator("#act-why").fill("two is too much");
            first.getByText("Do it").click();
            first.locator(".lead")
                    .filter(new Locator.FilterOptions().setHasText("It was rolled back"))
                    .waitFor();
            assertThat(first.locator("#history").textContent()).contains("two is too much");
            assertThat(first.locator("[data-verb]").count()).isZero();
            second.getByText("Do it").click();
            second.locator("#act-wrong:not([hidden])").waitFor();
            assertThat(second.locator("#act-wrong").innerText()).contains("plus");
        }
        assertThat(browser.complaints()).isEmpty();
        assertThat(caller.get("/api/v1/endpoints/plus").json().at("/live/model").asString())
                .isEqualTo("plus/1");
    }

    private static void act(Page page, String button) {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(button)).click();
        page.locator("#act[open]").waitFor();
    }
}
