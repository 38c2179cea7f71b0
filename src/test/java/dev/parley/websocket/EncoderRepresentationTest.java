package dev.parley.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.channel.Encoded;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.testing.CapturedLogs;
import jakarta.websocket.DecodeException;
import jakarta.websocket.Decoder;
import jakarta.websocket.EncodeException;
import jakarta.websocket.Encoder;
import jakarta.websocket.server.ServerEndpointConfig;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An endpoint's own Encoders and Decoders, however they are declared and whatever they do. */
class EncoderRepresentationTest {
    private static final Push PUSH = new Push.Members("a", 3, Position.NONE);

    record Order(String text) {}

    record Picture(Bytes bytes) {}

    interface Event {
        String text();
    }

    record Placed(String text) implements Event {}

    abstract static class JsonEncoder<T> implements Encoder.Text<T> {
        @Override
        public String encode(T object) {
            return object.toString();
        }
    }

    abstract static class NamedEncoder<A, B> extends JsonEncoder<B> {}

    public static final class OrderEncoder extends NamedEncoder<String, Order> {
        @Override
        public String encode(Order order) {
            return order.text();
        }
    }

    public static final class EventEncoder implements Encoder.Text<Event> {
        @Override
        public String encode(Event event) throws EncodeException {
            if (event.text().isEmpty()) {
                throw new EncodeException(event, "empty");
            }
            if (event.text().equals("?")) {
                throw new IllegalStateException("as the test wants it");
            }
            return "event " + event.text();
        }
    }

    public static final class PictureEncoder implements Encoder.Binary<Picture> {
        @Override
        public ByteBuffer encode(Picture picture) {
            return picture.bytes().asBuffer();
        }
    }

    public static final class PlacedDecoder implements Decoder.Text<Placed> {
        @Override
        public Placed decode(String text) {
            return new Placed(text);
        }

        @Override
        public boolean willDecode(String text) {
            return !text.equals("no");
        }
    }

    public static final class Hidden implements Encoder.Text<String> {
        private Hidden() {}

        @Override
        public String encode(String text) {
            return text;
        }
    }

    @Test
    void an_object_is_written_by_the_encoder_for_its_class_however_that_is_declared() throws EncodeException {
        EndpointCodecs codecs = codecs(List.of(PictureEncoder.class, EventEncoder.class, OrderEncoder.class));

        assertThat(codecs.encode(new Order("42"))).isEqualTo(Encoded.Text.of("42"));
        assertThat(codecs.encode(new Placed("x"))).isEqualTo(Encoded.Text.of("event x"));
        assertThat(codecs.encode(new Picture(Bytes.wrap(new byte[] {1, 2}))))
                .isEqualTo(new Encoded.Binary(Bytes.wrap(new byte[] {1, 2})));
        assertThatThrownBy(() -> codecs.encode("text"))
                .isInstanceOfSatisfying(
                        EncodeException.class, e -> assertThat(e.getObject()).isEqualTo("text"));
    }

    @Test
    void a_decoder_makes_what_is_asked_for_or_a_subclass_of_it() throws DecodeException {
        EndpointCodecs codecs = codecs(List.of());

        assertThat(codecs.decode("x", Placed.class)).hasValue(new Placed("x"));
        assertThat(codecs.decode("x", Event.class)).hasValue(new Placed("x"));
        assertThat(codecs.decode("no", Placed.class)).isEmpty();
        assertThat(codecs.decode("x", Order.class)).isEmpty();
    }

    @Test
    void a_codec_without_a_public_constructor_is_a_fault_that_is_named() {
        assertThatThrownBy(() -> codecs(Hidden.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(Hidden.class + " needs a public constructor without parameters");
    }

    @Test
    void text_that_has_no_utf8_form_is_mended_before_it_reaches_the_readers() throws EncodeException {
        EndpointCodecs codecs = codecs(OrderEncoder.class);

        Encoded.Text text = (Encoded.Text) codecs.encode(new Order("a\ud800b\udc00\ud83d\ude00"));

        assertThat(UTF_8.newEncoder().canEncode(text.text())).isTrue();
        assertThat(text.text()).isEqualTo("a\ufffdb\ufffd\ud83d\ude00");
        assertThat(text.size()).isEqualTo(text.text().getBytes(UTF_8).length);
    }

    @Test
    void what_the_teams_code_fails_on_is_left_out() {
        assertThat(form(Optional.of(new Placed(""))).encode(PUSH)).isEmpty();
        assertThat(form(Optional.of(new Placed("?"))).encode(PUSH)).isEmpty();
        assertThat(form(Optional.of("nobody encodes this")).encode(PUSH)).isEmpty();
        assertThat(form(Optional.empty()).encode(PUSH)).isEmpty();
        assertThat(new EncoderRepresentation(
                                codecs(List.of()),
                                push -> {
                                    throw new IllegalStateException("as the test wants it");
                                },
                                Runnable::run)
                        .encode(PUSH))
                .isEmpty();
        assertThat(form(Optional.of(new Placed("x"))).encode(PUSH)).hasValue(Encoded.Text.of("event x"));
        assertThat(form(Optional.empty()).joins()).isFalse();
    }

    @Test
    void what_fails_is_named_with_its_channel() {
        try (CapturedLogs logs = new CapturedLogs()) {
            assertThat(form(Optional.of(new Placed("?"))).encode(PUSH)).isEmpty();
            assertThat(form(Optional.of("nobody encodes this")).encode(PUSH)).isEmpty();

            assertThat(logs.shown())
                    .hasSize(2)
                    .anyMatch(line -> line.contains("The Encoder " + EventEncoder.class.getName()
                            + " of the endpoint java.lang.Object has failed for a (Members), which is left out"))
                    .anyMatch(line -> line.contains("The endpoint java.lang.Object has failed for a (Members)"));
        }
    }

    private static EncoderRepresentation form(Optional<Object> object) {
        return new EncoderRepresentation(codecs(EventEncoder.class), push -> object, Runnable::run);
    }

    private static EndpointCodecs codecs(Class<? extends Encoder> first) {
        return codecs(List.of(first));
    }

    private static EndpointCodecs codecs(List<Class<? extends Encoder>> encoders) {
        return new EndpointCodecs(
                ServerEndpointConfig.Builder.create(Object.class, "/orders")
                        .encoders(encoders)
                        .decoders(List.of(PlacedDecoder.class))
                        .build(),
                CodecInstances.PLAIN);
    }
}
