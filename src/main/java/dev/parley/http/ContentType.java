package dev.parley.http;

import dev.parley.protocol.Bytes;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What a body says that it is (RFC 9110 section 8.3). */
final class ContentType {
    private ContentType() {}

    static boolean isJson(String type) {
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().equalsIgnoreCase("application/json");
    }

    /** @throws RefusedException when the bytes are not in UTF-8, the only encoding of JSON (RFC 8259 section 8.1) */
    static String text(String type, Bytes bytes) {
        String parameters = type.toLowerCase(Locale.ROOT).replace("\"", "").replace(" ", "");
        if (parameters.contains(";charset=") && !parameters.contains(";charset=utf-8")) {
            throw new RefusedException(ErrorCode.UNSUPPORTED_TYPE, "JSON is in UTF-8 and no other encoding.");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.asBuffer()).toString();
        } catch (CharacterCodingException e) {
            throw new RefusedException(ErrorCode.MALFORMED, "The body is not UTF-8.");
        }
    }
}
