package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.ChannelPolicy;
import dev.parley.api.Identity;
import dev.parley.api.PublishFilter;
import dev.parley.endpoint.ChannelSessions;
import dev.parley.endpoint.ParleyConfigurator;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.settings.Settings;
import dev.parley.testing.CapturedLogs;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Application;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a team does wrong is told to the team, and opens nothing that was shut. */
@Timeout(60)
class TeamMistakesTest {
    private static final int LAST = 1_000;

    private final HttpClient http = HttpClient.newHttpClient();
    private final CapturedLogs logs = new CapturedLogs();

    @TempDir
    private java.nio.file.Path folder;

    @AfterEach
    void end() {
        logs.close();
    }

    @ApplicationScoped
    public static class StaffOnly implements ChannelPolicy {
        @Override
        public boolean allows(Identity identity, Action action, String channel) {
            return !channel.startsWith("staff.");
        }
    }

    @ApplicationScoped
    public static class NothingSecret implements ChannelPolicy {
        @Override
        public boolean allows(Identity identity, Action action, String channel) {
            return !channel.startsWith("secret.");
        }
    }

    @ApplicationPath("rest")
    public static class Rest extends Application {}

    @Path("failing")
    public static class Failing {
        @GET
        public String fail(@QueryParam("how") String how) throws IOException {
            switch (how) {
                case "checked" -> throw new IOException("the disk is full");
                case "refused" -> throw new CompletionException(new RefusedException(ErrorCode.REJECTED, "Not today."));
                default -> throw new IllegalStateException("it is late");
            }
        }

        @GET
        @Path("stage")
        public CompletionStage<String> failLater() {
            return CompletableFuture.failedFuture(new IllegalStateException("it was late"));
        }
    }

    /** Of a class that has a mapper. */
    public static class TooLateException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @Provider
    public static class TooLateMapper implements ExceptionMapper<TooLateException> {
        @Override
        public Response toResponse(TooLateException failure) {
            return Response.status(Response.Status.CONFLICT).build();
        }
    }

    @Path("mapped")
    public static class Mapped {
        @GET
        public CompletionStage<String> failLater() {
            return CompletableFuture.supplyAsync(() -> {
                throw new TooLateException();
            });
        }

        @GET
        @Path("dated")
        public String dated(@Context HttpHeaders headers) {
            return headers.getDate() == null ? "none" : "some";
        }
    }

    @ServerEndpoint(value = "/opening/{how}", configurator = ParleyConfigurator.class)
    public static class Opening {
        @Inject
        ChannelSessions sessions;

        @OnOpen
        public void open(Session session, @PathParam("how") String how) {
            if (how.equals("refused")) {
                throw new RefusedException(ErrorCode.NOT_ALLOWED);
            } else if (how.equals("failed")) {
                throw new IllegalStateException("the door is stuck");
            }
            if (how.equals("unjoined")) {
                return;
            }
            sessions.join(session, "open.door", String.class);
        }

        @OnMessage
        public void say(Session session, String text) {
            if (text.equals("publish")) {
                sessions.publish(session, Optional.empty(), new Body.Json("1"));
                return;
            }
            if (text.equals("one")) {
                throw new IllegalStateException("fault one");
            }
            throw new IllegalStateException("fault two");
        }

        @OnError
        public void failed(Session session, Throwable failure) {
            sessions.refuse(session, failure);
        }
    }

    @Test
    void of_two_policies_none_is_left_out_in_silence() {
        assertThatThrownBy(() -> start(StaffOnly.class, NothingSecret.class))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("Several beans are a ChannelPolicy")
                .hasMessageContaining(StaffOnly.class.getName())
                .hasMessageContaining(NothingSecret.class.getName());
    }

    /** Looks for what is not there. */
    @ApplicationScoped
    public static class Opener {
        void begin(@Observes Startup event) throws IOException {
            throw new IOException("no orders.csv");
        }
    }

    /** Cannot be made. */
    @ApplicationScoped
    public static class Unready {
        @PostConstruct
        void prepare() {
            throw new IllegalStateException("no desk is open", new IOException("no desks.csv"));
        }

        void begin(@Observes Startup event) {}
    }

    /** Does not know for what it is. */
    @ApplicationScoped
    public static class Undecided implements PublishFilter {
        @Override
        public String namespace() {
            throw new IllegalStateException("no namespace is set");
        }

        @Override
        public Body filter(Identity from, String channel, Body body) {
            return body;
        }
    }

