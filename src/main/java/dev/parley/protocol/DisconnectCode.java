package dev.parley.protocol;

/**
 * Why the server ends a connection: the WebSocket close code (RFC 6455 section 7.4) and whether to come back.
 *
 * <p>Of the private range, 4000 to 4099 say come back and resume, 4100 to 4199 say do not.
 */
public enum DisconnectCode {
    NORMAL(1000, "closed", false, "The conversation is over."),
    PROTOCOL_ERROR(1002, "protocol-error", false, "A frame breaks the rules of WebSocket."),
    UNSUPPORTED_DATA(1003, "unsupported-data", false, "The endpoint does not take messages of this kind."),
    INVALID_DATA(1007, "invalid-data", false, "A text is not UTF-8."),
    TOO_LARGE(1009, "too-large", false, "A message is larger than the limit (parley.limits.message-size)."),
    INTERNAL(1011, "internal", true, "The server failed; its log says why."),
    RESTART(1012, "restart", true, "The server is stopping or starting again."),
    OVERLOADED(
            1013,
            "try-again",
            true,
            "The server has as many connections, or holds as much, as it may (parley.limits.connections)."),
    TOKEN_EXPIRED(4001, "token-expired", true, "Come back with a fresh token."),
    SLOW(
            4002,
            "slow",
            true,
            "A send was not taken, or a message did not come, within the time limit (parley.limits.send-timeout,"
                    + " parley.limits.body-timeout)."),
    SILENT(4003, "silent", true, "The peer did not answer a ping (parley.ping.timeout)."),
    TOO_MANY_COMMANDS(
            4004,
            "too-many-commands",
            true,
            "Commands kept coming faster than the limit (parley.limits.commands-per-second)."),
    REPLIES_UNREAD(
            4005,
            "replies-unread",
            true,
            "The client asks, and does not read the replies (parley.limits.replies-unread)."),
    BAD_CREDENTIALS(4101, "bad-credentials", false, "The token or secret is not valid."),
    NO_SUB_PROTOCOL(4102, "no-sub-protocol", false, "The client offers no sub-protocol of this endpoint."),
    REVOKED(4104, "revoked", false, "An operator has ended the user's connections."),
    BAD_REQUEST(4103, "bad-request", false, "The address names no channel that can be."),
    NOT_ALLOWED(4105, "not-allowed", false, "The policy forbids it.");

    private final int code;
    private final String label;
    private final boolean reconnect;
    private final String sentence;

    DisconnectCode(int code, String label, boolean reconnect, String sentence) {
        this.code = code;
        this.label = label;
        this.reconnect = reconnect;
        this.sentence = sentence;
    }

    /** Of the close frame. */
    public int code() {
        return code;
    }

    /** The name on the wire. */
    public String label() {
        return label;
    }

    /** Whether the client should come back. */
    public boolean reconnect() {
        return reconnect;
    }

    /** What it means, for people. */
    public String sentence() {
        return sentence;
    }

    /** The reason of the close frame; at most 123 bytes (RFC 6455 section 5.5.1). */
    public String reason() {
        return label + (reconnect ? "; reconnect" : "; do not reconnect");
    }
}
