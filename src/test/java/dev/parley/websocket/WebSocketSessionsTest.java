package dev.parley.websocket;

import static dev.parley.testing.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import dev.parley.security.Guard;
import dev.parley.security.HandshakeProperties;
import dev.parley.security.HostPolicy;
import dev.parley.security.Limits;
import dev.parley.security.OriginPolicy;
import dev.parley.testing.ManualNode;
import dev.parley.testing.ScriptedTransport;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A session of a team's own endpoint is bound by what binds every connection. */
class WebSocketSessionsTest {
    private static final int MOST = 256;

    private final ManualNode node = new ManualNode();
    private final Guard guard = new Guard(HostPolicy.open(List.of()), new OriginPolicy(List.of()), Limits.DEFAULTS);
    private final WebSocketSessions sessions = new WebSocketSessions(
            node.connections(), guard, (session, usual) -> new ScriptedTransport(), CodecInstances.PLAIN);

    @Test
    void publishes_under_way_are_bounded() {
        Session one = joined();
        Session other = joined();
        node.executors.writer().hold();
        List<CompletionStage<Position>> results = new ArrayList<>();
        for (int i = 0; i < MOST + 44; i++) {
            results.add(publish(one));
        }
        CompletionStage<Position> others = publish(other);

        assertThat(results.subList(MOST, MOST + 44))
                .allMatch(result -> refusal(result).code() == ErrorCode.TOO_MANY_PUBLISHES);
        node.executors.writer().letGo();
        node.run();
        assertThat(results.subList(0, MOST)).allMatch(result -> isDone(result));
        assertThat(isDone(others)).isTrue();
    }

    @Test
    void a_session_that_joins_a_second_time_is_told_that_it_has_joined() {
        Session session = joined();

        RefusedException refused = refusal(sessions.join(session, "other.desk", Object.class));

        assertThat(refused.code()).isEqualTo(ErrorCode.ALREADY_SUBSCRIBED);
        assertThat(refused.reason()).isEqualTo("A session joins one channel, and this one has joined one already.");
    }

    private static boolean isDone(CompletionStage<Position> result) {
        return result.toCompletableFuture().isDone()
                && !result.toCompletableFuture().isCompletedExceptionally();
    }

    private CompletionStage<Position> publish(Session session) {
        return sessions.tryPublish(session, Optional.empty(), new Body.Json("1"));
    }

    private Session joined() {
        ServerEndpointConfig config =
                ServerEndpointConfig.Builder.create(Object.class, "/desk").build();
        Map<String, Object> properties = new HashMap<>(Map.of(HandshakeProperties.CONFIG, config));
        Session session = (Session) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Session.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getUserProperties" -> properties;
                    case "getRequestParameterMap" -> Map.of();
                    default -> null;
                });
        CompletionStage<Position> joined = sessions.join(session, "desk", Object.class);
        node.run();
        assertThat(isDone(joined)).isTrue();
        return session;
    }
}
