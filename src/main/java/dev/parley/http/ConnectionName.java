package dev.parley.http;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.security.GivenSecrets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The header {@code Parley-Connection}: {@code secret}, or {@code secret.part}. It is unguessable, names a client's logical
 * connection over all its requests, and lets a guest be the same guest; the part, of the client's choice, tells apart
 * several connections of one guest. It stands in no address and no log: there it is called by its
 * {@link #publicName public name}.
 */
record ConnectionName(String secret, Optional<String> part) {
    static final String HEADER = "Parley-Connection";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{32}(\\.[A-Za-z0-9_-]{1,16})?");
    private static final int SECRET_LENGTH = 32;
    private static final int PUBLIC_BYTES = 12;

    /** @throws RefusedException {@code bad-credentials}, for what cannot be one */
    static Optional<ConnectionName> read(List<String> headers) {
        if (headers.isEmpty()) {
            return Optional.empty();
        }
        if (headers.size() > 1 || !FORM.matcher(headers.get(0)).matches()) {
            throw new RefusedException(
                    ErrorCode.BAD_CREDENTIALS,
                    HEADER
                            + " is as an earlier answer gave it: 32 letters, digits, '-' or '_', and if you like a dot and"
                            + " 1 to 16 more of them.");
        }
        String text = headers.get(0);
        Optional<String> part =
                text.length() == SECRET_LENGTH ? Optional.empty() : Optional.of(text.substring(SECRET_LENGTH + 1));
        return Optional.of(new ConnectionName(text.substring(0, SECRET_LENGTH), part));
    }

    /** The one that a request shows, if the server has given it: what a client has made up is no name. */
    static Optional<ConnectionName> given(List<String> headers, GivenSecrets secrets) {
        return read(headers).filter(name -> secrets.include(name.secret()));
    }

    /** For a client that shows none. */
    static ConnectionName fresh(GivenSecrets secrets) {
        return new ConnectionName(secrets.fresh(), Optional.empty());
    }

    /**
     * By which logs and support may call the connection: nobody finds the secret from it, and it is no guest's id either,
     * which is made of the secret too.
     */
    String publicName() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((HEADER + ": " + text()).getBytes(StandardCharsets.US_ASCII));
            return "c" + HexFormat.of().formatHex(digest, 0, PUBLIC_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** As it stands in the header. */
    String text() {
        return secret + part.map(text -> "." + text).orElse("");
    }

    /** Leaves the secret out: what is printed may reach a log. */
    @Override
    public String toString() {
        return "ConnectionName[part=" + part + "]";
    }
}
