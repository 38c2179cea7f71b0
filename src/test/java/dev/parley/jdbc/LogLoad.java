package dev.parley.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.log.Log;
import dev.parley.log.LogTrimmer;
import dev.parley.log.LogWriter;
import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import dev.parley.log.RecordingListener;
import dev.parley.log.Retention;
import dev.parley.log.RetentionPolicies;
import dev.parley.log.WriterLimits;
import dev.parley.log.WriterStatus;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Publishers who go on publishing whatever happens to the store, each message with a key, again and again until it is
 * acknowledged; and afterwards a look at whether everything that was acknowledged is there.
 */
public final class LogLoad implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int PUBLISHERS = 8;
    private static final List<String> CHANNELS = List.of("load.a", "load.b", "load.c");
    /** Trimmed all the time, so that the trimmer too is in the middle of something when the store goes. */
    private static final String TRIMMED = "trimmed";

    private final ExecutorService writing = Executors.newSingleThreadExecutor();
    private final ExecutorService publishing = Executors.newFixedThreadPool(2);
    private final ScheduledExecutorService trimming = Executors.newSingleThreadScheduledExecutor();
    private final RecordingListener listener = new RecordingListener();
    private final Map<String, Position> acknowledged = new ConcurrentHashMap<>();
    private final Queue<Outcome> unexpected = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicLong numbers = new AtomicLong();
    private volatile boolean stopping;
    private final LogWriter writer;
    private final LogTrimmer trimmer;

    public LogLoad(JdbcLog log) {
        writer = new LogWriter(log, writing, listener, WriterLimits.DEFAULT, LogContract.INLINE);
        trimmer = LogTrimmer.start(log, new LoadRetentions(), trimming, Duration.ofMillis(1));
        for (int i = 0; i < PUBLISHERS; i++) {
            next();
        }
    }

    int acknowledged() {
        return acknowledged.size();
    }

    int refused() {
        return refused.get();
    }

    public WriterStatus status() {
        return writer.status();
    }

    public void awaitMoreAcknowledged(int more) {
        int before = acknowledged();
        await().atMost(PATIENCE).until(() -> acknowledged() >= before + more);
    }

    public void awaitMoreRefused(int more) {
        int before = refused();
        await().atMost(PATIENCE).until(() -> refused() >= before + more);
    }

    /** The trimmer may have left the writer a connection that was broken before: then one more attempt is needed. */
    public void awaitAvailable() {
        await().atMost(PATIENCE).until(() -> status().available());
    }

    private void next() {
        publish(numbers.incrementAndGet());
    }

    private void publish(long number) {
        if (stopping) {
            return;
        }
        int index = (int) (number % (CHANNELS.size() + 1));
        String channel = index < CHANNELS.size() ? CHANNELS.get(index) : TRIMMED;
        Body body = new Body.Json("\"" + number + " " + "x".repeat(500) + "\"");
        Publication publication =
                new Publication(channel, Optional.of("k" + number), LogContract.ANN, Instant.now(), body);
        writer.publish(publication, outcome -> publishing.execute(() -> answered(number, publication, outcome)));
    }

    private void answered(long number, Publication publication, Outcome outcome) {
        if (publication.channel().equals(TRIMMED)) {
            next();
        } else if (outcome instanceof Outcome.Appended appended) {
            acknowledged.put(name(publication), appended.position());
            next();
        } else if (outcome instanceof Outcome.Repeated repeated) {
            acknowledged.put(name(publication), repeated.position());
            next();
        } else {
            if (!outcome.equals(new Outcome.Refused(ErrorCode.UNAVAILABLE))) {
                unexpected.add(outcome);
            }
            refused.incrementAndGet();
            publish(number);
        }
    }

    private static String name(Publication publication) {
        return publication.channel() + " " + ((Body.Json) publication.body()).text();
    }

    /** Ends the load; the log can then be closed. */
    @Override
    public void close() {
        stopping = true;
        trimmer.close();
        writer.close();
        for (ExecutorService executor : List.of(trimming, writing, publishing)) {
            executor.shutdown();
            await().atMost(PATIENCE).until(executor::isTerminated);
        }
    }

    /** All that was acknowledged is in the log, at its position; nothing is there twice; nothing delivered is missing. */
    public void assertKeptIn(Log log) {
        assertThat(unexpected)
                .as("refused for another reason than that the log was away")
                .isEmpty();
        Map<String, Position> stored = new HashMap<>();
        for (String channel : CHANNELS) {
            Set<String> texts = new HashSet<>();
            for (Message message : all(log, channel)) {
                String text = LogContract.textOf(message);
                assertThat(texts.add(text)).as("stored once").isTrue();
                stored.put(channel + " " + text, message.position());
            }
        }
        assertThat(stored).containsAllEntriesOf(acknowledged);
        List<String> delivered = new ArrayList<>();
        for (Message message : listener.messages()) {
            if (message.channel().equals(TRIMMED)) {
                continue;
            }
            String name = message.channel() + " " + LogContract.textOf(message);
            delivered.add(name);
            assertThat(stored).containsEntry(name, message.position());
        }
        assertThat(delivered).doesNotHaveDuplicates();
    }

    private static List<Message> all(Log log, String channel) {
        List<Message> all = new ArrayList<>();
        List<Message> next = log.read(channel, 0, 1000, 10_000_000).messages();
        while (!next.isEmpty()) {
            all.addAll(next);
            next = log.read(channel, all.size(), 1000, 10_000_000).messages();
        }
        return all;
    }

    private static final class LoadRetentions implements RetentionPolicies {
        @Override
        public Retention of(String namespace) {
            return new Retention(namespace.equals(TRIMMED) ? 1 : 1_000_000, Duration.ofDays(1));
        }

        @Override
        public Duration keyAge() {
            return Duration.ofDays(1);
        }
    }
}
