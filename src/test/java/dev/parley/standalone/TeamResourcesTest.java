package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.api.Channels;
import dev.parley.api.RequestCaller;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.settings.Settings;
import dev.parley.testing.TestTokens;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Application;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.security.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A team's own Jakarta REST resources stand beside ours as they do on an application server. */
@Timeout(120)
class TeamResourcesTest {
    private static final String SECRET = "a secret of at least thirty-two bytes";
    private static final int LAST = 1_000;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final TestTokens tokens = new TestTokens();

    @TempDir
    private java.nio.file.Path folder;

    /** Lists nothing, and so has all there is. */
    @ApplicationPath("/rest/v1/*")
    public static class Everything extends Application {}

    /** Lists what it has. */
    @ApplicationPath("few")
    public static class Few extends Application {
        @Override
        public Set<Class<?>> getClasses() {
            return Set.of(Refusing.class);
        }
    }

    @ApplicationPath("/")
    public static class AtRoot extends Application {
        @Override
        public Set<Class<?>> getClasses() {
            return Set.of(Greeting.class);
        }
    }

    @ApplicationPath("api/team")
    public static class BelowOurs extends Application {}

    @ApplicationPath("few")
    public static class FewToo extends Application {}

    @ApplicationScoped
    public static class Greetings {
        static final AtomicInteger ALIVE = new AtomicInteger();

        String to(String name) {
            return "hello, " + name;
        }
    }

    @Path("greeting")
    public static class Greeting {
        @Inject
        Greetings greetings;

        @QueryParam("mark")
        String mark;

        @Context
        UriInfo uri;

        @PostConstruct
        void begin() {
            Greetings.ALIVE.incrementAndGet();
            assertThat(uri.getPath()).isNotNull();
        }

        @PreDestroy
        void end() {
            Greetings.ALIVE.decrementAndGet();
        }

        @GET
        @Path("{name}")
        public String greet(@PathParam("name") String name) {
            return greetings.to(name) + mark + " " + uri.getPath() + " "
                    + uri.getBaseUri().getPath();
        }
    }

    @ApplicationScoped
    @Path("whoami")
    public static class WhoAmI {
        @Inject
        RequestCaller caller;

        @Context
        SecurityContext security;

        @GET
        public String who() {
            Principal user = security.getUserPrincipal();
            return (user == null ? "nobody" : user.getName()) + " " + security.isUserInRole("trader") + " "
                    + (caller.identity().isGuest() ? "guest" : caller.identity().user());
        }
    }

    @Path("refusing")
    public static class Refusing {
        @Inject
        Channels channels;

        @POST
        public void refuse(String reason) {
            throw new RefusedException(ErrorCode.REJECTED, reason);
        }

        @POST
        @Path("publish/{channel}")
        public CompletionStage<String> publish(@PathParam("channel") String channel, String json) {
            return channels.publish(channel, new Body.Json(json)).thenApply(position -> "stored");
        }
    }

    /** As JSON-B has it. */
    public static class Trade {
        public String item;
        public int quantity;
    }

    @Path("trades")
    public static class Trades {
        @POST
        @Consumes(MediaType.APPLICATION_JSON)
        @Produces(MediaType.APPLICATION_JSON)
        public Trade twice(Trade trade) {
            trade.quantity *= 2;
            return trade;
        }

        @POST
        @Path("quantity")
        @Consumes(MediaType.APPLICATION_JSON)
        @Produces(MediaType.APPLICATION_JSON)
        public JsonObject quantity(JsonObject trade) {
            return Json.createObjectBuilder()
                    .add("quantity", trade.getInt("quantity"))
                    .build();
        }
    }

    @Path("failing")
    public static class Failing {
        @GET
        public String fail() {
            throw new IllegalStateException("it is late");
        }
    }

    @Provider
    public static class FailureMapper implements ExceptionMapper<IllegalStateException> {
        @Inject
        Greetings greetings;

        @Override
        public Response toResponse(IllegalStateException failure) {
            return Response.status(409)
                    .entity(greetings.to(failure.getMessage()))
                    .build();
        }
    }

    @Path("slow")
    public static class Slow {
        static final AtomicInteger WAITING = new AtomicInteger();
        static final CountDownLatch MAY_END = new CountDownLatch(1);

        @GET
        public String slow() throws InterruptedException {
            WAITING.incrementAndGet();
            MAY_END.await();
            return "done";
        }
    }

