package dev.parley.benchmark.peer;

import jakarta.websocket.OnClose;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What everybody writes on Jakarta WebSocket: a set of sessions, and a loop over {@code getAsyncRemote}. */
@SuppressWarnings("FutureReturnValueIgnored") // a session that is gone is closed by its container
final class JakartaRoom {
    private static final Set<Session> SESSIONS = ConcurrentHashMap.newKeySet();

    private JakartaRoom() {}

    /** One gets here what is published. */
    @ServerEndpoint("/room")
    public static final class Room {
        @OnOpen
        public void open(Session session) {
            SESSIONS.add(session);
            session.getAsyncRemote().sendText("ready");
        }

        @OnClose
        public void close(Session session) {
            SESSIONS.remove(session);
        }
    }

    /** To all in the room. */
    @ServerEndpoint("/publish")
    public static final class Publish {
        @OnMessage
        public void message(String text) {
            for (Session session : SESSIONS) {
                session.getAsyncRemote().sendText(text);
            }
        }
    }

    /** Back to who sent it. */
    @ServerEndpoint("/echo")
    public static final class Echo {
        @OnMessage
        public void message(Session session, String text) {
            session.getAsyncRemote().sendText(text);
        }
    }
}
