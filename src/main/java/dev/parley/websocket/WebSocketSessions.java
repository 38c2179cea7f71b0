package dev.parley.websocket;

import dev.parley.api.Credentials;
import dev.parley.api.Identity;
import dev.parley.channel.Encoded;
import dev.parley.channel.Subscription;
import dev.parley.concurrent.OrderedTasks;
import dev.parley.concurrent.OutcomeFuture;
import dev.parley.connection.CommandPipeline;
import dev.parley.connection.Connection;
import dev.parley.connection.Connections;
import dev.parley.connection.Publisher;
import dev.parley.connection.Transport;
import dev.parley.endpoint.ChannelSessions;
import dev.parley.protocol.Body;
import dev.parley.protocol.Command;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Reply;
import dev.parley.protocol.Start;
import dev.parley.security.Admission;
import dev.parley.security.ConnectionPermit;
import dev.parley.security.Guard;
import dev.parley.security.HandshakeProperties;
import dev.parley.security.HandshakeSender;
import jakarta.websocket.EncodeException;
import jakarta.websocket.Session;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Sessions of endpoints as connections: those that {@link ChannelSessions} joins to a channel, those that speak the whole
 * protocol, and those that are echoed.
 */
public final class WebSocketSessions implements ChannelSessions {
    /**
     * None, for every container; but with 0 Tyrus wakes a thread of its timer at each message, to find that there is
     * nothing to do, which costs more than the message.
     */
    private static final long NO_IDLE_TIMEOUT = -1;

    private static final String JOINED = "dev.parley.joined";

    private final Connections connections;
    private final Guard guard;
    private final TransportProvider provider;
    private final Set<EchoSession> echoes = ConcurrentHashMap.newKeySet();
    private final EndpointRepresentations representations;

    /**
     * @param identified is complete when it is known who the session's user is
     * @param permit its place among those of its address
     * @param outcomes runs what the endpoint makes depend on what it is given back
     */
    private record Joined(
            Connection connection,
            String channel,
            EndpointCodecs codecs,
            CompletionStage<Void> identified,
            ConnectionPermit permit,
            Executor outcomes) {}

    /**
     * @param guard counts the sessions whose handshake a filter has seen
     * @param codecs makes the endpoints' Encoders and Decoders
     */
    public WebSocketSessions(Connections connections, Guard guard, TransportProvider provider, CodecInstances codecs) {
        this.connections = connections;
        this.representations = new EndpointRepresentations(connections, codecs);
        this.guard = guard;
        this.provider = provider;
    }

    @Override
    public <T> CompletionStage<Position> join(Session session, String channel, Class<T> type) {
        return join(session, Start.now(channel), type);
    }

    @Override
    public <T> CompletionStage<Position> join(Session session, Start start, Class<T> type) {
        EndpointCodecs shared = representations.codecs(session);
        return join(session, start, type, push -> shared.delivered(push, type));
    }

    @Override
    public <T> CompletionStage<Position> join(
            Session session, Start start, Class<T> type, Function<Push, Optional<T>> mapping) {
        if (joined(session).isPresent()) {
            return CompletableFuture.failedFuture(new RefusedException(
                    ErrorCode.ALREADY_SUBSCRIBED, "A session joins one channel, and this one has joined one already."));
        }
        EncoderRepresentation representation = representations.of(session, type, mapping);
        Admission admission = admission(session);
        if (admission.permit().isEmpty()) {
            close(session, DisconnectCode.OVERLOADED);
            return CompletableFuture.failedFuture(new RefusedException(ErrorCode.UNAVAILABLE));
        }
        limitMessages(session, connections.limits().messageSize());
        Connection connection = connections
                .open(transport(session, admission.permit().get()), representation)
                .at(client(session));
        CompletionStage<Void> identified = connection.identify(shown(session));
        Executor outcomes = outcomes(session);
        session.getUserProperties()
                .put(
                        JOINED,
                        new Joined(
                                connection,
                                start.channel(),
                                representations.codecs(session),
                                identified,
                                admission.permit().get(),
                                outcomes));
        CompletionStage<Position> begun = identified
                .thenCompose(nothing -> connection.subscribe(start))
                .thenApply(WebSocketSessions::started)
                .whenComplete((position, failure) -> {
                    if (failure != null) {
                        connection.close(Refusals.end(failure));
                    }
                });
        return OutcomeFuture.of(begun, outcomes);
    }

