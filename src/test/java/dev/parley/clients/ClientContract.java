package dev.parley.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.clients.ChannelsClient.Heard;
import dev.parley.clients.ClientSocket.Received;
import dev.parley.standalone.StandaloneServer;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every client must be able to do with the others, whoever wrote it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
public abstract class ClientContract {
    private static final Optional<String> SUB_PROTOCOL = Optional.of("v1.parley");
    private static final int INLINE = 64 * 1024;

    private StandaloneServer server;

    @BeforeAll
    void startServer(@TempDir Path data) {
        server = StandaloneServer.start(Map.of("parley.port", "0", "parley.data", data.toString()));
    }

    @AfterAll
    void stopServer() {
        server.close();
    }

    /** The clients, once the server is there. */
    protected abstract List<ClientSocket.Client> clients() throws Exception;

    /** The JDK's and Tyrus's. */
    public static List<ClientSocket.Client> javaClients() {
        return List.of(new JdkClient(), new TyrusClient());
    }

    protected URI page() {
        return server.uri();
    }

    @Test
    void each_hears_its_text_and_bytes_again_from_the_echo() throws Exception {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        for (ClientSocket.Client client : clients()) {
            try (ClientSocket peer = client.open(server.webSocket("/echo"), Optional.empty())) {
                peer.send("Grüße, 世界, \uD83D\uDE00");
                peer.send(bytes);

                assertThat(peer.next()).as("%s", client).isEqualTo(new Received.Text("Grüße, 世界, \uD83D\uDE00"));
                assertThat(binary(peer.next())).as("%s", client).isEqualTo(bytes);
            }
        }
    }

    @Test
    void each_is_heard_by_all_in_the_same_order() throws Exception {
        String channel = "chat." + UUID.randomUUID();
        List<ChannelsClient> speakers = enter(channel);
        List<String> positions = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (ChannelsClient speaker : speakers) {
                positions.add(speaker.publish(channel, "message " + positions.size()));
            }
        }

        for (ChannelsClient speaker : speakers) {
            for (int i = 0; i < positions.size(); i++) {
                Heard heard = speaker.hear();
                assertThat(heard.position()).isEqualTo(positions.get(i));
                assertThat(heard.line().getJsonObject("data").getString("text")).isEqualTo("message " + i);
            }
            speaker.close();
        }
    }

    @Test
    void a_png_and_a_jpeg_of_each_reach_all_byte_for_byte() throws Exception {
        String channel = "chat." + UUID.randomUUID();
        List<ChannelsClient> speakers = enter(channel);
        List<byte[]> images = new ArrayList<>();
        for (ChannelsClient speaker : speakers) {
            images.addAll(publishImages(speaker, channel, images.size()));
        }

        for (ChannelsClient speaker : speakers) {
            for (byte[] image : images) {
                assertThat(content(speaker, image.length < INLINE)).isEqualTo(image);
            }
            speaker.close();
        }
    }

    /** Of both kinds one that comes along in the message, and one that the message only names. */
    private static List<byte[]> publishImages(ChannelsClient speaker, String channel, int seed) throws Exception {
        byte[] smallPng = SampleImages.png(64, seed);
        byte[] largePng = SampleImages.png(256, seed + 1);
        byte[] smallJpeg = SampleImages.jpeg(128, seed + 2);
        byte[] largeJpeg = SampleImages.jpeg(900, seed + 3);
        assertThat(List.of(smallPng, smallJpeg)).allMatch(image -> image.length < INLINE);
        assertThat(List.of(largePng, largeJpeg)).allMatch(image -> image.length > INLINE);

        speaker.publish(channel, "image/png", smallPng);
        speaker.publish(channel, "image/png", largePng);
        speaker.publish(channel, "image/jpeg", smallJpeg);
        speaker.publish(channel, "image/jpeg", largeJpeg);
        return List.of(smallPng, largePng, smallJpeg, largeJpeg);
    }

    /** The bytes of the next message, as they came along or from where it says. */
    private byte[] content(ChannelsClient speaker, boolean comesAlong) throws Exception {
        Heard heard = speaker.hear();
        assertThat(heard.bytes().isPresent()).isEqualTo(comesAlong);
        if (comesAlong) {
            assertThat(heard.line()).doesNotContainKey("content");
            return heard.bytes().get();
        }
        assertThat(heard.line().getInt("size")).isGreaterThan(INLINE);
        return speaker.peer().fetch(server.uri().resolve(heard.line().getString("content")));
    }

    private List<ChannelsClient> enter(String channel) throws Exception {
        List<ChannelsClient> speakers = new ArrayList<>();
        for (ClientSocket.Client client : clients()) {
            ChannelsClient speaker = new ChannelsClient(client.open(server.webSocket("/channels"), SUB_PROTOCOL));
            speaker.connect(client.toString());
            speaker.subscribe(channel);
            speakers.add(speaker);
        }
        return speakers;
    }

    private static byte[] binary(Received received) {
        assertThat(received).isInstanceOf(Received.Binary.class);
        return ((Received.Binary) received).bytes();
    }
}
