package dev.parley.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.channel.Encoded;
import jakarta.websocket.DecodeException;
import jakarta.websocket.Decoder;
import jakarta.websocket.EncodeException;
import jakarta.websocket.Encoder;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Encoders and Decoders of an endpoint, as a channel uses them for all its sessions. */
@Timeout(60)
class EndpointCodecsTest {
    private final Instances made = new Instances();
    private final EndpointCodecs codecs = new EndpointCodecs(
            ServerEndpointConfig.Builder.create(Teas.class, "/teas")
                    .encoders(List.of(TeaEncoder.class))
                    .decoders(List.of(TeaDecoder.class))
                    .build(),
            made);

    @ServerEndpoint("/teas")
    public static final class Teas {}

    record Tea(String name) {}

    public static final class TeaEncoder implements Encoder.Text<Tea> {
        private final Semaphore entered = new Semaphore(0);
        private final Semaphore goesOn = new Semaphore(0);
        private EndpointConfig config;

        @Override
        public void init(EndpointConfig given) {
            config = given;
        }

        @Override
        public String encode(Tea tea) throws EncodeException {
            assertThat(config).isNotNull();
            entered.release();
            if (tea.name().equals("fails")) {
                throw new EncodeException(tea, "as it shall");
            }
            if (tea.name().equals("waits")) {
                goesOn.acquireUninterruptibly();
            }
            return tea.name();
        }
    }

    public static final class TeaDecoder implements Decoder.Text<Tea> {
        @Override
        public Tea decode(String text) throws DecodeException {
            return new Tea(text);
        }

        @Override
        public boolean willDecode(String text) {
            return true;
        }
    }

    private static final class Instances implements CodecInstances {
        private final Queue<Object> all = new ConcurrentLinkedQueue<>();

        @Override
        public <T> T create(Class<T> type) {
            T made = CodecInstances.PLAIN.create(type);
            all.add(made);
            return made;
        }

        List<TeaEncoder> encoders() {
            List<TeaEncoder> encoders = new ArrayList<>();
            all.stream()
                    .filter(TeaEncoder.class::isInstance)
                    .map(TeaEncoder.class::cast)
                    .forEach(encoders::add);
            return encoders;
        }
    }

    @Test
    void one_after_the_other_use_the_same() throws Exception {
        assertThat(codecs.encode(new Tea("green"))).isEqualTo(Encoded.Text.of("green"));
        assertThat(codecs.encode(new Tea("black"))).isEqualTo(Encoded.Text.of("black"));
        assertThat(codecs.decode("white", Tea.class)).contains(new Tea("white"));
        assertThat(made.encoders()).hasSize(1);
    }

    @Test
    void no_two_threads_use_one_at_a_time() throws Exception {
        TeaEncoder first = made.encoders().get(0);
        CompletableFuture<Encoded> waiting = CompletableFuture.supplyAsync(() -> encode("waits"));
        first.entered.acquire();
        assertThat(encode("green")).isEqualTo(Encoded.Text.of("green"));
        assertThat(made.encoders()).hasSize(2);
        assertThat(waiting).isNotDone();
        first.goesOn.release();
        assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo(Encoded.Text.of("waits"));
    }

    @Test
    void one_that_fails_is_used_again() {
        assertThatThrownBy(() -> codecs.encode(new Tea("fails"))).isInstanceOf(EncodeException.class);
        assertThat(encode("green")).isEqualTo(Encoded.Text.of("green"));
        assertThat(made.encoders()).hasSize(1);
    }

    private Encoded encode(String name) {
        try {
            return codecs.encode(new Tea(name));
        } catch (EncodeException e) {
            throw new IllegalStateException(e);
        }
    }
}
