package dev.parley.chat;

import dev.parley.protocol.Bytes;
import java.util.Optional;

/** Tells the images that a room takes by what they hold, not by what they say they are. */
final class Images {
    private Images() {}

    /** PNG, JPEG, GIF or WebP, by the first bytes as WHATWG MIME Sniffing section 6.1 has them. */
    static Optional<String> type(Bytes bytes) {
        String type = null;
        if (bytes.matches(0, 0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a)) {
            type = "image/png";
        } else if (bytes.matches(0, 0xff, 0xd8, 0xff)) {
            type = "image/jpeg";
        } else if (bytes.matches(0, 'G', 'I', 'F', '8', '7', 'a') || bytes.matches(0, 'G', 'I', 'F', '8', '9', 'a')) {
            type = "image/gif";
        } else if (bytes.matches(0, 'R', 'I', 'F', 'F') && bytes.matches(8, 'W', 'E', 'B', 'P', 'V', 'P')) {
            type = "image/webp";
        }
        return Optional.ofNullable(type);
    }
}
