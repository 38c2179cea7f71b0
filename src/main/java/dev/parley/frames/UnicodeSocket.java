package dev.parley.frames;

import jakarta.websocket.SendHandler;
import java.util.concurrent.Future;
import org.glassfish.tyrus.core.ProtocolHandler;
import org.glassfish.tyrus.core.TyrusEndpointWrapper;
import org.glassfish.tyrus.core.TyrusWebSocket;
import org.glassfish.tyrus.core.frame.Frame;
import org.glassfish.tyrus.spi.WriterInfo;
import org.jspecify.annotations.Nullable;

/**
 * Sends texts that are well formed, however they are cut: the first half of a surrogate pair waits for the part with the
 * second, and a half that stays alone becomes U+FFFD, as everywhere where Unicode is written. With Tyrus's own an
 * {@link Error} comes out of {@code sendText}.
 */
class UnicodeSocket extends TyrusWebSocket {
    private static final char REPLACEMENT = '\ufffd';

    /** The end of the last part, or empty. Parts of a message are sent by one at a time. */
    private volatile String half = "";

    UnicodeSocket(ProtocolHandler protocol, TyrusEndpointWrapper endpoint) {
        super(protocol, endpoint);
    }

    @Override
    public Future<Frame> sendText(String text, WriterInfo info) {
        return super.sendText(wellFormed(text), info);
    }

    @Override
    public void sendText(String text, SendHandler handler, WriterInfo info) {
        super.sendText(wellFormed(text), handler, info);
    }

    @Override
    public Future<Frame> sendText(@Nullable String part, boolean last, WriterInfo info) {
        String all = half + (part == null ? "" : part); // Tyrus's Writer has none when it is closed after a flush
        boolean waits = !last && !all.isEmpty() && Character.isHighSurrogate(all.charAt(all.length() - 1));
        int end = waits ? all.length() - 1 : all.length();
        half = all.substring(end);
        return super.sendText(wellFormed(all.substring(0, end)), last, info);
    }

    /** The same where there is nothing to mend. */
    static String wellFormed(String text) {
        int alone = lone(text, 0);
        if (alone == text.length()) {
            return text;
        }
        StringBuilder mended = new StringBuilder(text);
        while (alone < text.length()) {
            mended.setCharAt(alone, REPLACEMENT);
            alone = lone(text, alone + 1);
        }
        return mended.toString();
    }

    /** Where the next half of a pair is without the other; the length where there is none. */
    private static int lone(String text, int from) {
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (!Character.isSurrogate(c)) {
                at++;
            } else if (Character.isHighSurrogate(c)
                    && at + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(at + 1))) {
                at += 2;
            } else {
                return at;
            }
        }
        return at;
    }
}
