package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.SelfSigned;
import dev.parley.testing.TestTokens;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The settings that {@code server-config} has for an internet server: TLS and signed tokens; here on the embedded database. */
@Timeout(120)
class SettingsFileIT {
    private static final String PASSWORD = "changeit";
    private static final TestTokens TOKENS = new TestTokens();

    @TempDir
    private Path folder;

    @Test
    void a_server_with_these_settings_speaks_tls_and_lets_in_who_has_a_token() throws Exception {
        KeyStore keys = keys();
        Path certificate = pem("CERTIFICATE", keys.getCertificate("chat").getEncoded());
        Path key =
                pem("PRIVATE KEY", keys.getKey("chat", PASSWORD.toCharArray()).getEncoded());
        Path jwks = Files.writeString(folder.resolve("jwks.json"), TestTokens.jwks(TestTokens.rsa()));
        String text = Files.readString(Path.of("server-config/standalone/parley.properties"))
                .replace("parley.host=0.0.0.0", "parley.host=127.0.0.1")
                .replaceAll("(?m)^parley\\.tls\\.certificate=.*", "parley.tls.certificate=" + certificate)
                .replaceAll("(?m)^parley\\.tls\\.key=.*", "parley.tls.key=" + key)
                .replaceAll("(?m)^parley\\.jdbc\\..*", "")
                .replaceAll("(?m)^parley\\.auth\\.jwks=.*", "parley.auth.jwks=" + jwks)
                .replaceAll("(?m)^parley\\.auth\\.issuer=.*", "parley.auth.issuer=" + TestTokens.ISSUER);
        Path settings = Files.writeString(folder.resolve("parley.properties"), text);
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ServerMain.class.getName(),
                "--config",
                settings.toString(),
                "--port",
                "0",
                "--data",
                folder.resolve("data").toString());

        try (ServerProcess server = ServerProcess.start(command, folder)) {
            HttpClient http = HttpClient.newBuilder().sslContext(trusting(keys)).build();
            assertThat(server.uri().getScheme()).isEqualTo("https");
            assertThat(hears(http, server, TOKENS.of("ann"))).contains("\"user\":\"ann\"");
            assertThat(hears(http, server, "")).contains("\"code\":401", "\"name\":\"bad-credentials\"");
        }
    }

    /** What a client is answered when it says who it is. */
    private static String hears(HttpClient http, ServerProcess server, String token) throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try {
            WebSocket socket = http.newWebSocketBuilder()
                    .subprotocols("v1.parley")
                    .buildAsync(
                            TestClient.webSocket(server.uri(), "/channels"), new LineListener(heard::add, (a, b) -> {}))
                    .join();
            socket.sendText(
                            "{\"id\":1,\"connect\":" + (token.isEmpty() ? "{}" : "{\"token\":\"" + token + "\"}") + "}",
                            true)
                    .join();
            String first = String.valueOf(heard.poll(60, TimeUnit.SECONDS));
            socket.abort();
            return first;
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(WebSocketHandshakeException.class);
            return "\"code\":"
                    + ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        }
    }

    private KeyStore keys() throws Exception {
        return SelfSigned.create(folder.resolve("keys.p12"), PASSWORD, "chat", "chat.example.com", "EC");
    }

    private static SSLContext trusting(KeyStore keys) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("chat", keys.getCertificate("chat"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private Path pem(String kind, byte[] bytes) throws Exception {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return Files.writeString(
                folder.resolve(kind.replace(' ', '-') + ".pem"),
                "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n");
    }
}
