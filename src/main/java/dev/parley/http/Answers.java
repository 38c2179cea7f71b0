package dev.parley.http;

import dev.parley.connection.Connections;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Answers that are known whole when they begin. */
final class Answers {
    private Answers() {}

    static void json(Answer answer, Map<String, String> headers, String body, Connections connections) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", "application/json");
        all.put("Cache-Control", "no-store");
        send(answer, 200, all, body, connections);
    }

    static void problem(Answer answer, Problem problem, Connections connections) {
        send(answer, problem.status(), problem.headers(), problem.body(), connections);
    }

    /** Whoever does not take it within the time for a send is cut off. */
    static void send(Answer answer, int status, Map<String, String> headers, String body, Connections connections) {
        byte[] bytes = (body.isEmpty() ? body : body + "\n").getBytes(StandardCharsets.UTF_8);
        answer.begin(status, headers, bytes.length);
        new Sending(answer, ByteBuffer.wrap(bytes), connections, () -> {}).start();
    }
}
