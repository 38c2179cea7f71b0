package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.parley.clients.ChannelsClient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A page and somebody whom nothing disturbs publish numbered messages on one channel; the page keeps a record of all that
 * comes. In the end it must have had everything once and in order.
 */
final class NumberedTraffic {
    private static final String BEGIN = """
            async ([channel, hops]) => {
              const module = path => import(new URL(`client/${path}.js`, document.baseURI));
              const [{ Backoff, Parley }, { webSocketTransport }, { httpTransport }] =
                await Promise.all(['parley', 'websocket-transport', 'http-transport'].map(module));
              const options = { name: 'browser', backoff: new Backoff({ first: 200 }) };
              const run = { came: [], acknowledged: [], failed: [], lost: 0, ways: [], published: 0 };
              if (hops) {
                const ways = [webSocketTransport, ...['sse', 'long-polling', 'polling'].map(httpTransport)];
                options.transport = (...given) => {
                  const way = Math.floor(Math.random() * ways.length);
                  run.ways.push(way);
                  return ways[way](...given);
                };
              }
              const parley = new Parley('channels', options);
              const line = parley.channel(channel, { history: 1000 });
              globalThis.run = run;
              run.parley = parley;
              parley.ontransport = event => hops || run.ways.push(event.transport);
              parley.onlost = () => run.lost++;
              line.onmessage = ({ message, data }) => run.came.push(`${message.position} ${data.text}`);
              run.publish = () => {
                const text = `browser ${run.published++}`;
                line.publish({ text }).then(
                  position => run.acknowledged.push(`${position} ${text}`), error => run.failed.push(error.name));
              };
              await new Promise(resolve => {
                line.onstatechange = () => line.state === 'live' && resolve();
              });
            }
            """;

    private static final int PATIENCE_MILLIS = 60_000;

    private final Page page;
    private final ChannelsClient speaker;
    private final String channel;
    private final List<String> told = new ArrayList<>();

    private NumberedTraffic(Page page, ChannelsClient speaker, String channel) {
        this.page = page;
        this.speaker = speaker;
        this.channel = channel;
    }

    /** @param hops whether each of its connections is of a transport by chance */
    static NumberedTraffic begin(Page page, ChannelsClient speaker, String channel, boolean hops) {
        page.evaluate(BEGIN, List.of(channel, hops));
        return new NumberedTraffic(page, speaker, channel);
    }

    /** One message of each. */
    void goOn() throws Exception {
        page.evaluate("() => run.publish()");
        String text = "undisturbed " + told.size();
        told.add(speaker.publish(channel, text) + " " + text);
    }

    /** Makes the page begin another connection. */
    void reconnect(int number) {
        page.evaluate("number => run.parley.rename(`browser ${number}`)", number);
    }

    /** What carries the conversation now. */
    void awaitTransport(String name) {
        page.waitForFunction(
                "name => run.parley.transport === name",
                name,
                new Page.WaitForFunctionOptions().setTimeout(PATIENCE_MILLIS));
    }

    /** Once all is there that will be. @return what the page says of it, for the figures */
    String checked() {
        page.waitForFunction(
                "others => run.acknowledged.length + run.failed.length === run.published"
                        + " && run.came.length >= others + run.acknowledged.length",
                told.size(),
                new Page.WaitForFunctionOptions().setTimeout(PATIENCE_MILLIS));
        List<String> came = rows("came");
        List<String> acknowledged = rows("acknowledged");
        List<String> stored = new ArrayList<>(told);
        stored.addAll(acknowledged);
        Set<String> missing = new HashSet<>(stored);
        missing.removeAll(new HashSet<>(came));
        int doubled = came.size() - new HashSet<>(came).size();
        long disordered = IntStream.range(0, came.size())
                .filter(i -> !came.get(i).split(" ", -1)[0].endsWith(":" + (i + 1)))
                .count();
        String found = came.size() + " messages, lost " + missing.size() + ", doubled " + doubled + ", out of order "
                + disordered;
        assertThat(rows("failed")).isEmpty();
        assertThat(page.evaluate("() => run.lost")).isEqualTo(0);
        assertThat(missing).as(found).isEmpty();
        assertThat(doubled).as(found).isZero();
        assertThat(disordered).as(found).isZero();
        assertThat(came).as("nothing else").hasSameSizeAs(stored);
        assertThat(acknowledged.stream().map(row -> row.substring(row.indexOf(' ') + 1)))
                .as("its own in the order in which it published them")
                .containsExactlyElementsOf(IntStream.range(0, acknowledged.size())
                        .mapToObj(number -> "browser " + number)
                        .toList());
        return found;
    }

    @SuppressWarnings("unchecked") // as the page's script has it
    private List<String> rows(String name) {
        return (List<String>) page.evaluate("name => run[name]", name);
    }
}
