package dev.parley.protocol;

/** What a message says: JSON, bytes with a type, or the mention of bytes too many to travel with the message. */
public sealed interface Body {

    /**
     * Of any JSON text (RFC 8259), which is kept without the white space between its tokens.
     *
     * @throws RefusedException {@code malformed}, when the text is not one JSON value, or one that is nested more than 100 deep
     *     or has a number of more than 1,000 characters or with an exponent of more than 4 digits; the message says which
     */
    static Json json(String text) {
        return new Json(JsonText.compact(text));
    }

    /** The media type (RFC 6838), such as {@code image/png}. */
    String type();

    /** Of what is said, in bytes. */
    long size();

    /** About what it keeps in memory: the characters of a text, or bytes. */
    int weight();

    /** Its type and size alone. */
    default Reference mention() {
        return new Reference(type(), size());
    }

    /** The same, or its mention where it has more than so many bytes. */
    default Body inline(int most) {
        return size() > most ? mention() : this;
    }

    /**
     * Looks at what every door has in common, so that what one has let in every client can read.
     *
     * @throws RefusedException when nobody may publish it, whatever the channel takes
     */
    default void requirePublishable() {
        if (this instanceof Json json) {
            JsonLine.require(json.text());
        }
        if (this instanceof Reference) {
            throw new RefusedException(ErrorCode.UNSUPPORTED_TYPE, "A reference can be read, and not published.");
        }
        if (this instanceof Binary && !Names.isType(type())) {
            throw new RefusedException(ErrorCode.INVALID_NAME, "Not a media type: " + type());
        }
    }

    /** JSON without white space between its tokens, so that it is one line of the wire. {@link Body#json} makes it of any JSON. */
    record Json(String text) implements Body {
        @Override
        public String type() {
            return "application/json";
        }

        @Override
        public long size() {
            return Unicode.utf8Length(text);
        }

        @Override
        public int weight() {
            return text.length();
        }
    }

    /** Bytes with their media type. */
    record Binary(String type, Bytes bytes) implements Body {
        @Override
        public long size() {
            return bytes.size();
        }

        @Override
        public int weight() {
            return bytes.size();
        }
    }

    /**
     * Bytes, or JSON, that stay in the log, since they are more than {@code parley.limits.inline-size}: no cursor carries
     * megabytes. Only read, never published.
     *
     * @param size in bytes
     */
    record Reference(String type, long size) implements Body {
        @Override
        public int weight() {
            return 0;
        }
    }
}
