package dev.parley.e2e;

import dev.parley.standalone.StandaloneServer;
import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Future;

/** A server with a team's endpoints, in a process of its own, as {@link ServerMain}. */
final class TeamServer {
    private static final String LARGE = "x".repeat(100_000);

    private TeamServer() {}

    /** Gives back what it is sent, and waits until the client has it. */
    @ServerEndpoint("/team/back")
    public static class BackEndpoint {
        @OnMessage
        public String message(String text) {
            return text;
        }
    }

    /** Tells all others what one has said, one after the other. */
    @ServerEndpoint("/team/all")
    public static class AllEndpoint {
        @OnMessage
        public void message(Session session, String text) {
            for (Session other : session.getOpenSessions()) {
                try {
                    other.getBasicRemote().sendText(text);
                } catch (IOException | IllegalStateException e) {
                    // its session has closed
                }
            }
        }
    }

    /** Sends much without waiting. */
    @ServerEndpoint("/team/flood")
    public static class FloodEndpoint {
        @OnMessage
        public void message(Session session, String text) {
            for (int i = 0; i < 3_000 && session.isOpen(); i++) {
                Future<Void> unused = session.getAsyncRemote().sendText(LARGE);
            }
        }
    }

    /** Another team's, whose clients read. */
    @ServerEndpoint("/team/echo")
    public static class EchoEndpoint {
        @OnMessage
        public String message(String text) {
            return text;
        }
    }

    @SuppressWarnings("SystemOut") // the one who started it reads it there
    public static void main(String[] args) throws InterruptedException {
        ServerMain.answerInput();
        StandaloneServer server = TestServers.start(
                Path.of(args[0]),
                Map.of("parley.management.port", "0"),
                BackEndpoint.class,
                AllEndpoint.class,
                FloodEndpoint.class,
                EchoEndpoint.class);
        System.out.println("Operators " + server.management());
        System.out.println("Parley for a team on " + server.uri());
        Thread.currentThread().join();
    }
}
