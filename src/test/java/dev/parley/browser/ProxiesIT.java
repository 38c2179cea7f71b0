package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.parley.clients.ChannelsClient;
import dev.parley.testing.ChaosProxy;
import dev.parley.testing.Figures;
import dev.parley.testing.Middlebox;
import dev.parley.testing.Middlebox.Habits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The browser client behind proxies that are in the way: 200 messages, half of them its own, with five seconds of silence in
 * the middle. All come once and in order, and it ends on the best transport that works there.
 */
@Timeout(180)
@Needs(Needs.Program.CHROMIUM)
class ProxiesIT {
    private static final int HALF = 50;
    private static final Duration SILENCE = Duration.ofSeconds(5);
    private static final Duration SHORT = Duration.ofSeconds(3);
    private static final String CHANNEL = "proxies.line";
    private static final String ROOM = "lobby";

    /** When the first message of the room was on the page, in milliseconds since the page was asked for. */
    private static final String NOTE_FIRST = """
            (() => {
              const look = () => {
                if (document.querySelector('#messages .message')) {
                  globalThis.firstMessage = Math.round(performance.now());
                  return;
                }
                requestAnimationFrame(look);
              };
              look();
            })()
            """;

    @TempDir
    Path folder;

    @RegisterExtension
    final BrowserExtension browser = BrowserExtension.create();

    @Test
    void none_in_the_way() throws Exception {
        talk("no proxy", browser.page(), "websocket");
    }

    @Test
    void no_upgrade() throws Exception {
        through("no Upgrade", Habits.NONE.strippingUpgrade(), "sse");
    }

    @Test
    void no_upgrade_and_buffering() throws Exception {
        through("no Upgrade, buffering", Habits.NONE.strippingUpgrade().buffering(), "long-polling");
    }

    @Test
    void silence_is_cut() throws Exception {
        through("silence cut after 3 s", Habits.NONE.cuttingSilence(SHORT), "websocket");
    }

    @Test
    void no_upgrade_and_silence_is_cut() throws Exception {
        Habits habits = Habits.NONE.strippingUpgrade().cuttingSilence(SHORT);
        through("no Upgrade, silence cut after 3 s", habits, "sse");
    }

    @Test
    void only_short_requests() throws Exception {
        Habits habits = Habits.NONE.strippingUpgrade().cuttingAfter(Duration.ofSeconds(1));
        through("no Upgrade, cut after 1 s", habits, "polling");
    }

    @Test
    void in_turn_to_two_listeners_without_stickiness() throws Exception {
        int port = browser.page().getPort();
        try (ChaosProxy one = ChaosProxy.to(port);
                ChaosProxy other = ChaosProxy.to(port);
                Middlebox box =
                        Middlebox.before(Habits.NONE.strippingUpgrade().buffering(), one.port(), other.port())) {
            talk("round robin, no Upgrade, buffering", box.through(browser.page()), "long-polling");
            assertThat(one.count(ChaosProxy.Deed.CONNECTED)).isGreaterThan(10);
            assertThat(other.count(ChaosProxy.Deed.CONNECTED)).isGreaterThan(10);
        }
    }

    @Test
    @Needs(Needs.Program.NGINX)
    void nginx_as_it_comes() throws Exception {
        try (ProxyProcess nginx = ProxyProcess.nginx(folder, browser.page().getPort(), "")) {
            talk("nginx as it comes", nginx.through(browser.page()), "sse");
        }
    }

    @Test
    @Needs(Needs.Program.NGINX)
    void nginx_that_buffers_whatever_it_is_told() throws Exception {
        String buffering = "proxy_ignore_headers X-Accel-Buffering;";
        try (ProxyProcess nginx = ProxyProcess.nginx(folder, browser.page().getPort(), buffering)) {
            talk("nginx, buffering", nginx.through(browser.page()), "long-polling");
        }
    }

    @Test
    @Needs(Needs.Program.NGINX)
    void nginx_set_up_for_websocket() throws Exception {
        String upgrade = "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade;"
                + " proxy_set_header Connection $http_connection;";
        try (ProxyProcess nginx = ProxyProcess.nginx(folder, browser.page().getPort(), upgrade)) {
            talk("nginx with Upgrade", nginx.through(browser.page()), "websocket");
        }
    }

    @Test
    @Needs(Needs.Program.HAPROXY)
    void haproxy_that_cuts_silence() throws Exception {
        String cutting = "timeout server 3s\n  timeout tunnel 3s";
        try (ProxyProcess haproxy = ProxyProcess.haproxy(folder, browser.page().getPort(), cutting)) {
            talk("haproxy, silence cut after 3 s", haproxy.through(browser.page()), "websocket");
        }
    }

    @Test
    @Needs(Needs.Program.HAPROXY)
    void haproxy_in_turn_to_two_listeners_without_upgrade() throws Exception {
        int port = browser.page().getPort();
        try (ChaosProxy other = ChaosProxy.to(port);
                ProxyProcess haproxy = ProxyProcess.haproxy(
                        folder,
                        port,
                        "server other 127.0.0.1:" + other.port()
                                + "\n  balance roundrobin\n  http-request del-header Upgrade")) {
            talk("haproxy, round robin, no Upgrade", haproxy.through(browser.page()), "sse");
            assertThat(other.count(ChaosProxy.Deed.CONNECTED)).isPositive();
        }
    }

    private void through(String name, Habits habits, String expected) throws Exception {
        try (Middlebox box = Middlebox.before(habits, browser.page().getPort())) {
            talk(name, box.through(browser.page()), expected);
        }
    }

    private void talk(String name, URI page, String expected) throws Exception {
        try (PageUser user = browser.user();
                ChannelsClient speaker = browser.speaker("undisturbed")) {
            speaker.publish("chat." + ROOM, "the first");
            user.noteOnEachPage(NOTE_FIRST);
            Page window = user.enter(page, ROOM).page();
            window.waitForFunction("() => globalThis.firstMessage");
            NumberedTraffic traffic = NumberedTraffic.begin(window, speaker, CHANNEL, false);
            half(traffic);
            Thread.sleep(SILENCE.toMillis()); // what the proxies are tried with
            half(traffic);
            String found = traffic.checked();
            traffic.awaitTransport(expected);
            Object ways = window.evaluate("() => run.ways.join(', then ')");
            Object first = window.evaluate("() => firstMessage");
            Figures.print(String.format(
                    Locale.ROOT,
                    "%s: by %s; %s; first message %s ms after the page was asked for",
                    name,
                    ways,
                    found,
                    first));
            user.forgiveOutage();
        }
    }

    private static void half(NumberedTraffic traffic) throws Exception {
        for (int i = 0; i < HALF; i++) {
            traffic.goOn();
        }
    }
}
