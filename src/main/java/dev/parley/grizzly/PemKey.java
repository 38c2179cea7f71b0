package dev.parley.grizzly;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a private key in PEM (RFC 7468): PKCS8, which Java knows, and the older forms that openssl still writes, PKCS1 for
 * RSA (RFC 8017 appendix A) and SEC1 for elliptic curves (RFC 5915), by putting a PKCS8 header before them.
 */
final class PemKey {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----([^-]*)-----END \\1-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] VERSION = HEX.parseHex("020100");
    private static final byte[] RSA = HEX.parseHex("300d06092a864886f70d0101010500");
    private static final byte[] EC = HEX.parseHex("06072a8648ce3d0201");

    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int CURVE = 0xa0;
    private static final int LONG_FORM = 0x80;

    private PemKey() {}

    static PrivateKey read(String pem) throws GeneralSecurityException {
        Matcher block = BLOCK.matcher(pem);
        if (!block.find()) {
            throw new InvalidKeyException("there is no private key in it");
        }
        byte[] der = Base64.getMimeDecoder().decode(block.group(2));
        return switch (block.group(1)) {
            case "RSA PRIVATE KEY" -> key(der(SEQUENCE, VERSION, RSA, der(OCTETS, der)));
            case "EC PRIVATE KEY" -> key(der(SEQUENCE, VERSION, der(SEQUENCE, EC, curve(der)), der(OCTETS, der)));
            case "ENCRYPTED PRIVATE KEY" ->
                throw new InvalidKeyException("the private key is encrypted; a PKCS12 keystore takes a password");
            default -> key(der);
        };
    }

    private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // of another kind
            }
        }
        throw new InvalidKeyException("the private key is of no kind that is known: " + String.join(", ", ALGORITHMS));
    }

    /** The curve stands in the parameters, which RFC 5915 has beside the key under the tag 0. */
    private static byte[] curve(byte[] sec1) throws InvalidKeyException {
        int at = contents(sec1, 0);
        while (at < sec1.length) {
            int begin = contents(sec1, at);
            int end = begin + length(sec1, at);
            if ((sec1[at] & 0xff) == CURVE && end <= sec1.length) {
                return Arrays.copyOfRange(sec1, begin, end);
            }
            at = end;
        }
        throw new InvalidKeyException("the private key does not name its curve");
    }

    private static int contents(byte[] der, int at) {
        int form = der[at + 1] & 0xff;
        return at + 2 + (form < LONG_FORM ? 0 : form - LONG_FORM);
    }

    private static int length(byte[] der, int at) {
        int form = der[at + 1] & 0xff;
        int length = form < LONG_FORM ? form : 0;
        for (int i = at + 2; i < contents(der, at); i++) {
            length = (length << Byte.SIZE) | (der[i] & 0xff);
        }
        return length;
    }

    private static byte[] der(int tag, byte[]... contents) {
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        for (byte[] content : contents) {
            inner.writeBytes(content);
        }
        ByteArrayOutputStream der = new ByteArrayOutputStream();
        der.write(tag);
        if (inner.size() >= LONG_FORM) {
            der.write(LONG_FORM + 2);
            der.write(inner.size() >>> Byte.SIZE);
        }
        der.write(inner.size());
        der.writeBytes(inner.toByteArray());
        return der.toByteArray();
    }
}
