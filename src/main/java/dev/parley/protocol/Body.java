package dev.parley.protocol;

/** What a message says: JSON, bytes with a type, or the mention of bytes too many to travel with the message. */
public sealed interface Body {

    /** JSON without white space between its tokens, so that it is one line of the wire. {@link Json#compact} makes it. */
    record Json(String text) implements Body {}

    /** Bytes with their media type (RFC 6838), such as {@code image/png}. */
    record Binary(String type, Bytes bytes) implements Body {}

    /**
     * Bytes that stay in the log, since they are more than {@code parley.limits.inline-size}: no cursor carries
     * megabytes. Only read, never published.
     *
     * @param size in bytes
     */
    record Reference(String type, long size) implements Body {}
}
