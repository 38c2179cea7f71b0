package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Somebody with a browser, and the windows open in it, on one page unless told otherwise. Closing it checks that the pages had nothing to complain of. */
final class PageUser implements AutoCloseable {
    /** A page cannot keep Chromium from saying these when a server is away. */
    private static final List<String> OUTAGE = List.of("WebSocket connection to", "Failed to load resource");

    private static final List<String> REFUSALS =
            List.of("responded with a status of 403", "Refused to execute script", "Refused to apply style");

    private static final String TELL_VIOLATIONS = """
            document.addEventListener('securitypolicyviolation',
                event => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
            """;

    private final BrowserContext context;
    private final URI page;
    private final List<String> complaints = new ArrayList<>();
    private boolean outage;
    private boolean refusal;

    PageUser(BrowserContext context, URI page) {
        this.context = context;
        this.page = page;
        context.addInitScript(TELL_VIOLATIONS);
    }

    /** A window on a room, once the room is live. */
    Window enter(String room) {
        return enter(page, room);
    }

    Window enter(URI page, String room) {
        Window window = open(page, room);
        window.awaitState("live");
        return window;
    }

    /** A window on a room, however things stand with it. */
    Window open(String room) {
        return open(page, room);
    }

    private Window open(URI page, String room) {
        Page opened = context.newPage();
        opened.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
        opened.onPageError(complaints::add);
        opened.onDialog(dialog -> {
            complaints.add("dialog: " + dialog.message());
            dialog.dismiss();
        });
        opened.navigate(page.resolve("#" + room).toString());
        return new Window(opened);
    }

    /** Runs a script in each page before its own. */
    void noteOnEachPage(String script) {
        context.addInitScript(script);
    }

    /** As a login does that sets a cookie. */
    void keep(Cookie cookie) {
        context.addCookies(List.of(cookie));
    }

    void hasNetwork(boolean network) {
        context.setOffline(!network);
    }

    /** What the browser keeps: with it, another browser is the same person. */
    String memory() {
        return context.storageState();
    }

    /** The server was away, and the browser has said so, or will as soon as somebody listens to it. */
    void forgiveOutage() {
        outage = true;
    }

    /** The page was refused what it asked for, as it should be, and the browser has said so. */
    void forgiveRefusals() {
        refusal = true;
    }

    @Override
    public void close() {
        context.close();
        if (refusal) {
            complaints.removeIf(complaint -> REFUSALS.stream().anyMatch(complaint::contains));
        }
        if (outage) {
            complaints.removeIf(complaint -> OUTAGE.stream().anyMatch(complaint::contains));
        }
        assertThat(complaints).as("errors in the console").isEmpty();
    }
}
