package dev.parley.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.net.URI;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** A real browser, the system's own. Used by one thread. */
final class Chromium implements AutoCloseable {
    static final Path EXECUTABLE = Path.of(System.getProperty("parley.test.chromium", "/usr/bin/chromium"));
    private static final List<String> FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    static Chromium start() {
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(EXECUTABLE)
                        .setArgs(FLAGS));
        return new Chromium(playwright, browser);
    }

    /** A browser of somebody's own: nothing is shared with other windows. */
    PageUser user(URI page) {
        return user(page, new Browser.NewContextOptions().setViewportSize(1180, 800));
    }

    PageUser user(URI page, Browser.NewContextOptions options) {
        return new PageUser(browser.newContext(options.setLocale("en-GB").setTimezoneId(zone())), page);
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }

    /** Where it is not about to be midnight: then what was said just now would soon have been said yesterday. */
    private static String zone() {
        return Math.abs(OffsetDateTime.now(ZoneOffset.UTC).getHour() - 12) > 6 ? "Etc/GMT-12" : "UTC";
    }
}