    @Test
    void what_fails_at_the_start_is_named_and_nothing_is_left_running() {
        assertStartFails(Opener.class, ".begin(TeamMistakesTest.java:", "java.io.IOException: no orders.csv");
        assertStartFails(
                Unready.class,
                ".prepare(TeamMistakesTest.java:",
                "java.lang.IllegalStateException: no desk is open (no desks.csv)");
        assertStartFails(
                Undecided.class,
                ".namespace(TeamMistakesTest.java:",
                "java.lang.IllegalStateException: no namespace is set");
        start().close(); // in the same folder
    }

    private void assertStartFails(Class<?> bean, String method, String why) {
        assertThatThrownBy(() -> start(bean))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("The server does not start. " + bean.getName() + method)
                .hasMessageEndingWith(") has failed: " + why);
    }

    @Test
    void what_a_resource_throws_is_logged_and_told_as_problem_details() throws Exception {
        try (StandaloneServer server = start(Rest.class, Failing.class)) {
            for (String path : new String[] {"failing?how=unchecked", "failing?how=checked", "failing/stage"}) {
                HttpResponse<String> answer = get(server, "rest/" + path);
                assertThat(answer.statusCode()).as(path).isEqualTo(500);
                assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
                assertThat(answer.body()).contains("\"name\":\"internal\"").doesNotContain("late", "disk");
            }
            assertThat(get(server, "rest/failing?how=refused").statusCode()).isEqualTo(422);
            assertThat(get(server, "rest/nothing").statusCode()).isEqualTo(404);

            assertThat(logs.shown())
                    .anyMatch(line -> line.contains("GET /rest/failing has failed") && line.contains("it is late"))
                    .anyMatch(
                            line -> line.contains("GET /rest/failing has failed") && line.contains("the disk is full"))
                    .anyMatch(
                            line -> line.contains("GET /rest/failing/stage has failed") && line.contains("it was late"))
                    .noneMatch(line -> line.contains("Not today."));
        }
    }

    @Test
    void what_a_mapper_takes_or_jakarta_rest_answers_by_itself_stays_so() throws Exception {
        try (StandaloneServer server = start(Rest.class, Mapped.class, TooLateMapper.class)) {
            assertThat(get(server, "rest/mapped").statusCode()).isEqualTo(409);
            HttpRequest wrong = HttpRequest.newBuilder(server.uri().resolve("rest/mapped/dated"))
                    .header("Date", "yesterday")
                    .build();
            assertThat(http.send(wrong, BodyHandlers.ofString()).statusCode()).isEqualTo(400);
            assertThat(get(server, "rest/nothing").statusCode()).isEqualTo(404);

            assertThat(logs.shown()).noneMatch(line -> line.contains("has failed"));
        }
    }

    @Test
    void a_session_that_could_not_join_is_closed_and_each_fault_is_in_the_log() throws Exception {
        try (StandaloneServer server = start(Opening.class)) {
            RecordingWebSocket failed = new RecordingWebSocket(server.webSocket("/opening/failed"));
            assertThat(failed.closed.get(20, TimeUnit.SECONDS)).isEqualTo("1011 internal; reconnect");
            RecordingWebSocket refused = new RecordingWebSocket(server.webSocket("/opening/refused"));
            assertThat(refused.closed.get(20, TimeUnit.SECONDS)).isEqualTo("4105 not-allowed; do not reconnect");
            RecordingWebSocket unjoined = new RecordingWebSocket(server.webSocket("/opening/unjoined"));
            unjoined.send("publish");
            assertThat(unjoined.closed.get(20, TimeUnit.SECONDS)).isEqualTo("1011 internal; reconnect");
            RecordingWebSocket open = new RecordingWebSocket(server.webSocket("/opening/door"));
            open.send("one");
            open.send("two");
            assertThat(open.next()).asString().contains("\"name\":\"internal\"");
            assertThat(open.next()).asString().contains("\"name\":\"internal\"");

            assertThat(logs.shown())
                    .anyMatch(line ->
                            line.contains(Opening.class.getName() + " publishes before it has joined a channel"));
            for (String fault : new String[] {"the door is stuck", "fault one", "fault two"}) {
                assertThat(logs.shown())
                        .as(fault)
                        .anyMatch(line -> line.contains(Opening.class.getName() + " has failed in the session")
                                && line.contains(fault));
            }
        }
    }

    private HttpResponse<String> get(StandaloneServer server, String path) throws Exception {
        return http.send(HttpRequest.newBuilder(server.uri().resolve(path)).build(), BodyHandlers.ofString());
    }

    private StandaloneServer start(Class<?>... classes) {
        Map<String, String> settings =
                Map.of("parley.port", "0", "parley.host", "127.0.0.1", "parley.data", folder.toString());
        Settings read = Settings.read(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", LAST))
                .build());
        return StandaloneServer.start(read, classes);
    }
}
