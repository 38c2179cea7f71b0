package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.parley.endpoint.GuestsAllowed;
import dev.parley.testing.TestTokens;
import jakarta.enterprise.context.ContextNotActiveException;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a team's endpoint is told of who comes and by what address, and what it is made of. */
@Timeout(120)
class EndpointContractTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    private final TestTokens tokens = new TestTokens();

    @TempDir
    private Path folder;

    /** Says who it takes its client for. */
    @ServerEndpoint(value = "/who", configurator = WhoEndpoint.Roles.class)
    public static class WhoEndpoint {
        public static class Roles extends ServerEndpointConfig.Configurator {
            @Override
            public void modifyHandshake(
                    ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
                config.getUserProperties().put("trader", request.isUserInRole("trader"));
                config.getUserProperties().put("clerk", request.isUserInRole("clerk"));
                response.getHeaders()
                        .put("Set-Cookie", List.of("a=1; Path=/", "b=2; Expires=Wed, 21 Oct 2037 07:28:00 GMT"));
            }
        }

        @OnMessage
        public String who(String asked, Session session) {
            Principal user = session.getUserPrincipal();
            return (user == null ? "nobody" : user.getName())
                    + (Boolean.TRUE.equals(session.getUserProperties().get("trader")) ? " trader" : "")
                    + (Boolean.TRUE.equals(session.getUserProperties().get("clerk")) ? " clerk" : "");
        }
    }

    @GuestsAllowed
    @ServerEndpoint("/open")
    public static class OpenEndpoint {
        @OnMessage
        public String echo(String text) {
            return text;
        }
    }

    /** Says what it was asked with. */
    @ServerEndpoint("/path/{a}/{b}")
    public static class PathEndpoint {
        @OnMessage
        public String path(
                String asked,
                Session session,
                @PathParam("a") String a,
                @PathParam("b") String b,
                @PathParam("c") String c) {
            return a + " " + b + " " + c + " " + new TreeMap<>(session.getRequestParameterMap());
        }
    }

    /** Makes its instances by the container, and something besides. */
    @ServerEndpoint(value = "/made", configurator = MadeEndpoint.Maker.class)
    public static class MadeEndpoint {
        public static class Maker extends ServerEndpointConfig.Configurator {
            @Override
            public <T> T getEndpointInstance(Class<T> type) throws InstantiationException {
                T made = super.getEndpointInstance(type);
                ((MadeEndpoint) made).made = true;
                return made;
            }
        }

        @Inject
        BeanManager beans;

        private boolean made;
        private boolean opened;

        @OnOpen
        public void open() {
            opened = isInRequest();
        }

        @OnMessage
        public String message(String text) {
            return made + " " + opened + " " + isInRequest();
        }

        private boolean isInRequest() {
            try {
                return beans.getContext(RequestScoped.class).isActive();
            } catch (ContextNotActiveException e) {
                return false;
            }
        }
    }

    @Test
    void an_endpoint_sees_the_verified_user_and_its_roles_or_nobody() throws Exception {
        try (StandaloneServer server = start(Map.of("parley.auth.secret", SECRET), WhoEndpoint.class)) {
            JWTClaimsSet claims = TestTokens.claims("ann", "trader").build();
            String ann = tokens.signed(SECRET, claims);
            String expired = tokens.signed(SECRET, TestTokens.expired("ann"));
            String forged = tokens.signed(SECRET.toUpperCase(Locale.ROOT), claims);
            String unsigned = tokens.unsigned(claims);

            assertThat(who(server)).isEqualTo("nobody");
            assertThat(who(server, "Authorization: Bearer " + ann)).isEqualTo("ann trader");
            assertThat(who(server, "Cookie: parley-token=" + ann)).isEqualTo("ann trader");
            assertThat(who(server, "Authorization: Bearer " + expired)).isEqualTo("nobody");
            assertThat(who(server, "Authorization: Bearer " + forged)).isEqualTo("nobody");
            assertThat(who(server, "Authorization: Bearer " + unsigned)).isEqualTo("nobody");
            assertThat(who(server, "Authorization: Bearer x.y.z")).isEqualTo("nobody");
        }
    }

    @Test
    void a_user_is_waited_for_whose_key_is_still_to_be_read() throws Exception {
        Path keys = Files.writeString(folder.resolve("keys.json"), TestTokens.jwks(TestTokens.rsa()));
        try (StandaloneServer server = start(
                Map.of(
                        "parley.auth.jwks",
                        keys.toString(),
                        "parley.auth.issuer",
                        TestTokens.ISSUER,
                        "parley.auth.audience",
                        TestTokens.AUDIENCE),
                WhoEndpoint.class)) {
            assertThat(who(server, "Authorization: Bearer " + tokens.of("ann", "clerk")))
                    .isEqualTo("ann clerk");
        }
    }

    @Test
    void where_no_guests_are_let_in_every_endpoint_is_shut_to_them_but_those_that_say_otherwise() throws Exception {
        try (StandaloneServer server = start(
                Map.of("parley.auth.secret", SECRET, "parley.auth.guests", "false"),
                WhoEndpoint.class,
                OpenEndpoint.class)) {
            String ann = tokens.signed(SECRET, TestTokens.claims("ann").build());

            assertThat(handshake(server, "/who")).startsWith("HTTP/1.1 401 ").contains("WWW-Authenticate: Bearer\r\n");
            assertThat(handshake(server, "/who", "Authorization: Bearer x.y.z")).startsWith("HTTP/1.1 401 ");
            assertThat(handshake(server, "/echo")).startsWith("HTTP/1.1 401 ");
            assertThat(who(server, "Authorization: Bearer " + ann)).isEqualTo("ann");
            assertThat(answer(server, "/open", "hello")).isEqualTo("hello");
            // It asks by its own commands
            assertThat(handshake(server, "/channels", "Sec-WebSocket-Protocol: v1.parley"))
                    .startsWith("HTTP/1.1 101 ");
        }
    }

    @Test
    void two_cookies_of_a_handshake_stay_two() throws Exception {
        try (StandaloneServer server = start(Map.of(), WhoEndpoint.class)) {
            assertThat(handshake(server, "/who"))
                    .contains("\r\nSet-Cookie: a=1; Path=/\r\n")
                    .contains("\r\nSet-Cookie: b=2; Expires=Wed, 21 Oct 2037 07:28:00 GMT\r\n");
        }
    }

    @Test
    void parameters_of_the_path_and_of_the_query_are_both_told_and_neither_for_the_other() throws Exception {
        try (StandaloneServer server = start(Map.of(), PathEndpoint.class)) {
            assertThat(answer(server, "/path/x/y?a=1&a=2&q=3", "")).isEqualTo("x y null {a=[x, 1, 2], b=[y], q=[3]}");
            assertThat(answer(server, "/path/x/y?c=1", "")).isEqualTo("x y null {a=[x], b=[y], c=[1]}");
            assertThat(handshake(server, "/path//y")).startsWith("HTTP/1.1 404 ");
            assertThat(handshake(server, "/path/x/")).startsWith("HTTP/1.1 404 ");
        }
    }

    @Test
    void what_a_configurator_has_made_by_the_containers_own_has_everything_injected_and_a_request_context()
            throws Exception {
        try (StandaloneServer server = start(Map.of(), MadeEndpoint.class)) {
            assertThat(answer(server, "/made", "")).isEqualTo("true true true");
        }
    }

    /** Is programmed, and added to a server that runs. */
    public static class LateEndpoint extends Endpoint {
        @Override
        public void onOpen(Session session, EndpointConfig config) {
            session.addMessageHandler(String.class, text -> {
                Future<Void> unused = session.getAsyncRemote().sendText("late " + text);
            });
        }
    }

    /** Adds another. */
    @ServerEndpoint("/adds")
    public static class AddingEndpoint {
        @OnMessage
        public String add(String what, Session session) throws DeploymentException {
            ServerContainer container = (ServerContainer) session.getContainer();
            container.addEndpoint(OpenEndpoint.class);
            container.addEndpoint(ServerEndpointConfig.Builder.create(LateEndpoint.class, "/late")
                    .build());
            return "added";
        }
    }

    @Test
    void an_endpoint_that_is_added_to_a_server_that_runs_is_served() throws Exception {
        try (StandaloneServer server = start(Map.of(), AddingEndpoint.class)) {
            assertThat(answer(server, "/adds", "")).isEqualTo("added");

            assertThat(answer(server, "/open", "a")).isEqualTo("a");
            assertThat(answer(server, "/late", "b")).isEqualTo("late b");
        }
    }

    private static String who(StandaloneServer server, String... headers) throws IOException {
        return answer(server, "/who", "", headers);
    }

    private static String handshake(StandaloneServer server, String path, String... headers) throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            return socket.handshake(path, headers);
        }
    }

    /** To a text, of fewer than 126 bytes. */
    private static String answer(StandaloneServer server, String path, String text, String... headers)
            throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            assertThat(socket.handshake(path, headers)).startsWith("HTTP/1.1 101 ");
            socket.send(RawSocket.frame(0x81, text.getBytes(StandardCharsets.UTF_8)));
            byte[] head = socket.read(2);
            assertThat(head[0]).isEqualTo((byte) 0x81);
            return new String(socket.read(head[1]), StandardCharsets.UTF_8);
        }
    }

    private StandaloneServer start(Map<String, String> further, Class<?>... endpoints) {
        Map<String, String> settings = new HashMap<>(further);
        settings.put("parley.port", "0");
        settings.put("parley.data", folder.resolve("data").toString());
        return StandaloneServer.start(StandaloneSettings.read(settings, Optional.empty()), endpoints);
    }
}
