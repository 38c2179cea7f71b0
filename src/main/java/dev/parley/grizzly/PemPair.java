package dev.parley.grizzly;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;

/**
 * A certificate with those it is signed by, and its private key, of two files in PEM. The hard case is that one file is
 * replaced before the other: each can be read, and yet every handshake would fail, since what the one signs the other does not
 * verify. So that is tried here.
 */
record PemPair(PrivateKey key, List<Certificate> chain) {
    /** By the name of the key's algorithm. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    private static final byte[] SIGNED = {'p', 'a', 'i', 'r'};

    /** @throws InvalidKeyException also when the key is another certificate's */
    static PemPair read(byte[] certificate, byte[] key) throws IOException, GeneralSecurityException {
        PemPair pair = new PemPair(PemKey.read(new String(key, StandardCharsets.US_ASCII)), chain(certificate));
        if (!pair.fits()) {
            throw new InvalidKeyException("the private key is not that of the certificate");
        }
        return pair;
    }

    private boolean fits() throws GeneralSecurityException {
        PublicKey verifies = chain.get(0).getPublicKey();
        if (!verifies.getAlgorithm().equals(key.getAlgorithm())) {
            return false;
        }
        Signature signature = Signature.getInstance(SIGNATURES.get(key.getAlgorithm()));
        signature.initSign(key);
        signature.update(SIGNED);
        byte[] signed = signature.sign();
        try {
            signature.initVerify(verifies);
            signature.update(SIGNED);
            return signature.verify(signed);
        } catch (SignatureException e) { // of another curve, or length
            return false;
        }
    }

    private static List<Certificate> chain(byte[] pem) throws IOException, GeneralSecurityException {
        try (InputStream in = new ByteArrayInputStream(pem)) {
            List<Certificate> chain =
                    List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
            if (chain.isEmpty()) {
                throw new InvalidKeyException("there is no certificate in it");
            }
            return chain;
        }
    }
}
