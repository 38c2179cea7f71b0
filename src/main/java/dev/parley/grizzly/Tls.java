package dev.parley.grizzly;

import dev.parley.concurrent.GuardedTimer;
import dev.parley.settings.SettingException;
import dev.parley.settings.TlsSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedKeyManager;
import org.glassfish.grizzly.ssl.SSLEngineConfigurator;

/**
 * TLS 1.2 and 1.3 with a certificate from files. When the files change, new connections get the new certificate and those
 * there are go on; files that cannot be read, or that do not fit together while one of a pair is being replaced, change
 * nothing.
 */
final class Tls {
    private static final System.Logger LOGGER = System.getLogger(Tls.class.getName());
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final TlsSettings settings;
    private final ReloadingKeys keys;
    private List<byte[]> seen;

    /** What was told last of what is wrong with the files. */
    private String trouble = "";

    private Tls(TlsSettings settings) throws IOException, GeneralSecurityException {
        this.settings = settings;
        this.seen = contents(settings);
        this.keys = new ReloadingKeys(keyManager(settings, seen));
    }

    /** Reads the files, and looks at them again from time to time. */
    static SSLEngineConfigurator engine(TlsSettings settings, ScheduledExecutorService timer) {
        try {
            Tls tls = new Tls(settings);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {tls.keys}, null, null);
            Future<?> unused = GuardedTimer.every(timer, LOOK, LOOK, tls::look);
            return new SSLEngineConfigurator(context, false, false, false)
                    .setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"})
                    .setEnabledCipherSuites(suites(context));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new SettingException(
                    "The certificate of parley.tls, " + settings + ", cannot be used: " + e.getMessage());
        }
    }

    /** Of those Java enables, only those with forward secrecy. */
    private static String[] suites(SSLContext context) {
        SSLParameters defaults = context.getDefaultSSLParameters();
        return Arrays.stream(defaults.getCipherSuites())
                .filter(suite -> suite.startsWith("TLS_AES_")
                        || suite.startsWith("TLS_CHACHA20_")
                        || suite.startsWith("TLS_ECDHE_"))
                .filter(suite -> !suite.contains("_CBC_"))
                .toArray(String[]::new);
    }

    /** Each state of the files is looked at once, and told of once. */
    private void look() {
        try {
            List<byte[]> now = contents(settings);
            if (!isSame(now, seen)) {
                seen = now;
                keys.replace(keyManager(settings, now));
                trouble = "";
                LOGGER.log(System.Logger.Level.INFO, "New connections get the changed certificate of {0}", settings);
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(trouble)) {
                trouble = reason;
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "The changed certificate of {0} cannot be used, the former stays until it can: {1}",
                        settings,
                        reason);
            }
        }
    }

    private static boolean isSame(List<byte[]> these, List<byte[]> those) {
        return Arrays.deepEquals(these.toArray(), those.toArray());
    }

    private static List<byte[]> contents(TlsSettings settings) throws IOException {
        if (settings instanceof TlsSettings.Pem pem) {
            return List.of(read(pem.certificate()), read(pem.key()));
        }
        return List.of(read(((TlsSettings.KeyStore) settings).file()));
    }

    private static byte[] read(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException("there is no file " + file + " that can be read");
        }
        return Files.readAllBytes(file);
    }

    private static X509ExtendedKeyManager keyManager(TlsSettings settings, List<byte[]> contents)
            throws IOException, GeneralSecurityException {
        char[] password = settings instanceof TlsSettings.KeyStore store
                ? store.password().orElse("").toCharArray()
                : UUID.randomUUID().toString().toCharArray();
        KeyStore keyStore = KeyStore.getInstance("PKCS12");
        if (settings instanceof TlsSettings.KeyStore) {
            keyStore.load(new ByteArrayInputStream(contents.get(0)), password);
        } else {
            keyStore.load(null, password);
            PemPair pair = PemPair.read(contents.get(0), contents.get(1));
            keyStore.setKeyEntry("pem", pair.key(), password, pair.chain().toArray(Certificate[]::new));
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keyStore, password);
        return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
    }
}
