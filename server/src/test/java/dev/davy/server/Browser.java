package dev.davy.server;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A Chromium of this machine, and what it complains of.
final class Browser implements AutoCloseable {
    /// How a person looks at a page.
    record View(String name, int width, int height, boolean dark) {
        static final List<View> ALL =
                List.of(
                        new View("desktop-light", 1280, 900, false),
                        new View("desktop-dark", 1280, 900, true),
                        new View("phone-light", 390, 844, false),
                        new View("phone-dark", 390, 844, true));
    }

    private static final List<String> FLAGS =
            List.of(
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser browser;
    private final String address;
    private final List<String> complaints = new ArrayList<>();

    private Browser(
            Playwright playwright, com.microsoft.playwright.Browser browser, String address) {
        this.playwright = playwright;
        this.browser = browser;
        this.address = address;
    }

    /// The program, if this machine has it.
    static Optional<Path> program() {
        return Stream.of(
                        Optional.ofNullable(System.getenv("CHROMIUM")).orElse("/usr/bin/chromium"),
                        "/usr/bin/chromium-browser",
                        "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// @param address of the server that is looked at: anything asked of another is a complaint
    static Browser open(String address) {
        var playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        var options =
                new BrowserType.LaunchOptions()
                        .setExecutablePath(program().orElseThrow())
                        .setHeadless(true)
                        .setArgs(FLAGS);
        return new Browser(playwright, playwright.chromium().launch(options), address);
    }

    /// A browser of somebody who was never here.
    BrowserContext somebody(View view) {
        var context =
                browser.newContext(
                        new com.microsoft.playwright.Browser.NewContextOptions()
                                .setViewportSize(view.width(), view.height())
                                .setColorScheme(view.dark() ? ColorScheme.DARK : ColorScheme.LIGHT)
                                .setTimezoneId("Europe/Berlin"));
        context.setDefaultTimeout(20_000);
        return context;
    }

    /// A new page that reports what goes wrong in it.
    Page page(BrowserContext context) {
        var page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning"))
                complaints.add("console: " + message.text());
        });
        page.onPageError(error -> complaints.add("error: " + error));
        page.onRequest(request -> {
            if (!request.url().startsWith(address)) complaints.add("asks for " + request.url());
        });
        page.onResponse(response -> {
            if (response.status() >= 400)
                complaints.add(response.status() + " for " + response.url());
        });
        return page;
    }

    /// What browsers said since this was asked last.
    List<String> complaints() {
        var said = List.copyOf(complaints);
        complaints.clear();
        return said;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
