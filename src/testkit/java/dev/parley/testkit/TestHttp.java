package dev.parley.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;

/**
 * A client over HTTP, by the JDK's, that shows its token with each request. Paths begin with a slash, and with
 * {@code /api} for Parley's own. Thread-safe.
 *
 * <pre>{@code
 * HttpResponse<String> answer = http.publish("orders.london", "{\"item\":\"tea\",\"quantity\":0}");
 * assertThat(answer.statusCode()).isEqualTo(422);
 * }</pre>
 */
public final class TestHttp {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI server;
    private final Optional<String> token;

    TestHttp(URI server, Optional<String> token) {
        this.server = server;
        this.token = token;
    }

    public HttpResponse<String> get(String path) {
        return send(request(path).GET().build());
    }

    /** Sends JSON. */
    public HttpResponse<String> post(String path, String json) {
        return sendJson("POST", path, BodyPublishers.ofString(json));
    }

    /** Sends JSON. */
    public HttpResponse<String> put(String path, String json) {
        return sendJson("PUT", path, BodyPublishers.ofString(json));
    }

    public HttpResponse<String> delete(String path) {
        return send(request(path).DELETE().build());
    }

    /** Publishes JSON to a channel: 201, or problem details (RFC 9457) that say why not. */
    public HttpResponse<String> publish(String channel, String json) {
        return post("/api/channels/" + channel + "/messages", json);
    }

    private HttpResponse<String> sendJson(String method, String path, BodyPublisher body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .method(method, body)
                .build());
    }

    /** A request of one's own, which shows the token. */
    public HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.resolve(path)).timeout(Patience.ofAnAnswer());
        token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        return request;
    }

    /** @throws UncheckedIOException when there is no answer */
    public HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw Patience.interrupted(e);
        }
    }
}
