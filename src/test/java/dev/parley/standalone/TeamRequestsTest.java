package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.testing.CapturedLogs;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Application;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client asks of a team's own resources, and cannot be given, is the client's mistake and told as ours are. */
@Timeout(120)
class TeamRequestsTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private final CapturedLogs logs = new CapturedLogs();

    @TempDir
    private java.nio.file.Path folder;

    @AfterEach
    void end() {
        logs.close();
    }

    @ApplicationPath("rest")
    public static class Rest extends Application {}

    /** As JSON-B has it. */
    public static class Trade {
        public String item;
        public int quantity;
    }

    @Path("trades")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public static class Trades {
        @POST
        public Trade twice(Trade trade) {
            trade.quantity *= 2;
            return trade;
        }

        @POST
        @Path("object")
        public JsonObject object(JsonObject trade) {
            return trade;
        }

        /** What it reads by itself is its own matter. */
        @POST
        @Path("by-hand")
        public JsonObject byHand(String trade) {
            return Json.createReader(new StringReader(trade)).readObject();
        }
    }

    @Provider
    public static class ProcessingMapper implements ExceptionMapper<ProcessingException> {
        @Override
        public Response toResponse(ProcessingException failure) {
            return Response.status(422).entity("not a trade").build();
        }
    }

    @Provider
    public static class EveryMapper implements ExceptionMapper<WebApplicationException> {
        @Override
        public Response toResponse(WebApplicationException failure) {
            return Response.fromResponse(failure.getResponse()).entity("ours").build();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trades|{",
                "trades|[1]",
                "trades|no",
                "trades|{'quantity':'many'}",
                "trades|''",
                "trades/object|{",
                "trades/object|[1]",
                "trades/object|''"
            },
            quoteCharacter = '"')
    void a_body_that_is_not_the_json_that_is_asked_for(String path, String body) throws Exception {
        try (StandaloneServer server = start(Rest.class, Trades.class)) {
            HttpResponse<String> answer = post(server, path, MediaType.APPLICATION_JSON, body.replace('\'', '"'));

            assertProblem(answer, 400, "malformed");
            assertThat(answer.body()).doesNotContain("Exception", Trade.class.getName());
            assertThat(logs.shown()).noneMatch(line -> line.contains("has failed") || line.contains("Exception"));
        }
    }

    @Test
    void what_a_resource_reads_by_itself_is_its_own_failure() throws Exception {
        try (StandaloneServer server = start(Rest.class, Trades.class)) {
            assertProblem(post(server, "trades/by-hand", MediaType.APPLICATION_JSON, "{"), 500, "internal");
            assertThat(logs.shown()).anyMatch(line -> line.contains("POST /rest/trades/by-hand has failed"));
        }
    }

    @Test
    void what_jakarta_rest_answers_by_itself_is_told_as_problem_details() throws Exception {
        try (StandaloneServer server = start(Rest.class, Trades.class)) {
            assertProblem(post(server, "nothing", MediaType.APPLICATION_JSON, "{}"), 404, "not-found");
            assertProblem(post(server, "trades", MediaType.TEXT_PLAIN, "{}"), 415, "malformed");
            HttpRequest.Builder request = request(server, "trades");
            HttpResponse<String> got = http.send(request.GET().build(), BodyHandlers.ofString());
            assertProblem(got, 405, "malformed");
            assertThat(got.headers().firstValue("Allow")).get().asString().contains("POST");
            request.setHeader("Accept", "text/csv")
                    .setHeader("Content-Type", MediaType.APPLICATION_JSON)
                    .POST(BodyPublishers.ofString("{}"));
            assertProblem(http.send(request.build(), BodyHandlers.ofString()), 406, "malformed");
        }
    }

    @Test
    void mappers_of_the_team_go_first() throws Exception {
        try (StandaloneServer server = start(Rest.class, Trades.class, ProcessingMapper.class, EveryMapper.class)) {
            assertThat(post(server, "trades", MediaType.APPLICATION_JSON, "{").body())
                    .isEqualTo("not a trade");
            assertThat(post(server, "nothing", MediaType.APPLICATION_JSON, "{}").body())
                    .isEqualTo("ours");
        }
    }

    /** Writes until it cannot. */
    @Path("endless")
    public static class Endless {
        @GET
        public StreamingOutput endless() {
            return out -> {
                while (true) {
                    out.write(new byte[8_192]);
                }
            };
        }

        @GET
        @Path("unreadable")
        public StreamingOutput unreadable() {
            return out -> {
                out.write(new byte[100_000]);
                throw new IOException("no such file");
            };
        }
    }

    @Test
    void a_client_that_goes_while_it_is_answered_is_no_failure() throws Exception {
        try (StandaloneServer server = start(Rest.class, Endless.class)) {
            try (RawSocket client = RawSocket.open(server.port())) {
                client.send("GET /rest/endless HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(client.readHeader()).startsWith("HTTP/1.1 200");
            }
            await().until(() -> logs.lines().stream().anyMatch(line -> line.contains("A client has gone")));
        }
        assertThat(logs.shown()).noneMatch(line -> line.contains("Exception"));
    }

    @Test
    void what_a_resource_cannot_read_for_its_answer_is_its_failure() throws Exception {
        try (StandaloneServer server = start(Rest.class, Endless.class);
                RawSocket client = RawSocket.open(server.port())) {
            client.send("GET /rest/endless/unreadable HTTP/1.1\r\nHost: localhost\r\n\r\n");
            await().until(() -> logs.shown().stream().anyMatch(line -> line.contains("no such file")));
        }
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String name) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body()).contains("\"status\":" + status, "\"name\":\"" + name + "\"");
    }

    private HttpResponse<String> post(StandaloneServer server, String path, String type, String body) throws Exception {
        HttpRequest.Builder request = request(server, path).setHeader("Content-Type", type);
        return http.send(request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(StandaloneServer server, String path) {
        return HttpRequest.newBuilder(URI.create(server.uri() + "rest/" + path));
    }

    private StandaloneServer start(Class<?>... classes) {
        return StandaloneServer.start(
                StandaloneSettings.read(Map.of("parley.port", "0", "parley.data", folder.toString()), Optional.empty()),
                classes);
    }
}
