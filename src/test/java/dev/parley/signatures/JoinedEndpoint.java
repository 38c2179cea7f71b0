package dev.parley.signatures;

import dev.parley.endpoint.ChannelSessions;
import dev.parley.endpoint.ParleyConfigurator;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.websocket.EncodeException;
import jakarta.websocket.Encoder;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;

/** Joins a channel, through an Encoder into which a bean is injected. */
@ServerEndpoint(value = "/joined", encoders = JoinedEndpoint.WordEncoder.class, configurator = ParleyConfigurator.class)
public class JoinedEndpoint {
    @Inject
    ChannelSessions sessions;

    /** What the Encoder writes with. */
    @ApplicationScoped
    public static class Ink {
        public String colour() {
            return "blue";
        }
    }

    /** What is written. */
    public record Word(String text) {}

    public static class WordEncoder implements Encoder.Text<Word> {
        @Inject
        Ink ink;

        @Override
        public String encode(Word word) {
            return (ink == null ? "no ink" : ink.colour()) + " " + word.text();
        }
    }

    @OnOpen
    public void open(Session session) {
        sessions.join(session, "signatures.joined", Word.class);
    }

    @OnMessage
    public void message(Session session, String text) throws EncodeException {
        sessions.reply(session, new Word(text));
    }

    @OnClose
    public void close(Session session) {
        sessions.leave(session);
    }
}
