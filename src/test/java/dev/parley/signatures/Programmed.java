package dev.parley.signatures;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerApplicationConfig;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;

/** Endpoints without annotations: each handler of messages, said by its class and by a parameter. */
public class Programmed implements ServerApplicationConfig {
    @Override
    public Set<ServerEndpointConfig> getEndpointConfigs(Set<Class<? extends Endpoint>> scanned) {
        Set<ServerEndpointConfig> configs = new HashSet<>();
        if (scanned.contains(Handlers.class)) {
            configs.add(ServerEndpointConfig.Builder.create(Handlers.class, "/programmed/{how}")
                    .decoders(List.of(Coders.OfText.class, Coders.OfBinary.class))
                    .encoders(List.of(Coders.PointToText.class))
                    .build());
        }
        return configs;
    }

    /** All of the WAR's, but for one. */
    @Override
    public Set<Class<?>> getAnnotatedEndpointClasses(Set<Class<?>> scanned) {
        Set<Class<?>> deployed = new HashSet<>(scanned);
        deployed.remove(LeftOutEndpoint.class);
        return deployed;
    }

    public static class Handlers extends Endpoint {
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void onOpen(Session session, EndpointConfig config) {
            switch (session.getPathParameters().get("how")) {
                case "text" -> session.addMessageHandler(new WholeText(session));
                case "text-by-class" ->
                    session.addMessageHandler(String.class, whole -> send(session, "whole " + whole));
                case "text-parts" ->
                    session.addMessageHandler(String.class, (part, last) -> {
                        text.append(part);
                        if (last) {
                            send(session, "parts " + text);
                        }
                    });
                case "reader" ->
                    session.addMessageHandler(Reader.class, reader -> send(session, "read " + read(reader)));
                case "integer" ->
                    session.addMessageHandler(Integer.class, number -> send(session, "integer " + number));
                case "bytes" ->
                    session.addMessageHandler(byte[].class, whole -> send(session, "bytes " + whole.length));
                case "buffer" ->
                    session.addMessageHandler(ByteBuffer.class, whole -> send(session, "buffer " + whole.remaining()));
                case "bytes-parts" ->
                    session.addMessageHandler(byte[].class, (part, last) -> {
                        bytes.writeBytes(part);
                        if (last) {
                            send(session, "parts " + bytes.size());
                        }
                    });
                case "buffer-parts" ->
                    session.addMessageHandler(ByteBuffer.class, (part, last) -> {
                        bytes.writeBytes(BinaryEndpoints.bytes(part));
                        if (last) {
                            send(session, "parts " + bytes.size());
                        }
                    });
                case "stream" ->
                    session.addMessageHandler(InputStream.class, stream -> send(session, "stream " + read(stream)));
                case "pong" -> {
                    session.addMessageHandler(PongMessage.class, pong -> send(session, "pong"));
                    session.addMessageHandler(String.class, whole -> ping(session));
                }
                case "decoded" -> session.addMessageHandler(Point.class, point -> send(session, point));
                case "failing" ->
                    session.addMessageHandler(String.class, whole -> {
                        throw new IllegalStateException(whole);
                    });
                default -> throw new IllegalArgumentException();
            }
        }

        @Override
        public void onError(Session session, Throwable cause) {
            send(session, "error " + cause.getMessage());
        }

        @Override
        public void onClose(Session session, CloseReason reason) {
            text.setLength(0);
        }

        private static void send(Session session, Object message) {
            Future<Void> unused = session.getAsyncRemote().sendObject(message);
        }

        private static void ping(Session session) {
            try {
                session.getBasicRemote().sendPing(ByteBuffer.allocate(0));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String read(Reader reader) {
            try {
                StringWriter text = new StringWriter();
                reader.transferTo(text);
                return text.toString();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static int read(InputStream stream) {
            try {
                return stream.readAllBytes().length;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class WholeText implements MessageHandler.Whole<String> {
        private final Session session;

        private WholeText(Session session) {
            this.session = session;
        }

        @Override
        public void onMessage(String text) {
            Handlers.send(session, "whole " + text);
        }
    }
}
