package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import dev.parley.clients.ChannelsClient;
import dev.parley.clients.SampleImages;
import dev.parley.e2e.TestClient;
import dev.parley.testing.Figures;
import java.net.URI;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page and the browser client over each transport, and from one to another. */
@Timeout(180)
@Needs(Needs.Program.CHROMIUM)
class BrowserTransportsIT {
    private static final int SWITCHES = 50;
    private static final int MOST_BETWEEN = 12;

    @RegisterExtension
    static final BrowserExtension browser = BrowserExtension.create();

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"websocket", "sse", "long-polling", "polling"})
    void twoWindowsTalkAndOneIsForcedOnto(String transport) throws Exception {
        String room = "forced-" + transport;
        try (PageUser ann = browser.user()) {
            Window hers = ann.enter(room);
            talkWithBob(hers, transport, room);
            hers.members(1);
        }
    }

    private static void talkWithBob(Window hers, String transport, String room) throws Exception {
        try (PageUser bob = browser.user()) {
            Window his = bob.enter(by(transport), room);
            assertThat(his.page().getAttribute("#transport", "data-transport")).isEqualTo(transport);
            hers.callOneself("Ann");
            his.callOneself("Bob");
            hers.awaitMember("Bob");
            assertThat(hers.members(2)).containsExactlyInAnyOrder("Ann", "Bob");
            his.awaitMember("Ann");
            assertThat(his.members(2)).containsExactlyInAnyOrder("Ann", "Bob");

            hers.say("from her");
            his.message("from her").waitFor();
            his.say("from him");
            hers.message("from him").waitFor();
            for (int side : List.of(90, 700)) {
                his.choose("image.jpeg", SampleImages.jpeg(side, side));
                his.page().waitForSelector("#attachments li");
                his.send();
                for (Window window : List.of(his, hers)) {
                    window.page()
                            .waitForFunction(
                                    "width => [...document.querySelectorAll('#messages img')]"
                                            + ".some(image => image.naturalWidth === width)",
                                    side);
                }
            }
            his.awaitNothingUnsent();
        }
    }

    @Test
    void switching_in_mid_stream_loses_and_doubles_nothing() throws Exception {
        long seed = Long.getLong("parley.test.seed", ThreadLocalRandom.current().nextLong(1_000_000));
        SplittableRandom random = new SplittableRandom(seed);
        try (PageUser user = browser.user();
                ChannelsClient speaker = browser.speaker("undisturbed")) {
            Page page = user.enter("switching").page();
            NumberedTraffic traffic = NumberedTraffic.begin(page, speaker, "switching.line", true);
            for (int i = 0; i < SWITCHES; i++) {
                for (int messages = random.nextInt(MOST_BETWEEN); messages >= 0; messages--) {
                    traffic.goOn();
                }
                traffic.reconnect(i);
            }
            String found = traffic.checked();
            Figures.print("browser client, " + SWITCHES + " switches of transport in mid-stream (seed " + seed + ", "
                    + page.evaluate(
                            "() => [0, 1, 2, 3].map(way => run.ways.filter(one => one === way).length)" + ".join(', ')")
                    + " by WebSocket, server-sent events, long polling, polling): " + found);
            assertThat(page.evaluate("() => new Set(run.ways).size")).isEqualTo(4);
            user.forgiveOutage(); // a switch may come before the handshake of the one before is over
        }
    }

    @Test
    void many_windows_of_one_browser_do_not_starve_each_other() {
        try (PageUser user = browser.user()) {
            List<Window> windows = IntStream.range(0, 8)
                    .mapToObj(number -> user.enter(browser.page().resolve("?transport=sse&transport=polling"), "crowd"))
                    .toList();
            for (Window window : windows) {
                window.page().bringToFront();
                window.say("all of us can talk");
                window.awaitNothingUnsent();
            }
            for (Window window : windows) {
                window.page().bringToFront();
                window.awaitMessages(windows.size());
            }
            // Who has come as one too many is only on its way down yet; pages are asked by this thread alone
            await().pollInSameThread()
                    .atMost(TestClient.PATIENCE)
                    .untilAsserted(() -> assertThat(streams(windows)).isBetween(1L, 4L));
        }
    }

    private static long streams(List<Window> windows) {
        return windows.stream()
                .map(window -> window.page().getAttribute("#transport", "data-transport"))
                .filter("sse"::equals)
                .count();
    }

    private static URI by(String transport) {
        return browser.page().resolve("?transport=" + transport);
    }
}
