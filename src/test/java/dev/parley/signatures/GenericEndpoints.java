package dev.parley.signatures;

import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;

/** Whose messages are of a class that another class names. */
public final class GenericEndpoints {
    private GenericEndpoints() {}

    public abstract static class Room<M> {
        @OnMessage
        public String message(M message) {
            return message.getClass().getSimpleName() + " " + message;
        }
    }

    public abstract static class Desk<T> extends Room<T> {}

    @ServerEndpoint("/generic/text")
    public static class Texts extends Room<String> {}

    @ServerEndpoint("/generic/integer")
    public static class Integers extends Desk<Integer> {}

    @ServerEndpoint(value = "/generic/decoded", decoders = Coders.OfText.class)
    public static class Points extends Desk<Point> {}
}
