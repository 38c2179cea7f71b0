package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.parley.clients.ChannelsClient;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page: who is typing. */
@Timeout(120)
@Needs(Needs.Program.CHROMIUM)
class TypingIT {
    @RegisterExtension
    static final BrowserExtension browser = BrowserExtension.create();

    private final String room = UUID.randomUUID().toString();

    @Test
    void who_types_is_seen_by_the_others_until_it_is_said_or_given_up() {
        try (PageUser ann = browser.user();
                PageUser bob = browser.user()) {
            Window hers = ann.enter(room);
            Window his = bob.enter(room);
            hers.callOneself("Ann");
            his.callOneself("Bob");

            hers.page().focus("#text");
            hers.page().keyboard().type("Is any");
            his.awaitTyping("Ann is typing");
            assertThat(hers.page().textContent("#typing")).isEmpty();
            hers.page().keyboard().press("Enter");
            his.message("Is any");
            his.awaitTyping("");

            his.page().focus("#text");
            his.page().keyboard().type("I am");
            hers.awaitTyping("Bob is typing");
            his.page().fill("#text", "");
            hers.awaitTyping("");
        }
    }

    @Test
    void several_are_named_up_to_two() throws Exception {
        try (PageUser ann = browser.user();
                ChannelsClient bob = browser.speaker("Bob");
                ChannelsClient eve = browser.speaker("Eve");
                ChannelsClient mia = browser.speaker("Mia")) {
            Window hers = ann.enter(room);
            type(bob, true);
            hers.awaitTyping("Bob is typing");
            type(eve, true);
            hers.awaitTyping("Bob and Eve are typing");
            type(mia, true);
            hers.awaitTyping("Several people are typing");
            type(bob, false);
            hers.awaitTyping("Eve and Mia are typing");
            type(eve, true);
            mia.publish("chat." + room, "what Mia typed");
            hers.awaitTyping("Eve is typing");
            hers.awaitTyping(""); // by itself, since nobody says more
        }
    }

    @Test
    void marks_are_sent_sparingly_and_none_for_nothing() {
        try (PageUser ann = browser.user()) {
            Window hers = ann.enter(room);
            Page page = hers.page();
            page.evaluate("""
                    () => {
                      globalThis.marks = [];
                      // However long this takes, it is within the same three seconds
                      const now = performance.now();
                      performance.now = () => now;
                      const send = WebSocket.prototype.send;
                      WebSocket.prototype.send = function (data) {
                        if (typeof data === 'string' && data.includes('"typing.')) {
                          marks.push(JSON.parse(data).publish?.data.typing);
                        }
                        return send.call(this, data);
                      };
                    }
                    """);
            page.focus("#text");
            page.keyboard().type("   ");
            page.keyboard().press("Backspace");
            assertThat(page.evaluate("() => marks")).isEqualTo(List.of());
            page.keyboard().type("a few words that take no three seconds");
            assertThat(page.evaluate("() => marks")).isEqualTo(List.of(true));
            page.keyboard().press("Enter");
            hers.awaitMessages(1);
            assertThat(page.evaluate("() => marks")).isEqualTo(List.of(true, false));
        }
    }

    @Test
    void whose_mark_is_rubbish_does_no_harm() throws Exception {
        try (PageUser ann = browser.user();
                ChannelsClient bob = browser.speaker("Bob")) {
            Window hers = ann.enter(room);
            bob.publish("typing." + room, "true");
            bob.publish("typing." + room, "image/png", new byte[] {1, 2, 3});
            bob.publishJson("typing." + room, "[1,null]");
            bob.publishJson("typing." + room, "null");
            bob.publishJson("typing." + room, "{\"typing\":\"yes\"}");
            type(bob, true);
            hers.awaitTyping("Bob is typing");
        }
    }

    private void type(ChannelsClient speaker, boolean typing) throws Exception {
        speaker.publishJson("typing." + room, "{\"typing\":" + typing + "}");
    }
}
