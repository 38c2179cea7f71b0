package dev.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

/** Keys with a certificate of their own for this machine, made by the JDK's {@code keytool} into a PKCS #12 store. */
public final class SelfSigned {
    private SelfSigned() {}

    /**
     * @param name the certificate's common name
     * @param algorithm {@code EC} or {@code RSA}
     */
    public static KeyStore create(Path store, String password, String alias, String name, String algorithm)
            throws IOException, GeneralSecurityException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        password,
                        "-alias",
                        alias,
                        "-keyalg",
                        algorithm,
                        "-keysize",
                        algorithm.equals("EC") ? "256" : "2048",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return read(store, password);
    }

    public static KeyStore read(Path store, String password) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, password.toCharArray());
        }
        return keys;
    }
}
