package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.client.Data;
import dev.parley.client.ParleyClient;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Start;
import dev.parley.settings.SettingException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The kit as a team uses it, on an endpoint, a filter and rules of a team's own. */
@ParleyTest(
        classes = {TeaEndpoint.class, TeaRules.class},
        settings = {
            "parley.auth.guests=false",
            "parley.channels.tea.publish=brewer",
            "parley.channels.short.history-age = 1h",
            "parley.channels.memory.durable=false"
        })
@Timeout(120)
class ParleyTestTest {
    private final ParleyServer server;
    private ParleyServer beforeEach;

    ParleyTestTest(ParleyServer server) {
        this.server = server;
    }

    @BeforeEach
    void knows_the_server(ParleyServer same) {
        beforeEach = same;
    }

    @Test
    void a_raw_socket_talks_to_the_teams_endpoint(
            @As("ann") @At("/tea/green") TestSocket ann, @As("bob") @At("/tea/green") TestSocket bob) {
        ann.send("hello");
        bob.send(new byte[] {1, 2, 3});

        assertThat(ann.text()).isEqualTo("green: hello");
        assertThat(bob.bytes()).containsExactly(3, 2, 1);
    }

    @Test
    void a_socket_tells_how_it_has_ended(@As("ann") @At("/tea/green") TestSocket ann) {
        ann.send("end");

        assertThat(ann.awaitClosing()).isEqualTo(new TestSocket.Closing(4_321, "as you like"));
        assertThatThrownBy(ann::text).isInstanceOf(AssertionError.class).hasMessageContaining("4321");
    }

    @Test
    void a_token_names_the_user_and_the_roles(
            @As(value = "ann", roles = "brewer") ParleyClient ann, @As("bob") ParleyClient bob) throws Exception {
        assertThat(join(ann.publishJson("tea.roles", "{\"cups\":2}"))).isNotNull();
        assertThatThrownBy(() -> join(bob.publishJson("tea.roles", "{\"cups\":3}")))
                .hasCause(new RefusedException(ErrorCode.NOT_ALLOWED));

        assertThat(server.channel("tea.roles").awaitExactly("{ \"cups\": 2 }"))
                .extracting(message -> message.from().user())
                .containsExactly("ann");
    }

    @Test
    void over_http_the_teams_filter_says_what_is_wrong(@As(value = "ann", roles = "brewer") TestHttp ann) {
        HttpResponse<String> answer = ann.publish("tea.http", "{\"cups\":0}");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("rejected", "No tea at all");
        assertThat(ann.publish("tea.http", "{\"cups\":1}").statusCode()).isEqualTo(201);
        assertThat(server.channel("tea.http").json()).containsExactly("{\"cups\":1}");
    }

    @Test
    void who_shows_no_good_token_is_told_so(TestHttp guest, TestTokens tokens) {
        assertThat(guest.get("/api/connection").statusCode()).isEqualTo(401);
        assertThat(server.http(Optional.of(tokens.expired("ann")))
                        .get("/api/connection")
                        .body())
                .contains("token-expired");
        assertThat(server.httpAs("ann").get("/api/connection").body()).contains("\"ann\"");
    }

    @Test
    void a_client_reads_what_a_bean_publishes(@As("ann") ParleyClient ann) throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        ann.subscribe(Start.history("tea.beans", 10), message -> heard.complete(Data.jsonText(message)));

        server.channel("tea.beans").publish("{\"cups\":7}");

        assertThat(heard.get(60, TimeUnit.SECONDS)).isEqualTo("{\"cups\":7}");
        assertThat(server.channel("tea.beans").await(1)).hasSize(1);
        assertThat(server.channel("tea.beans").awaitJson("{\"cups\":7}").from().user())
                .isEqualTo("server");
    }

    @Test
    void what_is_too_old_by_the_clock_of_the_test_is_gone(TestClock clock) {
        ChannelContents channel = server.channel("short.lived");
        channel.publish("{\"at\":1}");
        channel.awaitExactly("{\"at\":1}");

        clock.advance(Duration.ofHours(2));

        channel.awaitEmpty();
        channel.publish("{\"at\":2}");
        assertThat(channel.await(1).get(0).at()).isBefore(clock.instant().plusSeconds(1));
    }

    @Test
    void a_channel_in_memory_is_read_too() {
        server.channel("memory.only").publish("[1,2]");
        server.channel("memory.only").awaitExactly("[1, 2]");
    }

    @Test
    void what_a_channel_holds_is_told_where_it_is_not_what_was_awaited() {
        server.channel("tea.told").publish("{\"cups\":1}");
        System.setProperty("parley.test.patience", "0");
        try {
            assertThatThrownBy(() -> server.channel("tea.told").awaitExactly("{\"cups\":2}"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("tea.told")
                    .hasMessageContaining("{\"cups\":2}")
                    .hasMessageContaining("server: {\"cups\":1}");
        } finally {
            System.clearProperty("parley.test.patience");
        }
    }

    @Test
    void patience_is_so_many_seconds_or_a_duration() {
        assertThat(Patience.of("")).isEqualTo(Duration.ofSeconds(30));
        assertThat(Patience.of("5")).isEqualTo(Duration.ofSeconds(5));
        assertThat(Patience.of("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(Patience.of("PT2M")).isEqualTo(Duration.ofMinutes(2));
        assertThatThrownBy(() -> Patience.of("soon")).hasMessageContainingAll("parley.test.patience", "soon", "2m");
    }

    @Test
    void a_setting_that_is_none_is_no_test() {
        assertThatThrownBy(() -> ParleyServer.start(Map.of("parley.chanels.tea.durable", "false")))
                .isInstanceOf(SettingException.class)
                .hasMessage("There is no setting parley.chanels.tea.durable.");
    }

    @Test
    void the_server_comes_back_with_its_log_and_its_clients_resume(@As("ann") ParleyClient ann) throws Exception {
        CompletableFuture<String> second = new CompletableFuture<>();
        CompletableFuture<String> first = new CompletableFuture<>();
        ann.subscribe(
                Start.history("tea.restart", 10),
                message -> (first.isDone() ? second : first).complete(Data.jsonText(message)));
        server.channel("tea.restart").publish("1");
        assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo("1");

        server.restart();
        server.channel("tea.restart").publish("2");

        assertThat(second.get(60, TimeUnit.SECONDS)).isEqualTo("2");
        server.channel("tea.restart").awaitExactly("1", "2");
    }

    @Nested
    class Inside {
        @Test
        void a_nested_class_shares_the_server(ParleyServer outer) {
            assertThat(outer).isSameAs(server).isSameAs(beforeEach);
        }
    }

    @Nested
    @ParleyTest
    class Apart {
        @Test
        void one_that_is_annotated_has_its_own_with_an_empty_log(ParleyServer own, TestHttp guest) {
            assertThat(own).isNotSameAs(server);
            assertThat(guest.get("/api/connection").statusCode()).isEqualTo(200);
            own.channel("tea.http").awaitEmpty();
            assertThatThrownBy(() -> own.socket("/tea/green"))
                    .isInstanceOfSatisfying(
                            RefusedHandshake.class,
                            refused -> assertThat(refused.status()).isEqualTo(404));
        }
    }

    private static Object join(CompletionStage<?> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
