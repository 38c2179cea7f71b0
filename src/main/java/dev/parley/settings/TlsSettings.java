package dev.parley.settings;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the server's own certificate is: {@code parley.tls.*}. Without any of them it speaks HTTP and {@code ws} in
 * the clear.
 */
public sealed interface TlsSettings {

    /** {@code keystore}, a PKCS12 file, and its {@code password}. */
    record KeyStore(Path file, Optional<String> password) implements TlsSettings {
        /** Leaves the password out: what is printed may reach a log. */
        @Override
        public String toString() {
            return "KeyStore[file=" + file + "]";
        }
    }

    /** {@code certificate}, a chain in PEM, and {@code key}, its private key in PEM, not encrypted. */
    record Pem(Path certificate, Path key) implements TlsSettings {}

    static Optional<TlsSettings> read(SettingsReader reader) {
        Optional<Path> keyStore = reader.text("parley.tls.keystore").map(Path::of);
        Optional<String> password = reader.text("parley.tls.password");
        Optional<Path> certificate = reader.text("parley.tls.certificate").map(Path::of);
        Optional<Path> key = reader.text("parley.tls.key").map(Path::of);
        if (certificate.isPresent() != key.isPresent() || (keyStore.isPresent() && key.isPresent())) {
            throw new SettingException(
                    "For TLS either parley.tls.keystore is set, or both parley.tls.certificate and parley.tls.key.");
        }
        return keyStore.<TlsSettings>map(file -> new KeyStore(file, password))
                .or(() -> certificate.map(file -> new Pem(file, key.orElseThrow())));
    }
}
