package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.parley.clients.ChannelsClient;
import dev.parley.testing.ChaosProxy;
import dev.parley.testing.ChaosStorm;
import dev.parley.testing.Figures;
import dev.parley.testing.Scale;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The browser client on a bad network, by each transport and by whichever it finds: it reads and publishes all the while, another
 * whom nothing disturbs publishes too, and in the end it has had everything once and in order, and what it published is
 * stored once and in order.
 */
@Tag("scaled")
@Needs(Needs.Program.CHROMIUM)
class ChaosIT {
    private static final Duration LASTING =
            Scale.of(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(5));
    private static final ChaosStorm STORM = ChaosStorm.DEFAULTS.withLongestLife(Duration.ofSeconds(1));
    private static final int PAUSE_MILLIS = 25;
    private static final String CHANNEL = "chaos.browser";

    private static final String BEGIN = """
            async ([channel, transports]) => {
              const { Backoff, Parley } = await import(new URL('client/parley.js', document.baseURI));
              const hasty = new Backoff({ first: 20, longest: 500 });
              const parley = new Parley('channels', { name: 'browser', backoff: hasty, transports });
              const line = parley.channel(channel, { history: 1000 });
              const run = { came: [], acknowledged: [], failed: [], lost: 0, connections: 0, published: 0,
                ways: new Set() };
              globalThis.chaos = run;
              parley.onopen = () => run.connections++;
              parley.ontransport = event => run.ways.add(event.transport);
              line.onlost = () => run.lost++;
              line.onmessage = ({ message, data }) => {
                const [by, number] = data.text.split(' ');
                run.came.push([message.position, by, Number(number)]);
              };
              await new Promise(resolve => {
                line.onstatechange = () => line.state === 'live' && resolve();
              });
              const timer = setInterval(() => {
                const number = run.published++;
                line.publish({ text: `browser ${number}` }).then(
                  position => run.acknowledged.push([position, 'browser', number]),
                  error => run.failed.push(error.name));
              }, 25);
              run.stop = () => clearInterval(timer);
            }
            """;

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"websocket", "sse", "long-polling", "polling", "websocket, sse, long-polling, polling"})
    @Timeout(900)
    void nothingIsLostDoubledOrOutOfOrder(String transports, @TempDir Path data) throws Exception {
        try (PageServer server = PageServer.start(data, Map.of("parley.channels.chaos.history-size", "1000000"));
                ChaosProxy proxy = ChaosProxy.to(server.page());
                Chromium chromium = Chromium.start();
                PageUser user = chromium.user(proxy.through(server.page()));
                ChannelsClient undisturbed = server.speaker("undisturbed")) {
            Page page = user.enter("lobby").page();
            page.evaluate(BEGIN, List.of(CHANNEL, List.of(transports.split(", ", -1))));

            proxy.storm(STORM);
            List<List<Object>> told = publish(undisturbed);
            page.evaluate("() => chaos.stop()");
            proxy.pass();
            page.waitForFunction(
                    "others => chaos.acknowledged.length + chaos.failed.length === chaos.published"
                            + " && chaos.came.length >= others + chaos.acknowledged.length",
                    told.size(),
                    new Page.WaitForFunctionOptions().setTimeout(120_000));

            List<List<Object>> came = rows(page, "came");
            List<List<Object>> acknowledged = rows(page, "acknowledged");
            int doubled = came.size() - new HashSet<>(came).size();
            int disordered = disordered(came);
            List<List<Object>> stored = new ArrayList<>(told);
            stored.addAll(acknowledged);
            HashSet<List<Object>> missing = new HashSet<>(stored);
            missing.removeAll(new HashSet<>(came));
            int connections = ((Number) page.evaluate("() => chaos.connections")).intValue();
            Figures.print(String.format(
                    Locale.ROOT,
                    "browser client by %s, %d s of storm (%s): %d messages of others and %d of its own; lost %d, doubled %d,"
                            + " out of order %d; %d reconnects",
                    transports,
                    LASTING.toSeconds(),
                    proxy,
                    told.size(),
                    acknowledged.size(),
                    missing.size(),
                    doubled,
                    disordered,
                    connections - 1));

            assertThat(page.evaluate("() => chaos.failed.length")).isEqualTo(0);
            assertThat(page.evaluate("() => chaos.lost")).isEqualTo(0);
            assertThat(told).isNotEmpty();
            assertThat(acknowledged).isNotEmpty();
            assertThat((List<?>) page.evaluate("() => [...chaos.ways]"))
                    .isNotEmpty()
                    .allMatch(way -> List.of(transports.split(", ", -1)).contains(way));
            assertThat(missing).isEmpty();
            assertThat(doubled).isZero();
            assertThat(disordered).isZero();
            assertThat(came).as("nothing else").hasSameSizeAs(stored);
            assertThat(proxy.count(ChaosProxy.Deed.CUT) + proxy.count(ChaosProxy.Deed.RESET))
                    .as("the storm was one")
                    .isGreaterThan(2);
            user.forgiveOutage();
        }
    }

    /** Steadily, for as long as the storm lasts; gives what was acknowledged. */
    private static List<List<Object>> publish(ChannelsClient speaker) throws Exception {
        List<List<Object>> told = new ArrayList<>();
        CompletableFuture<Void> over = new CompletableFuture<>();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        long end = System.nanoTime() + LASTING.toNanos();
        ScheduledFuture<?> unused = clock.scheduleAtFixedRate(
                () -> {
                    if (over.isDone() || System.nanoTime() > end) {
                        over.complete(null);
                        return;
                    }
                    try {
                        int number = told.size();
                        String position = speaker.publish(CHANNEL, "undisturbed " + number);
                        told.add(List.of(position, "undisturbed", number));
                    } catch (Exception e) {
                        over.completeExceptionally(e);
                    }
                },
                0,
                PAUSE_MILLIS,
                TimeUnit.MILLISECONDS);
        try {
            over.get(LASTING.toSeconds() + 60, TimeUnit.SECONDS);
            return told;
        } finally {
            clock.shutdownNow();
        }
    }

    @SuppressWarnings("unchecked") // as the page's script has it
    private static List<List<Object>> rows(Page page, String name) {
        return (List<List<Object>>) page.evaluate("name => chaos[name]", name);
    }

    /** How many came whose place, or whose publisher's number, is not the next. */
    private static int disordered(List<List<Object>> came) {
        Map<Object, Integer> next = new HashMap<>();
        int disordered = 0;
        for (List<Object> row : came) {
            String position = (String) row.get(0);
            int offset = Integer.parseInt(position.substring(position.indexOf(':') + 1));
            int number = (Integer) row.get(2);
            boolean inPlace = next.getOrDefault("offset", 1) == offset;
            boolean inTurn = next.getOrDefault(row.get(1), 0) == number;
            disordered += inPlace && inTurn ? 0 : 1;
            next.put("offset", offset + 1);
            next.put(row.get(1), number + 1);
        }
        return disordered;
    }
}
