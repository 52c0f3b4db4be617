package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Page;
import dev.davy.strict.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The pages of what is watched in a real browser, walked by keyboard alone: from the overview to
/// an endpoint, what rings, the metric, nearer to when it began, and to the predictions behind a
/// point.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WatchPagesTest {
    private static final Path PICTURES = Path.of("target", "pages");
    private static final Instant BEGIN = Instant.parse("2026-03-02T00:00:00Z");
    private static final int HOURS = 60;
    private static final int CHANGE = 50;

    private static final String PRESS =
            """
            kind: Endpoint
            name: press
            about: Is this part bent?
            window: 1h
            origin: replay
            reference: first 2d
            slices: [line]
            input: {force: {type: number}, line: {type: text}}
            output: {label: {type: category, classes: [ok, bent]}}
            pipeline:
              - {name: judge, rule: {label: "case when input.force > 12 then 'bent' else 'ok' end"}}
            """;

    private final Server server;
    private final Caller caller;
    private final Browser browser;

    WatchPagesTest(@TempDir Path folder) {
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

    /// The press presses harder from the fiftieth hour on; half of the truth is told.
    @BeforeAll
    void replay() {
        caller.apply(PRESS);
        var random = new Random(20_260_302);
        for (int hour = 0; hour < HOURS; hour++) {
            var body = Json.object();
            var rows = body.putArray("rows");
            for (int i = 0; i < 60; i++) {
                var row = rows.addObject().put("at", at(hour, i).toString());
                row.putObject("input")
                        .put("force", (hour < CHANGE ? 10 : 13) + random.nextGaussian())
                        .put("line", i % 2 == 0 ? "A" : "B");
            }
            var said =
                    caller.post("/api/v1/endpoints/press/replay", Json.text(body))
                            .is(200)
                            .json()
                            .path("predictions");
            var truths = Json.array();
            for (int i = 0; i < 60; i += 2)
                truths.addObject()
                        .put("id", "t" + hour + "-" + i)
                        .put("prediction", said.get(i).path("id").asString())
                        .put("truth", "ok")
                        .put("at", at(hour, i).plus(Duration.ofMinutes(30)).toString());
            caller.post("/api/v1/feedback", Json.text(truths)).is(200, 201);
        }
        assertThat(server.davy().readers().awaitCaughtUp(Duration.ofMinutes(2))).isTrue();
        server.davy().monitors().judgeNow();
        server.davy().software().keep();
    }

    private static Instant at(int hour, int minute) {
        return BEGIN.plus(Duration.ofMinutes(60L * hour + minute));
    }

    static List<Browser.View> views() {
        return List.of(Browser.View.ALL.getFirst(), Browser.View.ALL.getLast());
    }

    @ParameterizedTest
    @MethodSource("views")
    void areWalkedByKeyboardFromTheOverviewToThePredictionsBehindAPoint(Browser.View view) {
        try (var context = browser.somebody(view)) {
            var page = browser.page(context);
            page.navigate("http://127.0.0.1:" + server.port() + "/");
            follow(page, "a[href$=\"/endpoints/press\"]", "**/endpoints/press");
            fits(page);
            // Software.
            follow(page, "a[href$=\"/endpoints/press/software\"]", "**/software");
            assertThat(page.locator("h1").innerText()).isEqualTo("How busy is press?");
            assertThat(page.locator(".trackline h3").allInnerTexts())
                    .contains("process.memory", "machine.load");
            fits(page);
            picture(page, "software", view);
            follow(page, "a[href$=\"?last=7d\"]", "**/software?last=7d");
            page.goBack();
            page.goBack();
            // What comes in, what goes out, and how right it is.
            follow(page, "a[href$=\"/endpoints/press/monitoring\"]", "**/monitoring");
            assertThat(page.locator("#answer .lead").innerText()).startsWith("No: ");
            assertThat(page.locator("#quality .trackline h3").allInnerTexts())
                    .contains("quality.label.accuracy");
            assertThat(page.locator("#tracks .trackline h3").allInnerTexts())
                    .contains("input.force", "output.label");
            fits(page);
            picture(page, "watch", view);
            // What each metric is worth, and back.
            follow(page, "a[href$=\"/endpoints/press/metrics\"]", "**/metrics");
            assertThat(page.locator("tbody tr").count()).isGreaterThan(4);
            fits(page);
            page.goBack();
            // The alarm's own metric, nearer to when it began.
            follow(
                    page,
                    "#rings td.name a[href$=\"watch=input.force\"]",
                    "**/metric?watch=input.force");
            assertThat(page.locator(".lead").innerText()).contains("input.force rose by");
            int all = page.locator(".tall svg a").count();
            assertThat(all).isEqualTo(HOURS);
            follow(page, "a.near", "**/metric?watch=input.force&from=*");
            int near = page.locator(".tall svg a").count();
            assertThat(near).isBetween(15, HOURS - 10);
            assertThat(page.locator(".stretches a[aria-current]").innerText()).contains(" to ");
            fits(page);
            picture(page, "metric-near", view);
            // From a point of the chart to the predictions behind it.
            follow(page, ".tall svg a", "**/predictions?from=*");
            assertThat(page.locator("body").innerText()).contains("force");
            fits(page);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    /// Presses Tab until somebody is there, and Enter.
    private static void follow(Page page, String selector, String to) {
        for (int i = 0; i < 300; i++) {
            page.keyboard().press("Tab");
            if (Boolean.TRUE.equals(
                    page.evaluate(
                            "selector => document.activeElement.matches(selector)", selector))) {
                page.keyboard().press("Enter");
                page.waitForURL(to);
                return;
            }
        }
        throw new AssertionError("Tab never comes to " + selector);
    }

    /// Nothing sticks out to the side.
    private static void fits(Page page) {
        assertThat(
                        page.evaluate(
                                "document.documentElement.scrollWidth <= window.innerWidth"
                                        + " || document.documentElement.scrollWidth + ' > ' + window.innerWidth"))
                .as(page.url())
                .isEqualTo(true);
    }

    private static void picture(Page page, String name, Browser.View view) {
        page.screenshot(
                new Page.ScreenshotOptions()
                        .setFullPage(true)
                        .setPath(PICTURES.resolve(name + "-" + view.name() + ".png")));
    }
}
