package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.parley.clients.ChannelsClient;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page: what came while one was away. */
@Timeout(120)
@Needs(Needs.Program.CHROMIUM)
class UnreadIT {
    /** A page that is driven always believes itself seen. */
    private static final String LOOK = """
            there => {
              Object.defineProperty(document, 'hidden', { configurable: true, get: () => !there });
              document.dispatchEvent(new Event('visibilitychange'));
            }
            """;

    @RegisterExtension
    static final BrowserExtension browser = BrowserExtension.create();

    private final String room = UUID.randomUUID().toString();

    @Test
    void a_line_stands_where_it_begins_and_the_title_counts_it() throws Exception {
        try (PageUser ann = browser.user();
                ChannelsClient bob = browser.speaker("Bob")) {
            Window hers = ann.enter(room);
            Page page = hers.page();
            hers.say("mine");
            hers.awaitMessages(1);
            say(bob, "seen");
            hers.message("seen");
            assertThat(page.locator(".mark").count()).isZero();
            assertThat(page.title()).startsWith(room);

            page.evaluate(LOOK, false);
            say(bob, "first", "second");
            hers.message("second");
            assertThat(page.title()).startsWith("(2) ");
            assertThat(page.textContent(".mark + .message .text")).isEqualTo("first");

            page.evaluate(LOOK, true);
            page.waitForFunction("room => document.title.startsWith(room)", room);
            assertThat(page.textContent(".mark + .message .text")).isEqualTo("first");

            page.evaluate(LOOK, false);
            say(bob, "third");
            hers.message("third");
            assertThat(page.locator(".mark").count()).isEqualTo(1);
            assertThat(page.textContent(".mark + .message .text")).isEqualTo("third");
            page.evaluate(LOOK, true);
            page.waitForFunction("room => document.title.startsWith(room)", room);
            hers.say("read it");
            hers.message("read it");
            assertThat(page.locator(".mark").count()).isZero();
        }
    }

    @Test
    void much_of_it_is_read_from_where_it_begins() throws Exception {
        try (PageUser ann = browser.user();
                ChannelsClient bob = browser.speaker("Bob")) {
            Window hers = ann.enter(room);
            Page page = hers.page();
            say(bob, "seen");
            hers.message("seen");
            page.evaluate(LOOK, false);
            for (int i = 1; i <= 40; i++) {
                say(bob, "number " + i);
            }
            hers.message("number 40");
            assertThat(page.title()).startsWith("(40) ");
            page.evaluate(LOOK, true);

            page.waitForSelector("#newer:not([hidden])");
            assertThat(page.isVisible(".mark")).isTrue();
            double top = ((Number) page.evaluate("() => document.querySelector('.mark').getBoundingClientRect().top"))
                    .doubleValue();
            assertThat(top).as("in sight").isBetween(50.0, 150.0);
            page.waitForFunction("() => /^\\(([12]\\d)\\) /.test(document.title)");
            hers.screenshot("unread");
            page.hover("#scroll");
            page.mouse().wheel(0, 700);
            page.waitForFunction("() => /^\\(1?\\d\\) /.test(document.title)");
            page.mouse().wheel(0, 4_000);
            page.waitForFunction("room => document.title.startsWith(room)", room);
            assertThat(page.isVisible("#newer")).isFalse();
        }
    }

    @Test
    void what_came_since_the_last_visit_is_marked_too() throws Exception {
        try (PageUser ann = browser.user();
                ChannelsClient bob = browser.speaker("Bob")) {
            Window hers = ann.enter(room);
            say(bob, "seen");
            hers.message("seen");
            hers.page().close();
            say(bob, "while away", "and this");

            Window again = ann.enter(room);
            again.awaitMessages(3);
            assertThat(again.page().textContent(".mark + .message .text")).isEqualTo("while away");
            again.page().waitForFunction("room => document.title.startsWith(room)", room);
            for (int i = 1; i <= 60; i++) {
                say(bob, "number " + i);
            }
            again.message("number 60");
            again.page().waitForFunction("room => document.title.startsWith(room)", room);
            again.page().close();
            for (int i = 61; i <= 130; i++) {
                say(bob, "number " + i);
            }

            Page page = ann.enter(room).page();
            page.waitForFunction("() => /^\\(\\d+\\+\\) /.test(document.title)");
            page.waitForSelector(".mark + .message:has-text('number 61')");
        }
    }

    private void say(ChannelsClient speaker, String... texts) throws Exception {
        for (String text : texts) {
            speaker.publish("chat." + room, text);
        }
    }
}
