package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.davy.access.Role;
import dev.davy.runtime.SharedData;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The pages in a real browser, with loans, spoken digits and tiles in them. Pictures of all of
/// them are left in `target/pages`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagesTest {
    private static final Path PICTURES = Path.of("target", "pages");
    private static final Browser.View DESK = Browser.View.ALL.getFirst();

    private final Path folder;
    private final Server server;
    private final Traffic traffic;
    private final Browser browser;
    private String prediction = "";

    PagesTest(@TempDir Path folder) {
        this.folder = folder;
        assumeTrue(Browser.program().isPresent(), "there is no Chromium on this machine");
        for (var set : List.of("german-credit", "fsdd", "magnetic-tile", "silero-vad"))
            SharedData.folder(set);
        this.server = Server.start(Settings.of(folder.resolve("data")).port(0));
        this.traffic = new Traffic(Caller.of(server));
        this.browser = Browser.open("http://127.0.0.1:" + server.port());
    }

    @BeforeAll
    void serve() throws IOException {
        traffic.begin();
        traffic.past(Duration.ofMinutes(100), 400, 40, 60);
        assertThat(server.davy().readers().awaitCaughtUp(Duration.ofMinutes(1))).isTrue();
        prediction = server.davy().windows().recent("magnetic-tile").getFirst().id().toString();
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

    @ParameterizedTest
    @MethodSource("views")
    void fitTheScreenAndLoadNothingFromElsewhere(Browser.View view) {
        try (var context = browser.somebody(view)) {
            var page = browser.page(context);
            look(page, view, "home", "/", "Is everything well?");
            look(page, view, "loan", "/endpoints/loan-approval?last=6h", "Is loan-approval well?");
            look(page, view, "voice", "/endpoints/voice-digits?last=6h", "Is voice-digits well?");
            look(page, view, "tile", "/endpoints/magnetic-tile?last=6h", "Is magnetic-tile well?");
            look(
                    page,
                    view,
                    "prediction",
                    "/endpoints/magnetic-tile/predictions/" + prediction,
                    "What did magnetic-tile answer?");
            look(page, view, "models", "/models", null);
            look(page, view, "model", "/models/loan", null);
            look(page, view, "jobs", "/jobs", "Is all work done?");
            look(page, view, "login", "/login", "Who are you?");
        }
        assertThat(browser.complaints()).isEmpty();
    }

    private void look(
            Page page,
            Browser.View view,
            String name,
            String path,
            @org.jspecify.annotations.Nullable String title) {
        page.navigate(at(path));
        if (title != null)
            assertThat(page.locator("h1").innerText().replaceAll("\\s+", " ")).isEqualTo(title);
        if (page.locator("#charts").count() > 0) page.locator("#charts[data-drawn=yes]").waitFor();
        assertThat(((Number) page.evaluate("document.documentElement.scrollWidth")).intValue())
                .as("%s on %s is as wide as the screen", name, view.name())
                .isLessThanOrEqualTo(view.width());
        assertThat(page.evaluate("[...document.images].every(i => i.alt !== '')")).isEqualTo(true);
        page.screenshot(
                new Page.ScreenshotOptions()
                        .setPath(PICTURES.resolve(name + "-" + view.name() + ".png"))
                        .setFullPage(true));
    }

    @Test
    void theChartsAreDrawn() {
        try (var context = browser.somebody(DESK)) {
            var page = browser.page(context);
            page.navigate(at("/endpoints/loan-approval?last=6h"));
            page.locator("#charts[data-drawn=yes]").waitFor();
            var inked =
                    page.evaluate(
                            """
                            () => { const c = document.querySelector('#charts canvas');
                              const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
                              let n = 0; for (let i = 3; i < d.length; i += 4) if (d[i] > 0) n++;
                              return n; }\
                            """);
            assertThat(((Number) inked).intValue()).isGreaterThan(2_000);
        }
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void fromTheListToAPredictionAndItsPicture() {
        try (var context = browser.somebody(DESK)) {
            var page = browser.page(context);
            page.navigate(at("/"));
            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("magnetic-tile"))
                    .click();
            page.waitForURL("**/endpoints/magnetic-tile*");
            page.locator("#recent td.answer a").first().click();
            page.waitForURL("**/predictions/*");
            var picture = page.locator("img.large");
            picture.waitFor();
            assertThat(picture.evaluate("async i => { await i.decode(); return i.naturalWidth }"))
                    .isNotEqualTo(0);
        }
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aRecordingCanBePlayed() {
        try (var context = browser.somebody(DESK)) {
            var page = browser.page(context);
            page.navigate(at("/endpoints/voice-digits?last=6h"));
            var length =
                    page.locator("#recent audio")
                            .first()
                            .evaluate(
                                    """
                                    a => new Promise((done, failed) => {
                                      a.addEventListener('loadedmetadata', () => done(a.duration));
                                      a.addEventListener('error', () => failed(a.error.message));
                                      a.preload = 'metadata'; a.load(); })\
                                    """);
            assertThat(((Number) length).doubleValue()).isBetween(0.1, 5.0);
        }
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void theKeysFindMoveAndOpen() {
        try (var context = browser.somebody(DESK)) {
            var page = browser.page(context);
            page.navigate(at("/"));
            page.keyboard().press("/");
            page.keyboard().type("voice");
            assertThat(page.locator("tbody tr:visible").count()).isEqualTo(1);
            page.keyboard().press("Escape");
            page.keyboard().press("j");
            page.keyboard().press("Enter");
            page.waitForURL("**/endpoints/voice-digits*");
            page.keyboard().press("?");
            assertThat(page.locator("dialog#keys").isVisible()).isTrue();
        }
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void whatComesInShowsWithoutAReload() {
        try (var context = browser.somebody(DESK)) {
            var page = browser.page(context);
            page.navigate(at("/endpoints/loan-approval?last=1h"));
            page.getByText("live", new Page.GetByTextOptions().setExact(true)).waitFor();
            var count = page.locator("#figures dd").first();
            var before = number(count);
            for (int i = 0; i < 25; i++) traffic.loan(Instant.now());
            // The oldest may leave the hour meanwhile.
            page.waitForCondition(() -> number(count) > before + 10);
        }
        assertThat(browser.complaints()).isEmpty();
    }

    private static long number(Locator of) {
        return Long.parseLong(of.innerText().replaceAll("\\D", ""));
    }

    @Test
    void whatIsNotThereSaysSoAndWhatToDo() {
        try (var context = browser.somebody(DESK)) {
            var page = browser.page(context);
            page.navigate(at("/endpoints/none"));
            assertThat(page.locator("h1").innerText()).contains("none");
            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("To the first page"))
                    .click();
            page.waitForURL(Pattern.compile("/$"));
        }
        assertThat(browser.complaints()).allMatch(each -> each.contains("404"));
    }

    @Test
    void elsewhereOneSignsInWithAToken() {
        var settings = Settings.of(folder.resolve("guarded")).host("0.0.0.0").port(0);
        try (var guarded = Server.start(settings);
                var context = browser.somebody(DESK)) {
            var token = guarded.davy().tokens().create("anna", Role.VIEWER, "anna", "to look");
            var address = "http://127.0.0.1:" + guarded.port();
            var page = context.newPage();
            page.navigate(address + "/");
            assertThat(page.locator("h1").innerText()).isEqualTo("Who are you?");
            page.locator("input[name=token]").fill("wrong");
            page.locator("input[name=token]").press("Enter");
            page.getByText("not valid").waitFor();
            page.locator("input[name=token]").fill(token);
            page.locator("input[name=token]").press("Enter");
            page.waitForURL(address + "/");
            assertThat(page.locator(".who").innerText()).isEqualTo("anna");
            assertThat(page.locator("h1").innerText()).isEqualTo("Is everything well?");
            assertThat(context.cookies())
                    .allSatisfy(cookie -> assertThat(cookie.httpOnly).isTrue());
            page.getByText("Sign out").click();
            page.waitForURL(address + "/login");
        }
    }

    /// No bound here: how long it takes is a matter of the machine. The figure goes to the log.
    @Test
    void tellsWhenSomethingIsFirstSeen() {
        try (var context = browser.somebody(DESK)) {
            var page = browser.page(context);
            for (var path : List.of("/", "/endpoints/loan-approval?last=6h")) {
                page.navigate(at(path));
                // A page is loaded before the browser has told when it painted.
                var paint =
                        page.evaluate(
                                """
                                async () => {
                                  const seen = () =>
                                    performance.getEntriesByName("first-contentful-paint")[0];
                                  for (let i = 0; i < 100 && !seen(); i++)
                                    await new Promise((done) => setTimeout(done, 50));
                                  return seen()?.startTime ?? -1;
                                }
                                """);
                System.out.println("first paint of " + path + ": " + paint + " ms");
                assertThat(((Number) paint).doubleValue()).isNotCloseTo(-1, within(0.5));
            }
        }
    }
}