    @Test
    void resources_have_what_cdi_and_what_jakarta_rest_injects_and_are_below_their_application() throws Exception {
        try (StandaloneServer server = start(Map.of(), Everything.class, Greetings.class, Greeting.class)) {
            assertThat(get(server, "rest/v1/greeting/ann?mark=!").body())
                    .isEqualTo("hello, ann! greeting/ann /rest/v1/");
            assertThat(get(server, "rest/v1/greeting/bob?mark=.").body())
                    .isEqualTo("hello, bob. greeting/bob /rest/v1/");
            await().untilAsserted(() -> assertThat(Greetings.ALIVE).hasValue(0));

            assertThat(get(server, "rest/v1/nothing").statusCode()).isEqualTo(404);
            assertThat(get(server, "rest/greeting/ann").statusCode()).isEqualTo(404);
            assertThat(get(server, "greeting/ann").statusCode()).isEqualTo(404);
            assertThat(get(server, "rest/v1/drain").statusCode()).isEqualTo(404);
            assertThat(get(server, "health/live").statusCode()).isEqualTo(200);
            assertThat(get(server, "api/connection").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void objects_are_json_by_json_b_and_by_json_p() throws Exception {
        try (StandaloneServer server = start(Map.of(), Everything.class, Trades.class)) {
            String trade = "{\"item\":\"tea\",\"quantity\":2}";

            assertThat(json(server, "rest/v1/trades", trade)).isEqualTo("{\"item\":\"tea\",\"quantity\":4}");
            assertThat(json(server, "rest/v1/trades/quantity", trade)).isEqualTo("{\"quantity\":2}");
        }
    }

    private String json(StandaloneServer server, String path, String body) throws Exception {
        HttpRequest request = request(server, path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    @Test
    void providers_are_found_and_are_beans_too() throws Exception {
        try (StandaloneServer server =
                start(Map.of(), Everything.class, Greetings.class, Failing.class, FailureMapper.class)) {
            HttpResponse<String> answer = get(server, "rest/v1/failing");

            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(answer.body()).isEqualTo("hello, it is late");
        }
    }

    @Test
    void what_a_resource_refuses_is_told_as_problem_details_also_by_an_application_that_lists_its_classes()
            throws Exception {
        try (StandaloneServer server = start(Map.of(), Few.class, Refusing.class)) {
            HttpResponse<String> thrown = post(server, "few/refusing", "Not on Sundays.");
            HttpResponse<String> failed = post(server, "few/refusing/publish/no%20such", "1");

            assertThat(thrown.statusCode()).isEqualTo(422);
            assertThat(thrown.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(thrown.body()).contains("\"detail\":\"Not on Sundays.\"", "\"name\":\"rejected\"");
            assertThat(failed.statusCode()).isEqualTo(400);
            assertThat(failed.body()).contains("\"name\":\"invalid-name\"");
            assertThat(post(server, "few/refusing/publish/teams.tea", "1").body())
                    .isEqualTo("stored");
        }
    }

    @Test
    void resources_know_the_verified_user_and_the_roles() throws Exception {
        Map<String, String> settings = Map.of("parley.auth.secret", SECRET);
        try (StandaloneServer server = start(settings, Everything.class, WhoAmI.class)) {
            assertThat(get(server, "rest/v1/whoami").body()).isEqualTo("nobody false guest");
            assertThat(get(server, "rest/v1/whoami", "Authorization", bearing("ann", "trader"))
                            .body())
                    .isEqualTo("ann true ann");
            assertThat(get(server, "rest/v1/whoami", "Cookie", "parley-token=" + token("bob"))
                            .body())
                    .isEqualTo("bob false bob");

            HttpResponse<String> forged = get(server, "rest/v1/whoami", "Authorization", "Bearer x.y.z");
            assertThat(forged.statusCode()).isEqualTo(401);
            assertThat(forged.body()).contains("\"retry\":false");
        }
    }

    @Test
    void where_guests_are_not_let_in_no_resource_lets_one_in() throws Exception {
        Map<String, String> settings = Map.of("parley.auth.secret", SECRET, "parley.auth.guests", "false");
        try (StandaloneServer server = start(settings, Everything.class, WhoAmI.class)) {
            assertThat(get(server, "rest/v1/whoami").statusCode()).isEqualTo(401);
            assertThat(get(server, "rest/v1/whoami", "Authorization", bearing("ann"))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void an_application_at_the_root_leaves_the_pages_and_what_is_ours() throws Exception {
        java.nio.file.Path web = Files.createDirectories(folder.resolve("web/greeting"));
        Files.writeString(web.resolve("page.html"), "a page");
        Map<String, String> settings =
                Map.of("parley.web", folder.resolve("web").toString());
        try (StandaloneServer server = start(settings, AtRoot.class, Greetings.class, Greeting.class)) {
            assertThat(get(server, "greeting/page.html").body()).isEqualTo("a page");
            assertThat(get(server, "greeting/ann").body()).isEqualTo("hello, annnull greeting/ann /");
            assertThat(get(server, "nothing").statusCode()).isEqualTo(404);
            assertThat(get(server, "health/live").statusCode()).isEqualTo(200);
            assertThat(get(server, "api/nothing").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void the_guard_stands_before_them_and_bodies_are_bounded() throws Exception {
        Map<String, String> settings = Map.of("parley.limits.message-size", "100000");
        try (StandaloneServer server = start(settings, Few.class, Refusing.class)) {
            assertThat(post(server, "few/refusing", "x".repeat(100_001)).statusCode())
                    .isEqualTo(413);
            assertThat(RawSocket.ask(
                            server.port(),
                            "POST /few/refusing HTTP/1.1",
                            "Host: evil.example",
                            "Content-Length: 0",
                            "Connection: close"))
                    .startsWith("HTTP/1.1 403 ");
            assertThat(RawSocket.ask(
                            server.port(),
                            "POST /few/refusing HTTP/1.1",
                            "Host: localhost",
                            "Origin: https://evil.example",
                            "Content-Length: 0",
                            "Connection: close"))
                    .startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void resources_that_wait_stop_nobody_else_and_beyond_their_number_are_refused() throws Exception {
        Map<String, String> settings =
                Map.of("parley.threads.resources", "20", "parley.threads.resources-waiting", "5");
        try (StandaloneServer server = start(settings, Everything.class, Slow.class)) {
            List<CompletableFuture<HttpResponse<String>>> slow = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                slow.add(http.sendAsync(request(server, "rest/v1/slow").build(), BodyHandlers.ofString()));
            }
            await().untilAsserted(() -> assertThat(Slow.WAITING).hasValue(20));

            assertThat(get(server, "health/live").statusCode()).isEqualTo(200);
            assertThat(get(server, "api/connection").statusCode()).isEqualTo(200);
            assertThat(get(server, "").statusCode()).isEqualTo(200);
            List<CompletableFuture<HttpResponse<String>>> more = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                more.add(http.sendAsync(request(server, "rest/v1/slow").build(), BodyHandlers.ofString()));
            }
            CompletableFuture<Object> refused = CompletableFuture.anyOf(more.toArray(CompletableFuture[]::new));
            assertThat(((HttpResponse<?>) refused.get()).statusCode()).isEqualTo(503);

            Slow.MAY_END.countDown();
            for (CompletableFuture<HttpResponse<String>> one : slow) {
                assertThat(one.get().body()).isEqualTo("done");
            }
        }
    }

    @Test
    void an_application_where_something_else_is_stops_the_start_with_a_sentence() {
        assertThatThrownBy(() -> start(Map.of(), BelowOurs.class))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(
                        BelowOurs.class.getName() + " is at the path \"/api/team\", which is Parley's own.");
        assertThatThrownBy(() -> start(Map.of(), Few.class, FewToo.class))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("are both at the path \"/few\".");
    }

    private StandaloneServer start(Map<String, String> settings, Class<?>... further) {
        Map<String, String> all = new HashMap<>(Map.of(
                "parley.port",
                "0",
                "parley.host",
                "127.0.0.1",
                "parley.data",
                folder.resolve("data").toString()));
        all.putAll(settings);
        Settings read = Settings.read(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(all, "test", LAST))
                .build());
        return StandaloneServer.start(read, further);
    }

    private HttpResponse<String> get(StandaloneServer server, String path, String... headers) throws Exception {
        HttpRequest.Builder request = request(server, path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(StandaloneServer server, String path, String body) throws Exception {
        return http.send(
                request(server, path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(StandaloneServer server, String path) {
        return HttpRequest.newBuilder(URI.create(server.uri() + path));
    }

    private String bearing(String user, String... roles) {
        return "Bearer " + token(user, roles);
    }

    private String token(String user, String... roles) {
        return tokens.signed(SECRET, TestTokens.claims(user, roles).build());
    }
}
