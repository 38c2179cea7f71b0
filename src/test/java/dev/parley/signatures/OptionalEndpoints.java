package dev.parley.signatures;

import jakarta.websocket.CloseReason;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;

/** What a method may be given besides, in any order. */
public final class OptionalEndpoints {
    private static final Map<String, String> CLOSED = new ConcurrentHashMap<>();

    private OptionalEndpoints() {}

    @ServerEndpoint("/optional/values/{z}/{b}/{c}/{d}/{f}/{i}/{l}/{s}")
    public static class Values {
        @OnMessage
        public String message(
                @PathParam("z") boolean z,
                @PathParam("b") byte b,
                @PathParam("c") char c,
                @PathParam("d") double d,
                String text,
                @PathParam("f") float f,
                @PathParam("i") int i,
                @PathParam("l") long l,
                @PathParam("s") short s) {
            return z + " " + b + " " + c + " " + d + " " + text + " " + f + " " + i + " " + l + " " + s;
        }
    }

    @ServerEndpoint("/optional/objects/{z}/{b}/{c}/{d}/{f}/{i}/{l}/{s}")
    public static class Objects {
        @OnMessage
        public String message(
                @PathParam("z") Boolean z,
                @PathParam("b") Byte b,
                @PathParam("c") Character c,
                @PathParam("d") Double d,
                String text,
                @PathParam("f") Float f,
                @PathParam("i") Integer i,
                @PathParam("l") Long l,
                @PathParam("s") Short s) {
            return z + " " + b + " " + c + " " + d + " " + text + " " + f + " " + i + " " + l + " " + s;
        }
    }

    /** Which is not in the path. */
    @ServerEndpoint("/optional/missing/{there}")
    public static class Missing {
        @OnMessage
        public String message(
                String text, Session session, @PathParam("there") String there, @PathParam("missing") String missing) {
            return there + " " + missing + " " + new TreeMap<>(session.getRequestParameterMap()).get("missing");
        }
    }

    /** Of the query and of the path by one name. */
    @ServerEndpoint("/optional/both/{name}")
    public static class Both {
        @OnMessage
        public String message(String text, Session session, @PathParam("name") String name) {
            return name + " " + session.getPathParameters() + " "
                    + session.getRequestParameterMap().get("name");
        }
    }

    @ServerEndpoint("/optional/open/{name}")
    public static class Open {
        private String opened = "";

        @OnOpen
        public void open(@PathParam("name") String name, EndpointConfig config, Session session) {
            opened = name + " " + (config != null) + " " + session.isOpen();
        }

        @OnMessage
        public String message(Session session, String text) {
            return opened;
        }
    }

    @ServerEndpoint("/optional/close/{name}")
    public static class Close {
        @OnMessage
        public void message(String text) {}

        @OnClose
        public void close(CloseReason reason, @PathParam("name") String name, Session session) {
            CLOSED.put(name, name + " " + reason.getCloseCode().getCode() + " " + reason.getReasonPhrase());
        }
    }

    @ServerEndpoint("/optional/closed/{name}")
    public static class Closed {
        @OnMessage
        public String message(String text, @PathParam("name") String name) {
            return CLOSED.getOrDefault(name, "not yet");
        }
    }

    @ServerEndpoint("/optional/error/{name}")
    public static class Failing {
        @OnMessage
        public String message(String text) {
            throw new IllegalStateException(text);
        }

        @OnError
        public void error(@PathParam("name") String name, Throwable cause, Session session) {
            Future<Void> unused = session.getAsyncRemote().sendText(name + " " + cause.getMessage());
        }
    }
}
