package dev.parley.http;

import dev.parley.channel.Encoded;
import dev.parley.connection.Connection;
import dev.parley.connection.Connections;
import dev.parley.connection.Lease;
import dev.parley.connection.Leases;
import dev.parley.protocol.Command;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.JsonText;
import dev.parley.security.Holder;
import dev.parley.wire.WireWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;

/**
 * Reading from channels: at once, after a wait, or for as long as the client listens. No thread waits for any of it.
 */
final class ReadRequests {
    /** For how long a reader who stands behind is waited for until the log has been read; then it asks again. */
    private static final Duration LOG_PATIENCE = Duration.ofSeconds(10);

    private static final Encoded HEARTBEAT = Encoded.Text.of(":\n\n");
    private static final String RETRY = "retry: 2000\n\n";
    private static final String PADDING = ":" + " ".repeat(2048) + "\n\n";

    private final Connections connections;

    ReadRequests(Connections connections) {
        this.connections = connections;
    }

    /** A request that is carried out, also one that publishes: who sends it, whose share it is, and where its response goes. */
    record HttpExchange(HttpCaller caller, Holder holder, ResponseWriter response, boolean isHead) {
        /** The name of the client's connection, where the request did not show it. */
        Map<String, String> headers() {
            return caller.isNew()
                    ? Map.of(ConnectionName.HEADER, caller.connection().text())
                    : Map.of();
        }
    }

    /** Looks back. */
    void back(HttpExchange request, Command.History command) {
        connections
                .interpreter()
                .history(
                        request.caller().identity(),
                        request.holder(),
                        command,
                        connections.limits().batchSize())
                .whenComplete((history, failure) -> {
                    if (failure == null) {
                        WholeResponses.json(
                                request.response(), request.headers(), WireWriter.content(history), connections);
                    } else {
                        WholeResponses.problem(request.response(), Problem.from(failure), connections);
                    }
                });
    }

    /** Answers with what there is, or after a wait. */
    void poll(HttpExchange request, ReadQuery query) {
        PollTransport transport = new PollTransport(request.response(), pollHeaders(request), connections);
        Connection connection = connections.open(
                transport, JsonArrayRepresentation.LINE, request.caller().identity());
        connection.limitPushes(query.limit());
        request.response().whenGone(connection::transportClosed);
        // Who has not been told its connection's name yet is not seen: it would be another guest each time
        boolean seen = !request.caller().isNew() && !request.isHead();
        opening(request, query, connection, seen, cursors -> {
            cursors.start();
            transport.begin(cursors, connection);
            if (!transport.isAnswered()) {
                // Who must be told that something is gone is told at once
                boolean isWorthWaiting = query.waitSeconds() > 0 && !request.isHead() && cursors.isRecovered();
                if (isWorthWaiting) {
                    answerAfter(Duration.ofSeconds(query.waitSeconds()), connection);
                } else if (cursors.isAtEnd()) {
                    connection.reply(PollTransport.NOTHING);
                } else {
                    answerAfter(LOG_PATIENCE, connection);
                }
            }
        });
    }

    private static Map<String, String> pollHeaders(HttpExchange request) {
        Map<String, String> headers = new LinkedHashMap<>(request.headers());
        headers.put("Content-Type", "application/json");
        headers.put("Cache-Control", "no-store");
        return headers;
    }

    private void answerAfter(Duration wait, Connection connection) {
        Future<?> end = connections.after(wait, () -> connection.replyAsync(PollTransport.NOTHING));
        connection.whenClosed(() -> end.cancel(false));
    }

    /** Goes on until one of both ends it. */
    void stream(HttpExchange request, ReadQuery query) {
        ResponseWriter response = request.response();
        StreamTransport transport = new StreamTransport(response);
        SseRepresentation representation =
                query.starts().size() > 1 ? SseRepresentation.PLAIN : SseRepresentation.POSITIONED;
        Connection connection =
                connections.open(transport, representation, request.caller().identity());
        response.whenGone(connection::transportClosed);
        opening(request, query, connection, !request.isHead(), cursors -> {
            if (connection.isEnding()) {
                connection.transportClosed();
                WholeResponses.problem(
                        response,
                        new Problem(
                                ErrorCode.UNAVAILABLE,
                                "The server is stopping, or has as many connections as it may"
                                        + " (parley.limits.connections)."),
                        connections);
                return;
            }
            response.begin(200, StreamTransport.headers(request.headers()), ResponseWriter.UNKNOWN);
            if (request.isHead()) {
                connection.transportClosed();
                response.end();
                return;
            }
            connection.beat(Duration.ofSeconds(query.heartbeatSeconds()), HEARTBEAT);
            cursors.start();
            cursors.confuseLease();
            connection.reply(Encoded.Text.of(hello(request.caller(), query, cursors)));
            transport.begin(cursors);
        });
    }

    private static String hello(HttpCaller caller, ReadQuery query, RequestCursors cursors) {
        StringBuilder out = new StringBuilder(512);
        out.append(query.padding() ? PADDING : "").append(RETRY);
        cursors.onlyPosition()
                .ifPresent(position -> out.append("id: ").append(position).append('\n'));
        out.append("event: subscribed\ndata: {\"connection\":");
        JsonText.quote(out, caller.connection().publicName());
        out.append(",\"secret\":"); // for EventSource, which shows no headers
        JsonText.quote(out, caller.connection().text());
        out.append(",\"channels\":").append(cursors.started());
        out.append(",\"heartbeat\":").append(query.heartbeatSeconds()).append("}\n\n");
        return out.toString();
    }

    private interface Begin {
        void with(RequestCursors cursors);
    }

    /** What fails ends the connection, and is the answer. */
    private void opening(HttpExchange request, ReadQuery query, Connection connection, boolean seen, Begin begin) {
        try {
            Optional<Lease> lease = seen ? Optional.of(lease(request, connection)) : Optional.empty();
            RequestCursors.open(connections.interpreter(), query, connection, lease)
                    .thenAccept(begin::with)
                    .exceptionally(failure -> {
                        refuse(request, connection, failure);
                        return null;
                    });
        } catch (RuntimeException e) {
            refuse(request, connection, e);
        }
    }

    private Lease lease(HttpExchange request, Connection connection) {
        Leases leases = connections.leases();
        HttpCaller caller = request.caller();
        return leases.begin(
                caller.identity(), request.holder(), caller.connection().text(), connection);
    }

    private void refuse(HttpExchange request, Connection connection, Throwable failure) {
        connection.transportClosed();
        WholeResponses.problem(request.response(), Problem.from(failure), connections);
    }
}
