package dev.parley.http;

import dev.parley.connection.Connections;
import dev.parley.connection.Transport;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

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
        if (bytes.length == 0) {
            answer.end();
            return;
        }
        Future<?> deadline = connections.after(connections.limits().sendTimeout(), answer::cut);
        answer.write(List.of(ByteBuffer.wrap(bytes)), new Transport.Completion() {
            @Override
            public void sent() {
                deadline.cancel(false);
                answer.end();
            }

            @Override
            public void failed(Throwable reason) {
                deadline.cancel(false);
                answer.cut();
            }
        });
    }
}
