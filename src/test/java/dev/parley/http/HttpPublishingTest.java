package dev.parley.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Credentials;
import dev.parley.api.Identity;
import dev.parley.connection.Transport;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.ErrorCode;
import dev.parley.security.CredentialsReader;
import dev.parley.security.Guests;
import dev.parley.server.ChannelRevocations;
import dev.parley.testing.ManualNode;
import dev.parley.testing.WireClient;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What binds who publishes over a WebSocket binds who does so over HTTP, whatever headers are left out or made up. */
class HttpPublishingTest {
    private static final int MOST = 256;
    private static final String OFFICE = "192.0.2.7";

    private final ManualNode node = new ManualNode();
    private final String ann = node.connections().secrets().fresh();
    private final ApiDispatcher api = new ApiDispatcher();
    private CompletableFuture<Bytes> body = CompletableFuture.completedFuture(Bytes.wrap(new byte[] {'1'}));

    @BeforeEach
    void open() throws ReflectiveOperationException {
        HttpCallers callers = new HttpCallers();
        inject(callers, "connections", node.connections());
        inject(callers, "reader", new CredentialsReader("parley-token", Set.of()));
        inject(api, "connections", node.connections());
        inject(api, "callers", callers);
        node.executors.writer().hold();
    }

    @Test
    void a_connection_may_have_as_many_as_a_web_socket_and_is_told_the_same_beyond_that() {
        WireClient socket = new WireClient(node.connections());
        read(ann);
        List<Told> answers = publish(MOST + 44, i -> ask(ann));
        for (int i = 0; i < MOST + 44; i++) {
            socket.publish(i, "a", "1");
        }

        assertRefused(answers, 44);
        Told refused = answers.get(MOST);
        String sentence = socket.reply(MOST).getJsonObject("error").getString("message");
        assertThat(refused.status).isEqualTo(ErrorCode.TOO_MANY_PUBLISHES.code());
        assertThat(refused.headers)
                .containsEntry("Content-Type", "application/problem+json")
                .containsEntry("Retry-After", "1");
        assertThat(refused.text()).contains("\"retry\":true", sentence);

        node.executors.writer().letGo();
        node.run();
        assertThat(answers.subList(0, MOST)).allMatch(answer -> answer.status == 201);
        Told later = publish(ask(ann));
        node.run();
        assertThat(later.status).isEqualTo(201);
    }

    @Test
    void who_names_no_connection_counts_with_all_of_the_address_that_name_none() {
        assertRefused(publish(MOST + 44, i -> ask()), 44);
        assertThat(publish(ask().from("192.0.2.8")).status).isZero();
    }

    @Test
    void a_made_up_connection_is_none() {
        assertRefused(publish(MOST + 44, i -> ask(String.format(Locale.ROOT, "%032d", i))), 44);
        assertThat(publish(ask()).isRefused()).isTrue();
    }

    @Test
    void whoever_reads_by_its_connection_is_not_counted_with_its_address() {
        read(ann);
        assertRefused(publish(MOST + 1, i -> ask()), 1);

        assertThat(publish(ask(ann)).status).isZero();
        assertThat(publish(ask(ann + ".other")).isRefused()).isTrue();
    }

    @Test
    void a_user_counts_as_one_whatever_address_and_connection_its_requests_show() {
        assertRefused(
                publish(
                        MOST + 44,
                        i -> (i % 2 == 0 ? ask() : ask(String.format(Locale.ROOT, "%032d", i)))
                                .as("bob")
                                .from("192.0.2." + i)),
                44);
        assertThat(publish(ask().as("eve")).status).isZero();
        assertThat(publish(ask()).status).isZero();
    }

    @Test
    void another_users_connection_is_none() {
        read(ann);
        assertRefused(publish(MOST + 1, i -> ask().as("bob")), 1);

        assertThat(publish(ask(ann).as("bob")).isRefused()).isTrue();
    }

    @Test
    void what_cannot_be_published_is_not_under_way() {
        publish(2 * MOST, i -> ask().to("parley.own"));

        assertThat(publish(ask()).status).isZero();
    }

