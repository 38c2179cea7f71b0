package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.settings.SettingException;
import dev.parley.testing.CapturedLogs;
import dev.parley.testing.SelfSigned;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class TlsTest {
    private static final String PASSWORD = "changeit";

    /** What an answer that goes on begins with (RFC 5246 section 6.2.1). */
    private static final int HANDSHAKE = 22;

    @TempDir
    private static Path keys;

    @TempDir
    private Path folder;

    @BeforeAll
    static void makeKeys() throws Exception {
        keytool("one", "EC");
        keytool("two", "EC");
        keytool("rsa", "RSA");
    }

    @Test
    void a_keystore_is_read_anew_when_it_changes_and_connections_go_on() throws Exception {
        Path store = Files.copy(keys.resolve("one.p12"), folder.resolve("server.p12"));
        Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
        try (StandaloneServer server = start(Map.of(
                "parley.tls.keystore", store.toString(),
                "parley.tls.password-file", password.toString()))) {
            assertThat(subject(server)).isEqualTo("CN=one");
            RecordingWebSocket before = new RecordingWebSocket(client(), server.webSocket("/echo"));

            Files.writeString(store, "not yet whole");
            Files.copy(keys.resolve("two.p12"), store, StandardCopyOption.REPLACE_EXISTING);

            await().atMost(20, TimeUnit.SECONDS).until(() -> subject(server).equals("CN=two"));
            before.send("still here");
            assertThat(before.next()).isEqualTo("still here");
        }
    }

    @Test
    void the_page_and_the_echo_are_served_over_tls() throws Exception {
        try (StandaloneServer server = start(
                Map.of("parley.tls.keystore", keys.resolve("one.p12").toString(), "parley.tls.password", PASSWORD))) {
            HttpResponse<String> page =
                    client().send(HttpRequest.newBuilder(server.uri()).build(), HttpResponse.BodyHandlers.ofString());
            RecordingWebSocket echo = new RecordingWebSocket(client(), server.webSocket("/echo"));
            String large = "x".repeat(1_000_000);
            echo.send(large);

            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("<title>");
            assertThat(server.uri()).hasScheme("https");
            assertThat(echo.next()).isEqualTo(large);
            echo.socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
            assertThat(echo.closed.get(10, TimeUnit.SECONDS)).startsWith("1000");
        }
    }

    @Test
    void who_sends_a_body_that_is_too_large_is_told_so_over_tls_too() throws Exception {
        try (StandaloneServer server = start(
                Map.of("parley.tls.keystore", keys.resolve("one.p12").toString(), "parley.tls.password", PASSWORD))) {
            for (int i = 0; i < 5; i++) {
                HttpResponse<String> answer = client().send(
                                HttpRequest.newBuilder(server.uri().resolve("api/channels/news/messages"))
                                        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[10_000_000]))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());

                assertThat(answer.statusCode()).isEqualTo(413);
                assertThat(answer.body()).contains("parley.limits.message-size").endsWith("}\n");
            }
        }
    }

    @Test
    void only_tls12_and13_are_spoken() throws Exception {
        try (StandaloneServer server = start(
                Map.of("parley.tls.keystore", keys.resolve("one.p12").toString(), "parley.tls.password", PASSWORD))) {
            assertThat(protocol(server, "TLSv1.3")).isEqualTo("TLSv1.3");
            assertThat(protocol(server, "TLSv1.2")).isEqualTo("TLSv1.2");
            assertThat(answerToHello(server, 0x0303)).isEqualTo(HANDSHAKE);
            assertThat(answerToHello(server, 0x0302)).as("to TLS 1.1").isNotEqualTo(HANDSHAKE);
            assertThat(answerToHello(server, 0x0301)).as("to TLS 1.0").isNotEqualTo(HANDSHAKE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS8 of EC", "PKCS8 of RSA", "PKCS1", "SEC1"})
    void a_pair_of_pem_files_is_taken_in_every_usual_form(String form) throws Exception {
        String name = form.equals("PKCS8 of RSA") || form.equals("PKCS1") ? "rsa" : "one";
        Path certificate = Files.writeString(folder.resolve("cert.pem"), certificate(name));
        Path key = Files.writeString(folder.resolve("key.pem"), key(name, form));
        try (StandaloneServer server =
                start(Map.of("parley.tls.certificate", certificate.toString(), "parley.tls.key", key.toString()))) {
            assertThat(subject(server)).isEqualTo("CN=" + name);
        }
    }

    @Test
    void a_certificate_that_cannot_be_used_is_told_in_one_sentence() throws Exception {
        Path certificate = Files.writeString(folder.resolve("cert.pem"), certificate("one"));
        Path key = Files.writeString(folder.resolve("key.pem"), "nothing");

        assertThatThrownBy(() -> start(
                        Map.of("parley.tls.certificate", certificate.toString(), "parley.tls.key", key.toString())))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("The certificate of parley.tls, ")
                .hasMessageEndingWith("there is no private key in it");
    }

    @Test
    void a_pair_is_taken_when_both_of_its_files_have_come_and_the_old_one_is_kept_till_then() throws Exception {
        Path certificate = Files.writeString(folder.resolve("cert.pem"), certificate("one"));
        Path key = Files.writeString(folder.resolve("key.pem"), key("one", "PKCS8 of EC"));
        CapturedLogs logs = new CapturedLogs();
        try (StandaloneServer server =
                start(Map.of("parley.tls.certificate", certificate.toString(), "parley.tls.key", key.toString()))) {
            Files.writeString(certificate, certificate("two"));
            await().atMost(20, TimeUnit.SECONDS).until(() -> kept(logs) == 1);
            assertThat(subject(server)).isEqualTo("CN=one");

            Files.writeString(key, key("two", "PKCS8 of EC"));
            await().atMost(20, TimeUnit.SECONDS).until(() -> subject(server).equals("CN=two"));

            Files.writeString(key, key("rsa", "PKCS1"));
            await().atMost(20, TimeUnit.SECONDS).until(() -> kept(logs) == 2);
            Files.delete(key);
            await().atMost(20, TimeUnit.SECONDS).until(() -> kept(logs) == 3);
            assertThat(subject(server)).isEqualTo("CN=two");
            Files.writeString(certificate, certificate("rsa"));
            Files.writeString(key, key("rsa", "PKCS1"));
            await().atMost(20, TimeUnit.SECONDS).until(() -> subject(server).equals("CN=rsa"));
            assertThat(kept(logs)).isBetween(3L, 4L);
        } finally {
            logs.close();
        }
    }

    @Test
    void a_pair_that_does_not_fit_is_told_at_the_start() throws Exception {
        Path certificate = Files.writeString(folder.resolve("cert.pem"), certificate("one"));
        Path key = Files.writeString(folder.resolve("key.pem"), key("two", "PKCS8 of EC"));

        assertThatThrownBy(() -> start(
                        Map.of("parley.tls.certificate", certificate.toString(), "parley.tls.key", key.toString())))
                .isInstanceOf(SettingException.class)
                .hasMessageEndingWith("the private key is not that of the certificate");
    }

    private static long kept(CapturedLogs logs) {
        return logs.shown().stream()
                .filter(line -> line.contains("cannot be used, the former stays"))
                .count();
    }

    private StandaloneServer start(Map<String, String> tls) {
        Map<String, String> settings = new HashMap<>(tls);
        settings.put("parley.port", "0");
        settings.put("parley.data", folder.toString());
        return StandaloneServer.start(settings);
    }

    private static String subject(StandaloneServer server) throws IOException, GeneralSecurityException {
        try (SSLSocket socket = (SSLSocket) trusting().getSocketFactory().createSocket("127.0.0.1", server.port())) {
            socket.startHandshake();
            X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return certificate.getSubjectX500Principal().getName();
        }
    }

    private static String protocol(StandaloneServer server, String protocol)
            throws IOException, GeneralSecurityException {
        try (SSLSocket socket = (SSLSocket) trusting().getSocketFactory().createSocket("127.0.0.1", server.port())) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.startHandshake();
            return socket.getSession().getProtocol();
        }
    }

    /** The first octet for a client that offers this version at most, or none: the JDK's own would not even ask. */
    private static int answerToHello(StandaloneServer server, int version) throws IOException {
        ByteBuffer hello = ByteBuffer.allocate(128);
        hello.putInt(0x01000000); // client_hello, and its length, which is known at the end
        hello.putShort((short) version).put(new byte[32]).put((byte) 0);
        // TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 or _CBC_SHA without compression, on secp256r1, signed with SHA-256
        hello.put(HexFormat.of().parseHex("0004c02bc009" + "0100" + "0016"));
        hello.put(HexFormat.of().parseHex("000a000400020017" + "000b00020100" + "000d000400020403"));
        hello.putShort(2, (short) (hello.position() - 4)).flip();
        ByteBuffer record = ByteBuffer.allocate(5 + hello.remaining());
        record.put((byte) HANDSHAKE).putShort((short) 0x0301).putShort((short) hello.remaining());
        record.put(hello);
        try (RawSocket socket = RawSocket.open(server.port())) {
            byte[] first = socket.send(record.array()).read(1);
            return first.length == 0 ? -1 : first[0];
        }
    }

    private static HttpClient client() throws GeneralSecurityException {
        return HttpClient.newBuilder().sslContext(trusting()).build();
    }

    /** The certificates are our own, so that who they are from is not asked. */
    private static SSLContext trusting() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAll()}, null);
        return context;
    }

    private static void keytool(String name, String algorithm)
            throws IOException, GeneralSecurityException, InterruptedException {
        SelfSigned.create(keys.resolve(name + ".p12"), PASSWORD, name, name, algorithm);
    }

    private static KeyStore store(String name) throws IOException, GeneralSecurityException {
        return SelfSigned.read(keys.resolve(name + ".p12"), PASSWORD);
    }

    private static String certificate(String name) throws IOException, GeneralSecurityException {
        Certificate certificate = store(name).getCertificate(name);
        return pem("CERTIFICATE", certificate.getEncoded());
    }

    private static String key(String name, String form) throws IOException, GeneralSecurityException {
        PrivateKey key = (PrivateKey) store(name).getKey(name, PASSWORD.toCharArray());
        byte[] pkcs8 = key.getEncoded();
        return switch (form) {
            // The header of a PKCS8 key of 2,048 bits is always as long
            case "PKCS1" -> pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length));
            case "SEC1" -> pem("EC PRIVATE KEY", sec1(Arrays.copyOfRange(pkcs8, 35, 67)));
            default -> pem("PRIVATE KEY", pkcs8);
        };
    }

    private static byte[] sec1(byte[] secret) {
        return HexFormat.of()
                .parseHex("30310201010420" + HexFormat.of().formatHex(secret) + "a00a06082a8648ce3d030107");
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END "
                + label
                + "-----\n";
    }

    private static final class TrustsAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
