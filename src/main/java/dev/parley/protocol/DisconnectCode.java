package dev.parley.protocol;

/**
 * Why the server ends a connection: the WebSocket close code (RFC 6455 section 7.4) and whether to come back.
 *
 * <p>Of the private range, 4000 to 4099 say come back and resume, 4100 to 4199 say do not.
 */
public enum DisconnectCode {
    /** 1000 {@code closed}, for good. The conversation is over. */
    NORMAL(1000, "closed", false, "The conversation is over."),
    /** 1002 {@code protocol-error}, for good. A frame breaks the rules of WebSocket. */
    PROTOCOL_ERROR(1002, "protocol-error", false, "A frame breaks the rules of WebSocket."),
    /** 1003 {@code unsupported-data}, for good. The endpoint does not take messages of this kind. */
    UNSUPPORTED_DATA(1003, "unsupported-data", false, "The endpoint does not take messages of this kind."),
    /** 1007 {@code invalid-data}, for good. A text is not UTF-8. */
    INVALID_DATA(1007, "invalid-data", false, "A text is not UTF-8."),
    /** 1009 {@code too-large}, for good. A message is larger than the limit (parley.limits.message-size). */
    TOO_LARGE(1009, "too-large", false, "A message is larger than the limit (parley.limits.message-size)."),
    /** 1011 {@code internal}, to come back. The server failed; its log says why. */
    INTERNAL(1011, "internal", true, "The server failed; its log says why."),
    /** 1012 {@code restart}, to come back. The server is stopping or starting again. */
    RESTART(1012, "restart", true, "The server is stopping or starting again."),
    /** 1013 {@code try-again}, to come back. The server has as many connections, or holds as much, as it may (parley.limits.connections). */
    OVERLOADED(
            1013,
            "try-again",
            true,
            "The server has as many connections, or holds as much, as it may (parley.limits.connections)."),
    /** 4001 {@code token-expired}, to come back. Come back with a fresh token. */
    TOKEN_EXPIRED(4001, "token-expired", true, "Come back with a fresh token."),
    /** 4002 {@code slow}, to come back. A send was not taken, or a message did not come, within the time limit (parley.limits.send-timeout, parley.limits.body-timeout). */
    SLOW(
            4002,
            "slow",
            true,
            "A send was not taken, or a message did not come, within the time limit (parley.limits.send-timeout,"
                    + " parley.limits.body-timeout)."),
    /** 4003 {@code silent}, to come back. The peer did not answer a ping (parley.ping.timeout). */
    SILENT(4003, "silent", true, "The peer did not answer a ping (parley.ping.timeout)."),
    /** 4004 {@code too-many-commands}, to come back. Commands kept coming faster than the limit (parley.limits.commands-per-second). */
    TOO_MANY_COMMANDS(
            4004,
            "too-many-commands",
            true,
            "Commands kept coming faster than the limit (parley.limits.commands-per-second)."),
    /** 4005 {@code replies-unread}, to come back. The client asks, and does not read the replies (parley.limits.replies-unread). */
    REPLIES_UNREAD(
            4005,
            "replies-unread",
            true,
            "The client asks, and does not read the replies (parley.limits.replies-unread)."),
    /** 4101 {@code bad-credentials}, for good. The token or secret is not valid. */
    BAD_CREDENTIALS(4101, "bad-credentials", false, "The token or secret is not valid."),
    /** 4102 {@code no-sub-protocol}, for good. The client offers no sub-protocol of this endpoint. */
    NO_SUB_PROTOCOL(4102, "no-sub-protocol", false, "The client offers no sub-protocol of this endpoint."),
    /** 4104 {@code revoked}, for good. An operator has ended the user's connections. */
    REVOKED(4104, "revoked", false, "An operator has ended the user's connections."),
    /** 4103 {@code bad-request}, for good. The address names no channel that can be. */
    BAD_REQUEST(4103, "bad-request", false, "The address names no channel that can be."),
    /** 4105 {@code not-allowed}, for good. The policy forbids it. */
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
