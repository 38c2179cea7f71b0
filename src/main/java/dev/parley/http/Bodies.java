package dev.parley.http;

import dev.parley.protocol.Bytes;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.security.Limits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a request, within the limit: one that is too long is refused by the length it declares, or else at
 * the first byte too many. Standalone the front has read it whole before, and no thread waits here.
 */
@ApplicationScoped
public class Bodies {
    private static final int PIECE = 16 * 1024;
    private static final int DIGITS = 18;

    @Inject
    Limits limits;

    /**
     * @param declared the header Content-Length, when there is one
     * @throws RefusedException {@code too-large}; {@code malformed} when the client breaks off
     */
    Bytes read(InputStream body, @Nullable String declared) {
        int most = limits.messageSize();
        if (declared != null && (declared.length() > DIGITS || Long.parseLong(declared) > most)) {
            throw tooLarge();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(declared == null ? PIECE : Integer.parseInt(declared));
        byte[] piece = new byte[PIECE];
        try {
            for (int count = body.read(piece); count >= 0; count = body.read(piece)) {
                bytes.write(piece, 0, count);
                if (bytes.size() > most) {
                    throw tooLarge();
                }
            }
        } catch (IOException e) {
            throw new RefusedException(ErrorCode.MALFORMED, "The body ended too early.");
        }
        return Bytes.wrap(bytes.toByteArray());
    }

    private RefusedException tooLarge() {
        return new RefusedException(
                ErrorCode.TOO_LARGE,
                "The body is larger than " + limits.messageSize() + " bytes (parley.limits.message-size).");
    }
}
