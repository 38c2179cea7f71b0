package dev.parley.chat;

import dev.parley.endpoint.ChannelSessions;
import dev.parley.endpoint.GuestsAllowed;
import dev.parley.endpoint.ParleyConfigurator;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.Start;
import jakarta.inject.Inject;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.nio.ByteBuffer;

/**
 * A chat room over the channel {@code chat.{room}}: the worked example of a team's own endpoint. Text messages are
 * <code>{"text":"hi"}</code>, binary messages are images; {@code ?name=Ann} says how to be shown, {@code ?after=} with a
 * position or {@code ?history=} with a number where to begin (the last 50 otherwise).
 */
@GuestsAllowed // who may not join is told why by a code, which a refused handshake does not show to a browser
@ServerEndpoint(
        value = "/chat/{room}",
        encoders = ChatMessageEncoder.class,
        decoders = ChatMessageDecoder.class,
        configurator = ParleyConfigurator.class)
public class ChatEndpoint {
    private static final System.Logger LOGGER = System.getLogger(ChatEndpoint.class.getName());

    @Inject
    ChannelSessions sessions;

    @OnOpen
    public void open(Session session, @PathParam("room") String room) {
        Start start = ChatStart.of("chat." + room, session.getRequestParameterMap());
        sessions.join(session, start, ChatMessage.class, ChatMessage::of);
    }

    @OnMessage
    public void said(Session session, ChatMessage message) {
        new ChatRoom(sessions, session).say(message);
    }

    @OnMessage(maxMessageSize = ChannelSessions.MOST)
    public void showed(Session session, ByteBuffer image) {
        new ChatRoom(sessions, session).show(Bytes.copyOf(image));
    }

    @OnMessage
    public void pong(Session session, PongMessage pong) {
        sessions.heard(session);
    }

    @OnClose
    public void close(Session session) {
        sessions.leave(session);
    }

    @OnError
    public void error(Throwable failure) {
        LOGGER.log(System.Logger.Level.DEBUG, "A session failed", failure);
    }
}