    @Test
    void who_is_no_longer_let_in_when_the_body_has_come_publishes_nothing() {
        node.executors.writer().letGo();
        try (ChannelRevocations revocations = new ChannelRevocations(node.connections(), node.executors.timer())) {
            node.run();
            body = new CompletableFuture<>();
            Told answer = publish(ask(ann));
            node.run();
            CompletionStage<?> unused = revocations.disconnect(Identity.SERVER, user(ann));
            node.run();
            body.complete(Bytes.wrap(new byte[] {'1'}));
            node.run();

            assertThat(answer.status).isEqualTo(ErrorCode.REVOKED.code());
            assertThat(answer.text()).contains("\"name\":\"revoked\"");
            assertThat(node.log.head("a").last()).isZero();
        }
    }

    private static void inject(Object bean, String name, Object value) throws ReflectiveOperationException {
        Field field = bean.getClass().getDeclaredField(name);
        field.setAccessible(true);
        field.set(bean, value);
    }

    private static String user(String secret) {
        return new Guests()
                .identify(Credentials.NONE.and(Optional.empty(), Optional.of(secret), Optional.empty()))
                .toCompletableFuture()
                .join()
                .identity()
                .user();
    }

    /** The client waits for news of a channel, by this connection. */
    private void read(String connection) {
        Told answer = new Told();
        api.serve(new Asked("GET", "/api/messages", Optional.of("channel=b&wait=30"), connection), () -> answer);
        node.run();
        assertThat(answer.status).isZero();
    }

    private interface Asking {
        Asked number(int i);
    }

    private List<Told> publish(int count, Asking asking) {
        List<Told> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(publish(asking.number(i)));
        }
        return answers;
    }

    private Told publish(Asked request) {
        Told answer = new Told();
        assertThat(api.serve(request, () -> answer)).isTrue();
        return answer;
    }

    private static void assertRefused(List<Told> answers, int last) {
        int under = answers.size() - last;
        assertThat(answers.subList(0, under)).allMatch(answer -> answer.status == 0);
        assertThat(answers.subList(under, answers.size())).allMatch(Told::isRefused);
    }

    private Asked ask(String... connection) {
        return new Asked("POST", "/api/channels/a/messages", Optional.empty(), connection);
    }

    private final class Asked implements HttpRequest {
        private final String method;
        private final Optional<String> query;
        private final List<String> connection;
        private String path;
        private String address = OFFICE;
        private Optional<Principal> user = Optional.empty();

        Asked(String method, String path, Optional<String> query, String... connection) {
            this.method = method;
            this.path = path;
            this.query = query;
            this.connection = List.of(connection);
        }

        Asked from(String other) {
            address = other;
            return this;
        }

        Asked as(String name) {
            user = Optional.of(() -> name);
            return this;
        }

        Asked to(String channel) {
            path = "/api/channels/" + channel + "/messages";
            return this;
        }

        @Override
        public String method() {
            return method;
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public Optional<String> query() {
            return query;
        }

        @Override
        public String address() {
            return address;
        }

        @Override
        public Optional<Principal> user() {
            return user;
        }

        @Override
        public List<String> headers(String name) {
            return switch (name) {
                case "Content-Type" -> List.of("application/json");
                case ConnectionName.HEADER -> connection;
                default -> List.of();
            };
        }

        @Override
        public CompletionStage<Bytes> body() {
            return body;
        }
    }

    /** What the client is told: nothing yet, by the status 0. */
    private static final class Told implements ResponseWriter {
        private final StringBuilder body = new StringBuilder();
        private Map<String, String> headers = Map.of();
        private int status;

        boolean isRefused() {
            return text().contains("\"name\":\"too-many-publishes\"");
        }

        String text() {
            return body.toString();
        }

        @Override
        public void begin(int said, Map<String, String> with, long length) {
            status = said;
            headers = with;
        }

        @Override
        public void write(List<ByteBuffer> pieces, Transport.Completion taken) {
            pieces.forEach(piece -> body.append(StandardCharsets.UTF_8.decode(piece)));
            taken.sent();
        }

        @Override
        public void end() {}

        @Override
        public void cut() {}

        @Override
        public String toString() {
            return status + " " + text();
        }

        @Override
        public void whenGone(Runnable told) {}
    }
}
