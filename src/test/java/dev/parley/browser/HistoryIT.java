package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import dev.parley.clients.ChannelsClient;
import dev.parley.e2e.TestClient;
import dev.parley.protocol.Position;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page: older messages come as one scrolls up, and the newest again as one scrolls down. */
@Timeout(180)
@Needs(Needs.Program.CHROMIUM)
class HistoryIT {
    private static final int PAGE = 50;
    private static final int MOST = 400;
    private static final int KEPT = 600;

    private static final String TO_START =
            "() => { const log = document.querySelector('#scroll');" + " log.scrollTop = 300; log.scrollTop = 0; }";

    private static final String TO_END =
            "() => { const log = document.querySelector('#scroll'); log.scrollTop = log.scrollHeight; }";

    /** Where the message stands in the window, and after more has come above it. */
    private static final String TOP = "text => [...document.querySelectorAll('#messages .message')].find(entry =>"
            + " entry.querySelector('.text').textContent === text).getBoundingClientRect().top";

    @RegisterExtension
    static final BrowserExtension browser = BrowserExtension.with(
            Map.of("parley.channels.chat.history-size", Integer.toString(KEPT), "parley.log.trim-interval", "200ms"));

    private final String room = UUID.randomUUID().toString();

    @Test
    void older_messages_come_as_one_scrolls_up_and_what_one_reads_stays_where_it_is() throws Exception {
        say(1, 180);
        try (PageUser ann = browser.user()) {
            Window hers = ann.enter(room);
            hers.awaitMessages(PAGE);
            Page page = hers.page();
            assertThat(page.isVisible("#older")).isFalse();

            page.evaluate("() => document.querySelector('#scroll').scrollTop = 650");
            hers.awaitRest();
            double before = ((Number) page.evaluate(TOP, "number 145")).doubleValue();
            page.hover("#scroll");
            page.mouse().wheel(0, -100);
            hers.awaitMessages(2 * PAGE);
            hers.awaitRest();
            double after = ((Number) page.evaluate(TOP, "number 145")).doubleValue();
            assertThat(after - before).isBetween(95.0, 105.0);

            page.focus("#scroll");
            page.keyboard().press("Home");
            hers.awaitMessages(3 * PAGE);
            page.keyboard().press("Home");
            hers.awaitMessages(180);
            assertThat(hers.texts(180)).isEqualTo(numbers(1, 180));
            assertThat(page.textContent("#older")).isEqualTo("The beginning of " + room);
            assertOneRow(page);
            assertThat(page.locator("#messages .day").allTextContents()).containsExactly("Today");

            assertThat(page.evaluate("() => document.documentElement.scrollHeight <= innerHeight"))
                    .as("only the messages scroll")
                    .isEqualTo(true);
            page.focus("#text");
            page.keyboard().press("PageUp");
            page.evaluate("() => document.querySelector('#scroll').scrollTop = 0");
            hers.screenshot("beginning");
            page.keyboard().press("PageDown");
            page.waitForFunction("() => document.querySelector('#scroll').scrollTop > 400");
        }
    }

    @Test
    void the_page_keeps_so_many_and_goes_back_to_the_newest() throws Exception {
        say(1, 560);
        try (PageUser ann = browser.user()) {
            Window hers = ann.enter(room);
            Page page = hers.page();
            scrollUpBeyondMost(hers);
            page.waitForSelector("#newer:has-text('To the newest messages')");
            hers.awaitMessages(MOST);
            assertThat(hers.texts(MOST)).isEqualTo(numbers(111, 510));

            say(561, 562);
            page.waitForSelector("#newer:has-text('2 new messages')");
            assertThat(page.title()).startsWith("(2) ");
            assertThat(hers.texts(MOST)).isEqualTo(numbers(111, 510));
            page.evaluate(TO_END);
            hers.message("number 560");
            assertThat(hers.texts(MOST)).as("who reads on misses nothing").isEqualTo(numbers(161, 560));
            hers.awaitRest();
            page.evaluate(TO_END);
            hers.message("number 562");
            assertThat(hers.texts(MOST)).isEqualTo(numbers(163, 562));
            hers.awaitRest();
            page.evaluate(TO_END);
            page.waitForFunction("() => document.querySelector('#newer').hidden");
            page.waitForFunction("room => document.title.startsWith(room)", room);
            say(563, 563);
            hers.message("number 563");
        }
    }

