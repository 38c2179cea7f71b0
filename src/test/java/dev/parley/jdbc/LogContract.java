package dev.parley.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.log.Log;
import dev.parley.log.LogCapacity;
import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import dev.parley.log.Retention;
import dev.parley.log.RetentionPolicies;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.Member;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** What every log must do, whatever stores it: what all its contracts are written with. */
public interface LogContract {
    int INLINE = 64 * 1024;
    Member ANN = new Member("ann", Optional.of("Ann"));
    Member BOB = new Member("bob", Optional.empty());

    /** When all is published, and where the clock of the nodes stands: what is kept for a day is kept on any day. */
    Instant NOON = Instant.parse("2026-11-22T12:00:00.123Z");

    /** A log over this test's store: each call is another node, or the same one after a restart. */
    JdbcLog node(Clock clock);

    default JdbcLog node() {
        return node(Clock.fixed(NOON, ZoneOffset.UTC));
    }

    /** Another node, which may let the log grow so far. */
    JdbcLog node(LogCapacity capacity);

    /** Where the log keeps what it keeps. */
    DataSource source();

    /** The store was closed by all and is opened anew. */
    void restartStore();

    static void trimAll(Log log, Retention retention) {
        RetentionPolicies retentions = retentions(retention);
        while (log.trim(retentions)) {}
    }

    static RetentionPolicies retentions(Retention retention) {
        return new RetentionPolicies() {
            @Override
            public Retention of(String namespace) {
                return retention;
            }

            @Override
            public Duration keyAge() {
                return Duration.ofDays(1);
            }
        };
    }

    static Publication text(String channel, int number) {
        return new Publication(channel, Optional.empty(), ANN, NOON, new Body.Json("" + number));
    }

    static Publication keyed(String channel, String key, Member from, String json) {
        return new Publication(channel, Optional.of(key), from, NOON, new Body.Json(json));
    }

    static Publication binary(String channel, byte[] bytes) {
        Body body = new Body.Binary("image/png", Bytes.wrap(bytes));
        return new Publication(channel, Optional.empty(), ANN, NOON, body);
    }

    static void append(Log log, String channel, int count) {
        log.append(IntStream.range(0, count).mapToObj(i -> text(channel, i)).toList());
    }

    static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + i / 251);
        }
        return bytes;
    }

    static Position position(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Appended.class);
        return ((Outcome.Appended) outcome).position();
    }

    static List<Long> offsets(List<Outcome> outcomes) {
        return outcomes.stream().map(outcome -> position(outcome).offset()).toList();
    }

    static List<Long> offsetsOf(List<Message> messages) {
        return messages.stream().map(message -> message.position().offset()).toList();
    }

    static String textOf(Message message) {
        return ((Body.Json) message.body()).text();
    }

    static <T> List<T> inParallel(List<Callable<T>> tasks) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(tasks.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> future : executor.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } finally {
            executor.shutdown();
        }
    }
}
