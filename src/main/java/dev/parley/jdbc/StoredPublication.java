package dev.parley.jdbc;

import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Member;
import dev.parley.protocol.Unicode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A publication in the form that the tables take, made before a transaction begins. */
final class StoredPublication {
    private final Publication publication;
    private final @Nullable String type;
    private final byte[] data;
    private final Optional<Outcome> refused;

    private StoredPublication(Publication publication, @Nullable String type, byte[] data, Optional<Outcome> refused) {
        this.publication = publication;
        this.type = type;
        this.data = data;
        this.refused = refused;
    }

    static StoredPublication of(Publication publication) {
        Body body = publication.body();
        if (body instanceof Body.Json json) {
            Optional<Outcome> refused = isText(json.text()) ? refusedNames(publication) : refused(ErrorCode.MALFORMED);
            return new StoredPublication(publication, null, json.text().getBytes(StandardCharsets.UTF_8), refused);
        }
        if (body instanceof Body.Binary binary) {
            Optional<Outcome> refused =
                    isText(binary.type()) ? refusedNames(publication) : refused(ErrorCode.INVALID_NAME);
            return new StoredPublication(
                    publication, binary.type(), binary.bytes().toArray(), refused);
        }
        throw new IllegalArgumentException("A reference cannot be published");
    }

    /** The same where it is not to be stored for a reason that is not its own. */
    StoredPublication refused(ErrorCode code, String reason) {
        return refused.isPresent()
                ? this
                : new StoredPublication(publication, type, data, Optional.of(new Outcome.Refused(code, reason)));
    }

    Publication publication() {
        return publication;
    }

    /** Null for JSON. */
    @Nullable
    String type() {
        return type;
    }

    /** Not to be written to. */
    byte[] data() {
        return data;
    }

    /** Why it cannot be stored, whatever the database says. */
    Optional<Outcome> refused() {
        return refused;
    }

    /**
     * Names a key in the table: it belongs to one user, on one channel, whose first epoch is the root. 128 bits of SHA-256,
     * so that nobody finds a key that meets another user's.
     */
    UUID keyId(long channelId, String root, String key) {
        MessageDigest digest = sha256();
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(channelId).flip());
        digest.update(bytes(root + '\0' + publication.from().user() + '\0' + key));
        return uuid(digest);
    }

    /** The same for the same content. */
    UUID digest() {
        MessageDigest digest = sha256();
        digest.update(bytes(type == null ? "json\0" : "binary\0" + type + '\0'));
        digest.update(data);
        return uuid(digest);
    }

    private static Optional<Outcome> refusedNames(Publication publication) {
        Member from = publication.from();
        boolean text = isText(publication.channel())
                && isText(from.user())
                && isText(from.name().orElse(""))
                && isText(publication.key().orElse(""));
        return text ? Optional.empty() : refused(ErrorCode.INVALID_NAME);
    }

    private static Optional<Outcome> refused(ErrorCode code) {
        return Optional.of(new Outcome.Refused(code));
    }

    /**
     * Whether PostgreSQL can hold it: no NUL. Half a surrogate pair, its driver would turn into a question mark without
     * a word.
     */
    private static boolean isText(String text) {
        return text.indexOf('\0') < 0 && Unicode.isWellFormed(text);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static UUID uuid(MessageDigest digest) {
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new UUID(hash.getLong(), hash.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
