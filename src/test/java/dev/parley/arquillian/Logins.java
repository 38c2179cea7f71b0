package dev.parley.arquillian;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** Users that every application server of the tests knows, by its own means. */
public final class Logins {
    public static final Login TRADER = new Login("tracy", "trader", "open sesame");
    public static final Login OPERATOR = new Login("olaf", "operator", "close sesame");

    private Logins() {}

    /** A user, with one role. */
    public record Login(String user, String role, String password) {
        /** RFC 7617. */
        public String basic() {
            byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(pair);
        }

        /** As WildFly's files of users have it. */
        String hashed(String realm) {
            try {
                byte[] text = (user + ":" + realm + ":" + password).getBytes(StandardCharsets.UTF_8);
                return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static List<Login> all() {
        return List.of(TRADER, OPERATOR);
    }
}
