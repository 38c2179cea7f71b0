package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.standalone.StandaloneServer;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A client over HTTP, by the JDK's, which sends some headers with every request. */
public final class HttpApiClient {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI api;
    private final List<String> headers;

    private HttpApiClient(URI api, List<String> headers) {
        this.api = api;
        this.headers = headers;
    }

    /** @param headers a name, its value, and so on */
    public static HttpApiClient of(StandaloneServer server, String... headers) {
        return of(server.uri(), headers);
    }

    public static HttpApiClient of(URI server, String... headers) {
        return new HttpApiClient(server.resolve("api/"), List.of(headers));
    }

    /** The guest of a new connection. */
    public HttpApiClient connected() throws Exception {
        String name = json(get("connection")).getString("secret");
        return new HttpApiClient(api, List.of("Parley-Connection", name));
    }

    /** The same with a new connection's name, beside what it shows. */
    public HttpApiClient connectedAs() throws Exception {
        List<String> all = new ArrayList<>(headers);
        all.addAll(List.of("Parley-Connection", header(get("connection"), "Parley-Connection")));
        return new HttpApiClient(api, List.copyOf(all));
    }

    /** The value of the first of its headers. */
    public String header() {
        return headers.get(1);
    }

    public URI uri(String path) {
        return api.resolve(path);
    }

    public HttpResponse<String> get(String path, String... further) throws IOException, InterruptedException {
        return HTTP.send(request(path, further).build(), BodyHandlers.ofString());
    }

    public CompletableFuture<HttpResponse<String>> later(String path, String... further) {
        return HTTP.sendAsync(request(path, further).build(), BodyHandlers.ofString());
    }

    public HttpResponse<String> post(String channel, String type, byte[] body, String... further)
            throws IOException, InterruptedException {
        HttpRequest request = request("channels/" + channel + "/messages", further)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    public HttpResponse<String> say(String channel, String json, String... further)
            throws IOException, InterruptedException {
        return post(channel, "application/json", json.getBytes(StandardCharsets.UTF_8), further);
    }

    public HttpResponse<String> ask(String method, String path, String... further)
            throws IOException, InterruptedException {
        return HTTP.send(
                request(path, further).method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    public HttpRequest.Builder request(String path, String... further) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(90));
        for (int i = 0; i < headers.size(); i += 2) {
            request.header(headers.get(i), headers.get(i + 1));
        }
        for (int i = 0; i < further.length; i += 2) {
            request.header(further[i], further[i + 1]);
        }
        return request;
    }

    public static JsonObject json(HttpResponse<String> answer) {
        return json(answer.body());
    }

    public static JsonObject json(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    public static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    /** The status and the name of an answer that is problem details, which says the same of itself: {@code 403 not-allowed}. */
    public static String problem(HttpResponse<String> answer) {
        assertThat(header(answer, "Content-Type")).as(answer.body()).isEqualTo("application/problem+json");
        JsonObject problem = json(answer);
        assertThat(problem.getInt("status")).isEqualTo(answer.statusCode());
        return answer.statusCode() + " " + problem.getString("name");
    }

    /** The data of the messages of a read. */
    public static List<String> data(JsonObject read) {
        return read.getJsonArray("messages").getValuesAs(JsonObject.class).stream()
                .filter(push -> push.containsKey("data"))
                .map(push -> push.get("data").toString())
                .toList();
    }
}
