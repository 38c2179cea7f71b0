package dev.parley.protocol;

/**
 * Why a command failed. The connection goes on.
 *
 * <p>The codes are HTTP's (RFC 9110 section 15; 507: RFC 4918 section 11.5), so that the same failure has the same code on every transport; the
 * name tells failures of one code apart.
 */
public enum ErrorCode {
    /** 400 {@code malformed}, for good. The message is not JSON of the form the protocol asks for. */
    MALFORMED(400, "malformed", false, "The message is not JSON of the form the protocol asks for."),
    /** 400 {@code unknown-command}, for good. There is no such command. */
    UNKNOWN_COMMAND(400, "unknown-command", false, "There is no such command."),
    /** 400 {@code invalid-name}, for good. A channel, key, name or type is empty, too long, or has a character it must not. */
    INVALID_NAME(
            400,
            "invalid-name",
            false,
            "A channel, key, name or type is empty, too long, or has a character it must not."),
    /** 400 {@code late-connect}, for good. The command connect may only be the first. */
    LATE_CONNECT(400, "late-connect", false, "The command connect may only be the first."),
    /** 401 {@code bad-credentials}, for good. The token or secret is not valid. */
    BAD_CREDENTIALS(401, "bad-credentials", false, "The token or secret is not valid."),
    /** 401 {@code token-expired}, for good. The token has expired; a fresh one may do. */
    TOKEN_EXPIRED(401, "token-expired", false, "The token has expired; a fresh one may do."),
    /** 401 {@code wrong-issuer}, for good. The token is of an issuer that this server does not trust. */
    WRONG_ISSUER(401, "wrong-issuer", false, "The token is of an issuer that this server does not trust."),
    /** 401 {@code wrong-audience}, for good. The token is not meant for this server. */
    WRONG_AUDIENCE(401, "wrong-audience", false, "The token is not meant for this server."),
    /** 401 {@code algorithm-not-allowed}, for good. The token is not signed by an allowed algorithm. */
    ALGORITHM_NOT_ALLOWED(401, "algorithm-not-allowed", false, "The token is not signed by an allowed algorithm."),
    /** 401 {@code unknown-key}, to be tried again. The token is signed by a key that this server does not know. */
    UNKNOWN_KEY(401, "unknown-key", true, "The token is signed by a key that this server does not know."),
    /** 401 {@code bad-signature}, for good. The token's signature is not right. */
    BAD_SIGNATURE(401, "bad-signature", false, "The token's signature is not right."),
    /** 401 {@code revoked}, for good. An operator has withdrawn this. */
    REVOKED(401, "revoked", false, "An operator has withdrawn this."),
    /** 403 {@code not-allowed}, for good. The policy forbids it. */
    NOT_ALLOWED(403, "not-allowed", false, "The policy forbids it."),
    /** 404 {@code not-subscribed}, for good. The connection has no subscription to this channel. */
    NOT_SUBSCRIBED(404, "not-subscribed", false, "The connection has no subscription to this channel."),
    /** 404 {@code not-found}, for good. There is no such message, or the history no longer holds it. */
    NOT_FOUND(404, "not-found", false, "There is no such message, or the history no longer holds it."),
    /** 409 {@code already-subscribed}, for good. The connection has a subscription to this channel. */
    ALREADY_SUBSCRIBED(409, "already-subscribed", false, "The connection has a subscription to this channel."),
    /** 409 {@code key-reused}, for good. The key was used for a message with other content. */
    KEY_REUSED(409, "key-reused", false, "The key was used for a message with other content."),
    /** 413 {@code too-large}, for good. The message is larger than the limit. */
    TOO_LARGE(413, "too-large", false, "The message is larger than the limit."),
    /** 415 {@code unsupported-type}, for good. The channel does not take content of this type. */
    UNSUPPORTED_TYPE(415, "unsupported-type", false, "The channel does not take content of this type."),
    /** 422 {@code rejected}, for good. A rule of the channel rejects the message. */
    REJECTED(422, "rejected", false, "A rule of the channel rejects the message."),
    /** 429 {@code too-many-commands}, to be tried again. Commands come faster than the limit. */
    TOO_MANY_COMMANDS(429, "too-many-commands", true, "Commands come faster than the limit."),
    /** 429 {@code too-many-subscriptions}, for good. The connection has as many subscriptions as it may have. */
    TOO_MANY_SUBSCRIPTIONS(
            429, "too-many-subscriptions", false, "The connection has as many subscriptions as it may have."),
    /** 429 {@code too-many-publishes}, to be tried again. Too many publishes are under way, or they bring more bytes than the limit. */
    TOO_MANY_PUBLISHES(
            429,
            "too-many-publishes",
            true,
            "Too many publishes are under way, or they bring more bytes than the limit."),
    /** 429 {@code too-many-channels}, to be tried again. The server has as many channels in memory as it may. */
    TOO_MANY_CHANNELS(429, "too-many-channels", true, "The server has as many channels in memory as it may."),
    /** 500 {@code internal}, to be tried again. The server failed; its log says why. */
    INTERNAL(500, "internal", true, "The server failed; its log says why."),
    /** 503 {@code unavailable}, to be tried again. The log cannot be written or read just now; nothing was acknowledged. */
    UNAVAILABLE(503, "unavailable", true, "The log cannot be written or read just now; nothing was acknowledged."),
    /** 507 {@code log-full}, to be tried again. The log holds as much as it may; there is room when older messages are gone. */
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
