package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.parley.clients.ChannelsClient;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page, when the server's log has forgotten messages, as after a failover to a database that did not have them. */
@Timeout(120)
@Needs(Needs.Program.CHROMIUM)
class ForgottenIT {
    private static final String TEXT = "The server has forgotten this message.";

    /** Has hold of the WebSocket once something is sent over it. */
    private static final String WATCH = """
            () => {
              const send = WebSocket.prototype.send;
              WebSocket.prototype.send = function (data) {
                globalThis.socket = this;
                return send.call(this, data);
              };
            }
            """;

    /** All that comes from now on but what has been published. */
    private static final String LOSE_MESSAGES = """
            () => {
              const heard = socket.onmessage;
              socket.onmessage = ({ data }) => {
                const lines = data.split('\\n').filter(line => !line.includes('"from"'));
                heard({ data: lines.join('\\n') });
              };
            }
            """;

    /** What the server would say that has the messages up to this one. */
    private static final String FORGET_AFTER = """
            position => {
              const [epoch, offset] = position.split(':');
              const channel = `chat.${document.querySelector('#room-title').textContent}`;
              const forgotten = { after: position, before: `${epoch}:${Number(offset) + 2}` };
              socket.onmessage({ data: JSON.stringify({ channel, forgotten, ancestors: [] }) });
            }
            """;

    @RegisterExtension
    static final BrowserExtension browser = BrowserExtension.create();

    private final String room = UUID.randomUUID().toString();

    @Test
    void a_message_that_is_forgotten_stays_and_says_so() throws Exception {
        try (PageUser ann = browser.user();
                ChannelsClient bob = browser.speaker("Bob")) {
            Window hers = ann.enter(room);
            Page page = hers.page();
            page.evaluate(WATCH);
            hers.say("kept");
            Locator kept = hers.message("kept");
            hers.say("gone");
            Locator gone = hers.message("gone");

            page.evaluate(FORGET_AFTER, kept.getAttribute("data-position"));

            assertThat(gone.textContent()).contains(TEXT);
            assertThat(gone.locator(".bubble").evaluate("e => getComputedStyle(e).textDecorationLine"))
                    .isEqualTo("line-through");
            assertThat(page.getByText(TEXT).count()).isEqualTo(1);
            hers.screenshot("forgotten");
            bob.publish("chat." + room, "next");
            assertThat(hers.message("next").textContent()).doesNotContain(TEXT);
        }
    }

    @Test
    void what_was_stored_and_forgotten_before_it_was_seen_can_be_sent_again() {
        try (PageUser ann = browser.user()) {
            Window hers = ann.enter(room);
            Page page = hers.page();
            page.evaluate(WATCH);
            hers.say("kept");
            Locator kept = hers.message("kept");
            page.evaluate(LOSE_MESSAGES);
            hers.say("gone");
            page.waitForSelector("#pending [data-state='acknowledged']");

            page.evaluate(FORGET_AFTER, kept.getAttribute("data-position"));

            assertThat(hers.unsent().textContent()).contains(TEXT, "Try again", "Discard");
        }
    }
}
