package dev.parley.http;

import dev.parley.connection.Connections;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Responses that are known whole when they begin. */
final class WholeResponses {
    private WholeResponses() {}

    static void json(ResponseWriter response, Map<String, String> headers, String body, Connections connections) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", "application/json");
        all.put("Cache-Control", "no-store");
        send(response, 200, all, body, connections);
    }

    static void problem(ResponseWriter response, Problem problem, Connections connections) {
        problem(response, problem, Map.of(), connections);
    }

    /** @param further headers beside the problem's own */
    static void problem(
            ResponseWriter response, Problem problem, Map<String, String> further, Connections connections) {
        Map<String, String> headers = new LinkedHashMap<>(further);
        headers.putAll(problem.headers());
        send(response, problem.status(), headers, problem.body(), connections);
    }

    /** Whoever does not take it within the time for a send is cut off. */
    static void send(
            ResponseWriter response, int status, Map<String, String> headers, String body, Connections connections) {
        byte[] bytes = (body.isEmpty() ? body : body + "\n").getBytes(StandardCharsets.UTF_8);
        response.begin(status, headers, bytes.length);
        new BodySender(response, ByteBuffer.wrap(bytes), connections, () -> {}).start();
    }
}
