package dev.parley.benchmark.load;

import dev.parley.benchmark.load.Dialect.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Everybody is cut off, some messages are published meanwhile, and all come back at the same moment, with the position
 * they had. It ends when each has exactly what it missed.
 */
final class Storm implements Loop.Listener {
    private static final String ROOM = "bench.storm";
    private static final int PATIENCE_SECONDS = 60;
    private static final Pattern HEAD = Pattern.compile("\"head\":\"([^\"]+)\"");
    private static final Pattern POSITION = Pattern.compile("\"position\":\"([^\"]+)\"");

    private final Plan plan;
    private final Loop loop;
    private final int clients;
    private final int missed;
    private final Histogram latencies = new Histogram();
    private String position = "";
    private long started;
    private long expected;
    private int ready;
    private int answered;
    private int caughtUp;

    Storm(Plan plan) throws IOException {
        this.plan = plan;
        this.loop = new Loop(plan.dialect(), plan.number("port"), plan.number("size"), this);
        this.clients = plan.number("subscribers");
        this.missed = plan.number("missed");
    }

    Map<String, Double> run() throws IOException {
        Link publisher = Subscribers.publisher(loop, link -> ready == 1);
        publish(publisher, 0);
        ready = 0;
        List<Link> links = Subscribers.connect(
                loop, clients, () -> ready, index -> new Link(loop, index, Role.SUBSCRIBER, ROOM, "", 0));
        String before = position;
        links.forEach(Link::close);
        for (int i = 0; i < missed; i++) {
            publish(publisher, i);
        }
        return storm(before);
    }

    private Map<String, Double> storm(String before) throws IOException {
        expected = missed;
        long pid = plan.number("pid");
        long server = Cpu.micros(pid);
        long own = Cpu.own();
        started = System.nanoTime();
        List<Link> links = new ArrayList<>(clients);
        for (int i = 0; i < clients; i++) {
            links.add(new Link(loop, i, Role.SUBSCRIBER, ROOM, before, 0));
        }
        loop.until(() -> caughtUp == clients, PATIENCE_SECONDS, "catching up");
        double seconds = (System.nanoTime() - started) / 1e9;
        Map<String, Double> result = new LinkedHashMap<>();
        result.put("count", (double) clients);
        result.put("perSecond", clients / seconds);
        result.put("serverMicros", (double) (Cpu.micros(pid) - server) / clients);
        result.put("p50", latencies.percentile(50));
        result.put("p99", latencies.percentile(99));
        result.put("loadMicros", (double) (Cpu.own() - own) / clients);
        result.put("seconds", seconds);
        links.forEach(Link::close);
        return result;
    }

    /** When this returns it is committed. */
    private void publish(Link publisher, int number) throws IOException {
        int before = answered;
        publisher.send(loop.dialect.publish(number, ROOM, Body.of(Body.COUNTED, number, loop.size)));
        loop.until(() -> answered > before, PATIENCE_SECONDS, "publishing");
    }

    @Override
    public void ready(Link link) {
        ready++;
    }

    @Override
    public void message(Link link, long number, long now) {
        if (number != link.next) {
            throw link.gone("got message " + number + " where " + link.next + " was due");
        }
        if (++link.next == expected) {
            latencies.record(now - started, 1);
            caughtUp++;
        }
    }

    @Override
    public void answer(Link link, String text, long now) {
        Matcher told = (text.contains("\"published\"") ? POSITION : HEAD).matcher(text);
        if (told.find()) {
            position = told.group(1);
            answered++;
        }
    }
}
