package dev.parley.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Identity;
import dev.parley.api.PublishFilter;
import dev.parley.endpoint.ChannelSessions;
import dev.parley.endpoint.ParleyConfigurator;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.settings.Settings;
import dev.parley.standalone.RecordingWebSocket;
import dev.parley.standalone.StandaloneServer;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.websocket.DecodeException;
import jakarta.websocket.Decoder;
import jakarta.websocket.Encoder;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever sends to a team's endpoint what is refused is told so, though the endpoint has not a line for it. */
@Timeout(60)
class EndpointRefusalsTest {
    private static final int LAST = 1_000;

    @TempDir
    private Path folder;

    public record Bid(int amount) {}

    public static class BidEncoder implements Encoder.Text<Bid> {
        @Override
        public String encode(Bid bid) {
            if (bid.amount() == 13) {
                throw new IllegalStateException("as the test wants it");
            }
            return "{\"amount\":" + bid.amount() + "}";
        }
    }

    public static class BidDecoder implements Decoder.Text<Bid> {
        @Override
        public boolean willDecode(String text) {
            return !text.isEmpty();
        }

        @Override
        public Bid decode(String text) throws DecodeException {
            try {
                return new Bid(Integer.parseInt(text.replaceAll("\\{\"amount\":|}", "")));
            } catch (NumberFormatException e) {
                throw new DecodeException(text, "A bid is a number.", e);
            }
        }
    }

    public static class RefusalEncoder implements Encoder.Text<RefusedException> {
        @Override
        public String encode(RefusedException refusal) {
            return "No: " + refusal.reason();
        }
    }

    @ApplicationScoped
    public static class BidRules implements PublishFilter {
        @Override
        public String namespace() {
            return "bids";
        }

        @Override
        public Body filter(Identity from, String channel, Body body) {
            if (body instanceof Body.Json json && json.text().contains("-")) {
                throw new RefusedException(ErrorCode.REJECTED, "A bid is of one or more.");
            }
            return body;
        }
    }

    @ServerEndpoint(
            value = "/bids",
            encoders = BidEncoder.class,
            decoders = BidDecoder.class,
            configurator = ParleyConfigurator.class)
    public static class BidEndpoint {
        @Inject
        ChannelSessions sessions;

        @OnOpen
        public void open(Session session) {
            sessions.join(session, "bids.tea", Bid.class);
        }

        @OnMessage
        public void bid(Session session, Bid bid) {
            sessions.publish(session, bid);
        }

        @OnError
        public void failed(Session session, Throwable failure) {
            sessions.refuse(session, failure);
        }

        @OnClose
        public void close(Session session) {
            sessions.leave(session);
        }
    }

    @ServerEndpoint(
            value = "/bids-in-own-words",
            encoders = {BidEncoder.class, RefusalEncoder.class},
            decoders = BidDecoder.class,
            configurator = ParleyConfigurator.class)
    public static class OwnWordsEndpoint extends BidEndpoint {
        @Override
        @OnOpen
        public void open(Session session) {
            super.open(session);
        }

        @Override
        @OnMessage
        public void bid(Session session, Bid bid) {
            super.bid(session, bid);
        }

        @Override
        @OnError
        public void failed(Session session, Throwable failure) {
            super.failed(session, failure);
        }
    }

    @Test
    void what_a_filter_refuses_is_told_to_the_client_and_to_nobody_else() throws Exception {
        try (StandaloneServer server = start()) {
            RecordingWebSocket ann = new RecordingWebSocket(server.webSocket("/bids"));
            RecordingWebSocket bob = new RecordingWebSocket(server.webSocket("/bids"));

            ann.send("-1");
            assertThat(ann.next())
                    .isEqualTo(
                            "{\"error\":{\"code\":422,\"name\":\"rejected\",\"message\":\"A bid is of one or more.\","
                                    + "\"retry\":false}}");
            ann.send("2");

            assertThat(ann.next()).isEqualTo("{\"amount\":2}");
            assertThat(bob.next()).isEqualTo("{\"amount\":2}");
        }
    }

    @Test
    void what_its_decoder_throws_is_told_with_the_decoders_sentence_and_the_session_goes_on() throws Exception {
        try (StandaloneServer server = start()) {
            RecordingWebSocket ann = new RecordingWebSocket(server.webSocket("/bids"));

            ann.send("five");
            assertThat(ann.next())
                    .isEqualTo("{\"error\":{\"code\":400,\"name\":\"malformed\",\"message\":\"A bid is a number.\","
                            + "\"retry\":false}}");
            ann.send("5");

            assertThat(ann.next()).isEqualTo("{\"amount\":5}");
        }
    }

    @Test
    void an_encoder_for_refusals_says_it_in_the_teams_own_words() throws Exception {
        try (StandaloneServer server = start()) {
            RecordingWebSocket ann = new RecordingWebSocket(server.webSocket("/bids-in-own-words"));

            ann.send("-1");
            assertThat(ann.next()).isEqualTo("No: A bid is of one or more.");
            ann.send("five");
            assertThat(ann.next()).isEqualTo("No: A bid is a number.");
            ann.send("13");
            assertThat(ann.next()).isEqualTo("No: The server failed; its log says why.");
        }
    }

    private StandaloneServer start() {
        Map<String, String> settings =
                Map.of("parley.port", "0", "parley.host", "127.0.0.1", "parley.data", folder.toString());
        Settings read = Settings.read(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", LAST))
                .build());
        return StandaloneServer.start(read, BidEndpoint.class, OwnWordsEndpoint.class, BidRules.class);
    }
}
