package dev.parley.frames;

import jakarta.websocket.MessageHandler;
import java.io.InputStream;
import java.io.Reader;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;
import java.util.Set;
import org.glassfish.tyrus.core.TyrusSession;

/**
 * How a session's handlers take their messages, those of methods and those that are added: whole, in parts, or as a
 * stream. Tyrus knows, and tells nobody outside of its package before it has the message: too late for who reads it.
 */
final class SessionHandlers {
    private static final MethodHandle PARTIAL_TEXT = asked("isPartialTextHandlerPresent");
    private static final MethodHandle PARTIAL_BINARY = asked("isPartialBinaryHandlerPresent");
    private static final MethodHandle WHOLE_TEXT = asked("isWholeTextHandlerPresent");
    private static final MethodHandle WHOLE_BINARY = asked("isWholeBinaryHandlerPresent");
    private static final MethodHandle READER = asked("isReaderHandlerPresent");
    private static final MethodHandle INPUT_STREAM = asked("isInputStreamHandlerPresent");
    private static final MethodHandle HANDLER =
            find("getMessageHandler", MethodType.methodType(MessageHandler.Whole.class, Class.class));
    private static final MethodHandle PART_TYPE = partType();
    private static final String OF_METHODS = "org.glassfish.tyrus.core.";

    private final TyrusSession session;

    /** Of a session that has been opened. */
    SessionHandlers(TyrusSession session) {
        this.session = session;
        // Asked for them Tyrus makes a set, and keeps it for as long as the session lives
        if (session.isOpen() && (isPartial(true) || isPartial(false))) {
            Set.copyOf(session.getMessageHandlers()).forEach(this::lift);
        }
    }

    /** The largest size of a message that a method says is not that of a part, as Tyrus takes it. */
    private void lift(MessageHandler handler) {
        if (handler instanceof MessageHandler.Partial<?> partial && isOfMethod(handler)) {
            session.removeMessageHandler(handler);
            add(partTypeOf(handler), partial);
        }
    }

    @SuppressWarnings("unchecked") // the type is what the handler takes
    private <T> void add(Class<T> type, MessageHandler.Partial<?> handler) {
        session.addMessageHandler(type, new OfMethod<>((MessageHandler.Partial<T>) handler));
    }

    /** Stands for a method. */
    private record OfMethod<T>(MessageHandler.Partial<T> handler) implements MessageHandler.Partial<T> {
        @Override
        public void onMessage(T part, boolean last) {
            handler.onMessage(part, last);
        }
    }

    private static boolean isOfMethod(MessageHandler handler) {
        return handler instanceof OfMethod || handler.getClass().getName().startsWith(OF_METHODS);
    }

    boolean isPartial(boolean text) {
        return is(text ? PARTIAL_TEXT : PARTIAL_BINARY);
    }

    /** Whether there is one for texts, or for bytes. */
    boolean areThere(boolean text) {
        return is(text ? WHOLE_TEXT : WHOLE_BINARY) || isPartial(text);
    }

    /** Of text. */
    Optional<MessageHandler.Whole<Reader>> reader() {
        return is(READER) ? stream(Reader.class) : Optional.empty();
    }

    /** Of bytes. */
    Optional<MessageHandler.Whole<InputStream>> inputStream() {
        return is(INPUT_STREAM) ? stream(InputStream.class) : Optional.empty();
    }

    /** Bytes or characters of a message that the session takes whole. */
    int mostWhole(boolean text) {
        return text ? session.getMaxTextMessageBufferSize() : session.getMaxBinaryMessageBufferSize();
    }

    /** Whether all of them stand for methods of the endpoint, and there is one. */
    boolean areOfMethods() {
        return !session.getMessageHandlers().isEmpty()
                && session.getMessageHandlers().stream().allMatch(SessionHandlers::isOfMethod);
    }

    private boolean is(MethodHandle asked) {
        try {
            return (boolean) asked.invokeExact(session);
        } catch (Throwable e) { // as MethodHandle declares it
            throw broken(e);
        }
    }

    @SuppressWarnings("unchecked") // as it was registered
    private <T> Optional<MessageHandler.Whole<T>> stream(Class<T> type) {
        try {
            return Optional.ofNullable(
                    (MessageHandler.Whole<T>) (MessageHandler.Whole<?>) HANDLER.invoke(session, type));
        } catch (Throwable e) { // as MethodHandle declares it
            throw broken(e);
        }
    }

    private static Class<?> partTypeOf(MessageHandler handler) {
        try {
            return (Class<?>) PART_TYPE.invoke(handler);
        } catch (Throwable e) { // as MethodHandle declares it
            throw broken(e);
        }
    }

    private static MethodHandle partType() {
        try {
            MethodHandles.Lookup tyrus = MethodHandles.privateLookupIn(TyrusSession.class, MethodHandles.lookup());
            Class<?> handlers = tyrus.findClass(OF_METHODS + "AsyncMessageHandler");
            return tyrus.findVirtual(handlers, "getType", MethodType.methodType(Class.class));
        } catch (ReflectiveOperationException e) {
            throw broken(e);
        }
    }

    private static MethodHandle asked(String method) {
        return find(method, MethodType.methodType(boolean.class));
    }

    private static MethodHandle find(String method, MethodType type) {
        try {
            return MethodHandles.privateLookupIn(TyrusSession.class, MethodHandles.lookup())
                    .findVirtual(TyrusSession.class, method, type);
        } catch (ReflectiveOperationException e) {
            throw broken(e);
        }
    }

    private static IllegalStateException broken(Throwable cause) {
        return new IllegalStateException("This is another version of Tyrus", cause);
    }
}