    /** In the session's order, and not on the threads of the Encoders, which may wait for such an outcome. */
    private Executor outcomes(Session session) {
        return new OrderedTasks(connections.foreign(
                EndpointRepresentations.config(session).getEndpointClass().getName() + " outcomes"));
    }

    @Override
    public void publish(Session session, Object object) {
        answered(session, tryPublish(session, object));
    }

    @Override
    public void publish(Session session, Optional<String> key, Body body) {
        answered(session, tryPublish(session, key, body));
    }

    private void answered(Session session, CompletionStage<Position> published) {
        published.whenComplete((position, failure) -> {
            if (failure != null) {
                refuse(session, failure);
            }
        });
    }

    @Override
    public CompletionStage<Position> tryPublish(Session session, Object object) {
        Optional<Joined> joined = joined(session);
        if (joined.isEmpty()) {
            return CompletableFuture.failedFuture(new RefusedException(ErrorCode.NOT_SUBSCRIBED));
        }
        try {
            Encoded encoded = joined.get().codecs().encode(object);
            if (encoded instanceof Encoded.Text text) {
                return tryPublish(session, Optional.empty(), Body.json(text.text()));
            }
            Body.Binary body = new Body.Binary("application/octet-stream", ((Encoded.Binary) encoded).bytes());
            return tryPublish(session, Optional.empty(), body);
        } catch (EncodeException | RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletionStage<Position> tryPublish(Session session, Optional<String> key, Body body) {
        return joined(session)
                .map(joined -> {
                    joined.connection().heard();
                    CompletionStage<Position> published = joined.identified()
                            .thenCompose(nothing -> connections
                                    .interpreter()
                                    .publish(
                                            joined.connection().identity(),
                                            Publisher.of(joined.connection()),
                                            new Command.Publish(0, joined.channel(), key, body)))
                            .thenApply(Reply.Published::position);
                    return (CompletionStage<Position>) OutcomeFuture.of(published, joined.outcomes());
                })
                .orElseGet(() -> CompletableFuture.failedFuture(new RefusedException(ErrorCode.NOT_SUBSCRIBED)));
    }

    @Override
    public void reply(Session session, Object object) throws EncodeException {
        Optional<Joined> joined = joined(session);
        if (joined.isPresent()) {
            joined.get().connection().replyAsync(joined.get().codecs().encode(object));
        }
    }

    @Override
    public void refuse(Session session, Throwable failure) {
        Optional<Joined> joined = joined(session);
        RefusedException refusal =
                Refusals.of(EndpointRepresentations.name(session), joined.map(Joined::channel), failure);
        if (joined.isPresent()) {
            joined.get().connection().replyAsync(Refusals.encode(joined.get().codecs(), refusal));
        } else { // without a connection there is no turn in which to answer, nor a bound on what is not read
            Refusals.unheard(EndpointRepresentations.name(session), refusal);
            close(session, Refusals.end(refusal));
        }
    }

    @Override
    public void heard(Session session) {
        joined(session).ifPresent(joined -> joined.connection().heard());
    }

    @Override
    public Optional<Identity> identity(Session session) {
        return joined(session).map(joined -> joined.connection().identity());
    }

    @Override
    public void leave(Session session) {
        joined(session).ifPresent(joined -> {
            joined.connection().transportClosed();
            joined.permit().release();
        });
    }

    /** For the endpoint that speaks the whole protocol; empty when the client does not, and then the session closes. */
    Optional<WireSession> openWire(Session session, String subProtocol) {
        limitMessages(session, MOST);
        if (!subProtocol.equals(session.getNegotiatedSubprotocol())) {
            close(session, DisconnectCode.NO_SUB_PROTOCOL);
            return Optional.empty();
        }
        Admission admission = admission(session);
        if (admission.permit().isEmpty()) {
            close(session, DisconnectCode.OVERLOADED);
            return Optional.empty();
        }
        CommandPipeline pipeline =
                connections.converse(transport(session, admission.permit().get()), shown(session));
        pipeline.connection().at(client(session));
        // All that is needed of them is known now, and they would stay for as long as the session does
        HandshakeProperties.ALL.forEach(session.getUserProperties()::remove);
        return Optional.of(new WireSession(
                pipeline, connections.limits().messageSize(), admission.permit().get()::release));
    }

    /**
     * For the endpoint that gives back what it is sent, within the same limits; empty when there is no place for it.
     */
    Optional<EchoSession> echo(Session session) {
        limitMessages(session, connections.limits().messageSize());
        Admission admission = admission(session);
        if (admission.permit().isEmpty()) {
            close(session, DisconnectCode.OVERLOADED);
            return Optional.empty();
        }
        ConnectionPermit permit = admission.permit().get();
        EchoSession echo = new EchoSession(transport(session, permit), connections, permit);
        echoes.add(echo);
        return Optional.of(echo);
    }

    void ended(EchoSession echo) {
        echoes.remove(echo);
    }

    /**
     * Ends the echoes, which are no connections that the node knows of: Payara leaves the sessions of an application
     * that ends open, and with them all that the application has loaded.
     */
    public void endEchoes() {
        echoes.forEach(echo -> echo.close(DisconnectCode.RESTART));
    }

    /** Undertow looks at these and not at {@code @OnMessage(maxMessageSize)}; Tyrus the other way round. */
    private static void limitMessages(Session session, int bytes) {
        session.setMaxTextMessageBufferSize(bytes);
        session.setMaxBinaryMessageBufferSize(bytes);
        session.setMaxIdleTimeout(NO_IDLE_TIMEOUT);
    }

    /**
     * A place among the connections of its address. Standalone {@code grizzly} has given it one; on an application
     * server a filter sees where a WebSocket begins, and only here is seen where it ends.
     */
    private Admission admission(Session session) {
        return sender(session)
                .flatMap(HandshakeSender::countedAddress)
                .map(guard::admit)
                .orElse(Admission.UNCOUNTED);
    }

    private static Optional<String> client(Session session) {
        return sender(session).map(HandshakeSender::address);
    }

    /** Empty where the handshake has passed no door of ours. */
    private static Optional<HandshakeSender> sender(Session session) {
        return Optional.ofNullable((HandshakeSender) session.getUserProperties().get(HandshakeProperties.SENDER));
    }

    private Transport transport(Session session, ConnectionPermit permit) {
        return provider.of(session, usual(session, permit::release));
    }

    private WebSocketTransport usual(Session session, Runnable abandoned) {
        return new WebSocketTransport(session, connections.closing(), connections.pinging(), abandoned);
    }

    private static Position started(Subscription subscription) {
        subscription.start();
        return subscription.started().position();
    }

    /**
     * What the handshake shows: a token, the user whom the container has logged in, and of the address the name by
     * which a guest wants to be shown, since that is no secret.
     */
    private static Credentials shown(Session session) {
        return sender(session)
                .map(HandshakeSender::credentials)
                .or(() -> Optional.ofNullable(session.getUserPrincipal())
                        .map(user -> Credentials.loggedIn(user.getName())))
                .orElse(Credentials.NONE)
                .and(Optional.empty(), Optional.empty(), parameter(session, "name"));
    }

    private static Optional<String> parameter(Session session, String name) {
        return session.getRequestParameterMap().getOrDefault(name, List.of()).stream()
                .findFirst();
    }

    private void close(Session session, DisconnectCode code) {
        usual(session, () -> {}).close(code);
    }

    private static Optional<Joined> joined(Session session) {
        return Optional.ofNullable((Joined) session.getUserProperties().get(JOINED));
    }
}