    @Test
    void one_button_goes_to_the_newest_at_once() throws Exception {
        say(1, 560);
        try (PageUser ann = browser.user()) {
            Window hers = ann.enter(room);
            Page page = hers.page();
            scrollUpBeyondMost(hers);
            say(561, 561);
            page.click("#newer:has-text('1 new message')");
            hers.message("number 561");
            assertThat(hers.texts(PAGE)).isEqualTo(numbers(512, 561));
            hers.say("and mine");
            assertThat(hers.texts(PAGE + 1)).last().isEqualTo("and mine");
            page.waitForFunction("() => document.querySelector('#newer').hidden");
        }
    }

    @Test
    void where_the_server_keeps_no_more_the_page_says_so() throws Exception {
        say(1, KEPT + 100);
        try (TestClient reader = TestClient.open(browser.page())) {
            await().atMost(TestClient.PATIENCE).until(() -> isTrimmed(reader));
        }
        try (PageUser ann = browser.user()) {
            Window hers = ann.enter(room);
            Page page = hers.page();
            page.waitForFunction(
                    "() => { const log = document.querySelector('#scroll'); log.scrollTop = 300; log.scrollTop = 0;"
                            + " return document.querySelector('#older').textContent === 'Older messages are no longer kept.'; }",
                    null,
                    new Page.WaitForFunctionOptions().setPollingInterval(100));
        }
    }

    @Test
    void days_and_rows_are_right_across_a_seam() {
        try (PageUser ann = browser.user()) {
            Page page = ann.enter(room).page();
            Object shown = page.evaluate("""
                    async () => {
                      const { Timeline } = await import(new URL('console/timeline.js', document.baseURI));
                      const list = document.createElement('ol');
                      document.body.append(list);
                      const timeline = new Timeline(list);
                      const message = (offset, user, at) => ({
                        position: `e:${offset}`, from: { user, name: user }, at: new Date(at),
                        contentType: null, data: { text: `${offset}` },
                      });
                      timeline.append([
                        message(3, 'a', '2026-03-02T09:02:00'), message(4, 'a', '2026-03-02T09:03:00'),
                        message(5, 'b', '2026-03-03T09:00:00')], () => false);
                      timeline.markBefore('e:2');
                      timeline.prepend([
                        message(1, 'a', '2026-03-01T09:00:00'), message(2, 'a', '2026-03-02T09:01:00')], () => false);
                      const shown = () => [...list.children].map(({ className, textContent }) =>
                        className.startsWith('message') ? `${className.includes('first') ? '+' : ''}${textContent.at(-1)}`
                          : className).join(' ');
                      const all = shown();
                      timeline.trimStart(3);
                      const cut = shown();
                      timeline.markBefore('e:4');
                      const marked = shown();
                      timeline.trimEnd(1);
                      list.remove();
                      return [all, cut, marked, timeline.size];
                    }
                    """);
            assertThat(shown)
                    .isEqualTo(List.of("day +1 day mark +2 3 4 day +5", "day +3 4 day +5", "day +3 mark +4 day +5", 1));
        }
    }

    /** Of 560 messages, until the newest are not there any more. */
    private static void scrollUpBeyondMost(Window window) {
        for (int count = 2 * PAGE; count <= MOST; count += PAGE) {
            window.awaitRest();
            window.page().evaluate(TO_START);
            window.awaitMessages(count);
        }
        window.awaitRest();
        window.page().evaluate(TO_START);
        window.message("number 111");
    }

    private void say(int first, int last) throws Exception {
        try (ChannelsClient speaker = browser.speaker("Zoe")) {
            for (int i = first; i <= last; i++) {
                speaker.publish("chat." + room, "number " + i);
            }
        }
    }

    private boolean isTrimmed(TestClient reader) {
        Position newest = TestClient.position(
                history(reader, "").getValuesAs(JsonObject.class).get(0));
        return history(reader, ",\"before\":\"" + newest.at(2) + "\"").isEmpty();
    }

    private JsonArray history(TestClient reader, String before) {
        return reader.reply("history", "{\"channel\":\"chat." + room + "\",\"limit\":1" + before + "}")
                .getJsonObject("history")
                .getJsonArray("messages");
    }

    private static List<String> numbers(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> "number " + i).toList();
    }

    /** All are of one person, of within five minutes. */
    private static void assertOneRow(Page page) {
        assertThat(page.locator("#messages .message.first").count()).isBetween(1, 2);
    }
}
