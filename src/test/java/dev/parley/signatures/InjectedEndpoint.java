package dev.parley.signatures;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;

/** Is made by its Configurator, which lets the container make it, and calls a bean of the request. */
@ServerEndpoint(value = "/injected", configurator = InjectedEndpoint.Maker.class)
public class InjectedEndpoint {
    @Inject
    Call call;

    private boolean isMade;
    private String opened = "";

    public static class Maker extends ServerEndpointConfig.Configurator {
        @Override
        public <T> T getEndpointInstance(Class<T> type) throws InstantiationException {
            T made = super.getEndpointInstance(type);
            ((InjectedEndpoint) made).isMade = true;
            return made;
        }
    }

    /** Counts within one request. */
    @RequestScoped
    public static class Call {
        private int count;

        public int count() {
            return ++count;
        }
    }

    @OnOpen
    public void open() {
        opened = counted();
    }

    @OnMessage
    public String message(String text, Session session) {
        return switch (text) {
            case "made" -> isMade && call != null ? "made and injected" : isMade ? "made" : "neither";
            case "open" -> opened;
            case "user" -> String.valueOf(session.getUserPrincipal());
            default -> counted();
        };
    }

    private String counted() {
        try {
            return call.count() + " " + call.count();
        } catch (RuntimeException e) { // no context
            return e.getClass().getSimpleName();
        }
    }
}
