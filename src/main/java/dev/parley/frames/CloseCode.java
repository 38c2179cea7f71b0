package dev.parley.frames;

/** The codes of close frames (RFC 6455 section 7.4, and the registry that it begins). */
final class CloseCode {
    private static final int FIRST = 1000;
    private static final int LAST_REGISTERED = 1014;
    private static final int RESERVED = 1004;
    private static final int NO_STATUS = 1005;
    private static final int ABNORMAL = 1006;
    private static final int FIRST_OF_LIBRARIES = 3000;
    private static final int LAST_PRIVATE = 4999;

    private CloseCode() {}

    /** Whether a close frame may have it: 1004 means nothing yet, and 1005, 1006 and 1015 stand for what was not sent. */
    static boolean mayBeSent(int code) {
        boolean registered =
                code >= FIRST && code <= LAST_REGISTERED && code != RESERVED && code != NO_STATUS && code != ABNORMAL;
        return registered || (code >= FIRST_OF_LIBRARIES && code <= LAST_PRIVATE);
    }
}
