package dev.parley.protocol;

/**
 * Why a command failed. The connection goes on.
 *
 * <p>The codes are HTTP's (RFC 9110 section 15; 507: RFC 4918 section 11.5), so that the same failure has the same code on every transport; the
 * name tells failures of one code apart.
 */
public enum ErrorCode {
    MALFORMED(400, "malformed", false, "The message is not JSON of the form the protocol asks for."),
    UNKNOWN_COMMAND(400, "unknown-command", false, "There is no such command."),
    INVALID_NAME(
            400,
            "invalid-name",
            false,
            "A channel, key, name or type is empty, too long, or has a character it must not."),
    LATE_CONNECT(400, "late-connect", false, "The command connect may only be the first."),
    BAD_CREDENTIALS(401, "bad-credentials", false, "The token or secret is not valid."),
    TOKEN_EXPIRED(401, "token-expired", false, "The token has expired; a fresh one may do."),
    WRONG_ISSUER(401, "wrong-issuer", false, "The token is of an issuer that this server does not trust."),
    WRONG_AUDIENCE(401, "wrong-audience", false, "The token is not meant for this server."),
    ALGORITHM_NOT_ALLOWED(401, "algorithm-not-allowed", false, "The token is not signed by an allowed algorithm."),
    UNKNOWN_KEY(401, "unknown-key", true, "The token is signed by a key that this server does not know."),
    BAD_SIGNATURE(401, "bad-signature", false, "The token's signature is not right."),
    REVOKED(401, "revoked", false, "An operator has withdrawn this."),
    NOT_ALLOWED(403, "not-allowed", false, "The policy forbids it."),
    NOT_SUBSCRIBED(404, "not-subscribed", false, "The connection has no subscription to this channel."),
    NOT_FOUND(404, "not-found", false, "There is no such message, or the history no longer holds it."),
    ALREADY_SUBSCRIBED(409, "already-subscribed", false, "The connection has a subscription to this channel."),
    KEY_REUSED(409, "key-reused", false, "The key was used for a message with other content."),
    TOO_LARGE(413, "too-large", false, "The message is larger than the limit."),
    UNSUPPORTED_TYPE(415, "unsupported-type", false, "The channel does not take content of this type."),
    REJECTED(422, "rejected", false, "A rule of the channel rejects the message."),
    TOO_MANY_COMMANDS(429, "too-many-commands", true, "Commands come faster than the limit."),
    TOO_MANY_SUBSCRIPTIONS(
            429, "too-many-subscriptions", false, "The connection has as many subscriptions as it may have."),
    TOO_MANY_PUBLISHES(
            429,
            "too-many-publishes",
            true,
            "Too many publishes are under way, or they bring more bytes than the limit."),
    TOO_MANY_CHANNELS(429, "too-many-channels", true, "The server has as many channels in memory as it may."),
    INTERNAL(500, "internal", true, "The server failed; its log says why."),
    UNAVAILABLE(503, "unavailable", true, "The log cannot be written or read just now; nothing was acknowledged."),
    LOG_FULL(507, "log-full", true, "The log holds as much as it may; there is room when older messages are gone.");

    private final int code;
    private final String label;
    private final boolean retry;
    private final String sentence;

    ErrorCode(int code, String label, boolean retry, String sentence) {
        this.code = code;
        this.label = label;
        this.retry = retry;
        this.sentence = sentence;
    }

    /** HTTP's, 400 to 599. */
    public int code() {
        return code;
    }

    /** The name on the wire. */
    public String label() {
        return label;
    }

    /** Whether the same command may succeed later. */
    public boolean retry() {
        return retry;
    }

    /** What is told where there is nothing more particular to say. */
    public String sentence() {
        return sentence;
    }
}
