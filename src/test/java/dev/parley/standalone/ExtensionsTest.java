package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.websocket.Extension;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.glassfish.tyrus.core.TyrusExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which extensions are agreed on is up to an endpoint's Configurator, and everybody is told the same. */
@Timeout(60)
class ExtensionsTest {
    private static final String OFFER =
            "Sec-WebSocket-Extensions: x-one; a=1, permessage-deflate; client_max_window_bits";

    private static StandaloneServer server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = StandaloneServer.start(
                StandaloneSettings.read(
                        Map.of("parley.port", "0", "parley.data", folder.toString(), "parley.compression", "true"),
                        Optional.empty()),
                Usual.class,
                None.class,
                Own.class,
                Removed.class);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String told(List<Extension> extensions) {
        return extensions.stream()
                .map(extension -> extension.getName()
                        + extension.getParameters().stream()
                                .map(one -> ";" + one.getName() + (one.getValue() == null ? "" : "=" + one.getValue()))
                                .collect(Collectors.joining()))
                .collect(Collectors.joining(","));
    }

    @ServerEndpoint("/extensions/usual")
    public static class Usual {
        @OnMessage
        public String text(Session session, String text) {
            return told(session.getNegotiatedExtensions());
        }
    }

    @ServerEndpoint(value = "/extensions/none", configurator = None.Choosing.class)
    public static class None extends Usual {
        @Override
        @OnMessage
        public String text(Session session, String text) {
            return super.text(session, text);
        }

        public static class Choosing extends ServerEndpointConfig.Configurator {
            @Override
            public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
                return List.of();
            }
        }
    }

    @ServerEndpoint(value = "/extensions/own", configurator = Own.Choosing.class)
    public static class Own extends Usual {
        private static volatile String asked = "";

        @Override
        @OnMessage
        public String text(Session session, String text) {
            return asked + " " + super.text(session, text);
        }

        public static class Choosing extends ServerEndpointConfig.Configurator {
            @Override
            public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
                asked = told(installed) + " of " + told(requested);
                return List.of(new TyrusExtension("x-one", requested.get(0).getParameters()), requested.get(1));
            }
        }
    }

    @ServerEndpoint(value = "/extensions/removed", configurator = Removed.Choosing.class)
    public static class Removed extends Usual {
        @Override
        @OnMessage
        public String text(Session session, String text) {
            return super.text(session, text);
        }

        public static class Choosing extends ServerEndpointConfig.Configurator {
            @Override
            public void modifyHandshake(
                    ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
                assertThat(request.getHeaders()).containsKey("Sec-WebSocket-Extensions");
                response.getHeaders().remove("Sec-WebSocket-Extensions");
            }
        }
    }

    @Test
    void without_a_word_of_the_endpoint_messages_are_compressed() throws IOException {
        assertThat(talk("/extensions/usual"))
                .containsExactly(
                        "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                        "permessage-deflate;server_no_context_takeover;client_no_context_takeover");
    }

    @Test
    void an_endpoint_that_chooses_none_has_none() throws IOException {
        assertThat(talk("/extensions/none")).containsExactly("", "");
        assertThat(talk("/extensions/removed")).containsExactly("", "");
    }

    @Test
    void an_endpoint_that_chooses_has_what_it_chooses() throws IOException {
        assertThat(talk("/extensions/own"))
                .containsExactly(
                        "x-one; a=1, permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                        "permessage-deflate of x-one;a=1,permessage-deflate;client_max_window_bits "
                                + "x-one;a=1,permessage-deflate;server_no_context_takeover;client_no_context_takeover");
    }

    /** What the answer says, and the session. */
    private static List<String> talk(String path) throws IOException {
        try (RawSocket socket = RawSocket.open(server.port())) {
            String header = socket.handshake(path, OFFER);
            assertThat(header).startsWith("HTTP/1.1 101 ");
            String answered = header.contains("Sec-WebSocket-Extensions: ")
                    ? header.replaceFirst("(?s).*\r\nSec-WebSocket-Extensions: ([^\r]*)\r\n.*", "$1")
                    : "";
            socket.send(RawSocket.frame(0x81, new byte[] {'x'}));
            byte[] begin = socket.read(2);
            int length = begin[1] == 126 ? ByteBuffer.wrap(socket.read(2)).getShort() & 0xffff : begin[1];
            return List.of(answered, new String(socket.read(length), StandardCharsets.UTF_8));
        }
    }
}
