package dev.parley.http;

import dev.parley.channel.Encoded;
import dev.parley.connection.Connection;
import dev.parley.connection.Connections;
import dev.parley.connection.Lease;
import dev.parley.connection.Leases;
import dev.parley.protocol.Command;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Json;
import dev.parley.protocol.WireWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;

/** Reading from channels: at once, after a wait, or for as long as the client listens. No thread waits for any of it. */
final class Reads {
    /** For how long a reader who stands behind is waited for until the log has been read; then it asks again. */
    private static final Duration LOG_PATIENCE = Duration.ofSeconds(10);

    private static final Encoded HEARTBEAT = Encoded.Text.of(":\n\n");
    private static final String RETRY = "retry: 2000\n\n";
    private static final String PADDING = ":" + " ".repeat(2048) + "\n\n";

    private final Connections connections;

    Reads(Connections connections) {
        this.connections = connections;
    }

    /** What a request is about, whatever it reads. */
    record Asked(Visitor visitor, Answer answer, boolean isHead) {
        /** The name of the client's connection, where the request did not show it. */
        Map<String, String> headers() {
            return visitor.isNew()
                    ? Map.of(ConnectionName.HEADER, visitor.connection().text())
                    : Map.of();
        }
    }

    /** Looks back. */
    void back(Asked asked, Command.History command) {
        connections
                .interpreter()
                .history(
                        asked.visitor().identity(),
                        command,
                        connections.limits().batchSize())
                .whenComplete((history, failure) -> {
                    if (failure == null) {
                        Answers.json(asked.answer(), asked.headers(), WireWriter.content(history), connections);
                    } else {
                        Answers.problem(asked.answer(), Problem.from(failure), connections);
                    }
                });
    }

    /** Answers with what there is, or after a wait. */
    void poll(Asked asked, ReadQuery query) {
        PollTransport transport = new PollTransport(asked.answer(), pollHeaders(asked), connections);
        Connection connection =
                connections.open(transport, LineForm.LINE, asked.visitor().identity());
        connection.limitPushes(query.limit());
        asked.answer().whenGone(connection::closed);
        // Who has not been told its connection's name yet is not seen: it would be another guest each time
        boolean seen = !asked.visitor().isNew() && !asked.isHead();
        opening(asked, query, connection, seen, reading -> {
            reading.start();
            transport.begin(reading, connection);
            if (!transport.isAnswered()) {
                boolean isWorthWaiting = query.waitSeconds() > 0 && !asked.isHead();
                if (isWorthWaiting) {
                    answerAfter(Duration.ofSeconds(query.waitSeconds()), connection);
                } else if (reading.isAtEnd()) {
                    connection.reply(PollTransport.NOTHING);
                } else {
                    answerAfter(LOG_PATIENCE, connection);
                }
            }
        });
    }

    private static Map<String, String> pollHeaders(Asked asked) {
        Map<String, String> headers = new LinkedHashMap<>(asked.headers());
        headers.put("Content-Type", "application/json");
        headers.put("Cache-Control", "no-store");
        return headers;
    }

    private void answerAfter(Duration wait, Connection connection) {
        Future<?> end = connections.after(wait, () -> connection.replyElsewhere(PollTransport.NOTHING));
        connection.whenClosed(() -> end.cancel(false));
    }

    /** Goes on until one of both ends it. */
    void stream(Asked asked, ReadQuery query) {
        Answer answer = asked.answer();
        StreamTransport transport = new StreamTransport(answer);
        EventForm form = query.starts().size() > 1 ? EventForm.PLAIN : EventForm.POSITIONED;
        Connection connection =
                connections.open(transport, form, asked.visitor().identity());
        answer.whenGone(connection::closed);
        opening(asked, query, connection, !asked.isHead(), reading -> {
            if (connection.isEnding()) {
                connection.closed();
                Answers.problem(
                        answer,
                        new Problem(
                                ErrorCode.UNAVAILABLE,
                                "The server is stopping, or has as many connections as it may"
                                        + " (parley.limits.connections)."),
                        connections);
                return;
            }
            answer.begin(200, StreamTransport.headers(asked.headers()), Answer.UNKNOWN);
            if (asked.isHead()) {
                connection.closed();
                answer.end();
                return;
            }
            connection.beat(Duration.ofSeconds(query.heartbeatSeconds()), HEARTBEAT);
            reading.start();
            reading.confuseLease();
            connection.reply(Encoded.Text.of(hello(asked.visitor(), query, reading)));
            transport.begin(reading);
        });
    }

    private static String hello(Visitor visitor, ReadQuery query, Reading reading) {
        StringBuilder out = new StringBuilder(512);
        out.append(query.padding() ? PADDING : "").append(RETRY);
        reading.onlyPosition()
                .ifPresent(position -> out.append("id: ").append(position).append('\n'));
        out.append("event: subscribed\ndata: {\"connection\":");
        Json.quote(out, visitor.connection().text());
        out.append(",\"channels\":").append(reading.started());
        out.append(",\"heartbeat\":").append(query.heartbeatSeconds()).append("}\n\n");
        return out.toString();
    }

    private interface Begin {
        void with(Reading reading);
    }

    /** What fails ends the connection, and is the answer. */
    private void opening(Asked asked, ReadQuery query, Connection connection, boolean seen, Begin begin) {
        try {
            Optional<Lease> lease = seen ? Optional.of(lease(asked.visitor(), connection)) : Optional.empty();
            Reading.open(connections.interpreter(), query, connection, lease)
                    .thenAccept(begin::with)
                    .exceptionally(failure -> {
                        refuse(asked, connection, failure);
                        return null;
                    });
        } catch (RuntimeException e) {
            refuse(asked, connection, e);
        }
    }

    private Lease lease(Visitor visitor, Connection connection) {
        Leases leases = connections.leases();
        return leases.begin(visitor.identity(), visitor.connection().text(), connection);
    }

    private void refuse(Asked asked, Connection connection, Throwable failure) {
        connection.closed();
        Answers.problem(asked.answer(), Problem.from(failure), connections);
    }
}
