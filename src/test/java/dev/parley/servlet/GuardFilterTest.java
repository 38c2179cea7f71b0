package dev.parley.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Credentials;
import dev.parley.security.CredentialsReader;
import dev.parley.security.Guard;
import dev.parley.security.GuestDoors;
import dev.parley.security.Guests;
import dev.parley.security.HandshakeSender;
import dev.parley.security.HandshakeUsers;
import dev.parley.security.HostPolicy;
import dev.parley.security.Limits;
import dev.parley.security.OriginPolicy;
import dev.parley.testing.TestLimits;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardFilterTest {
    private final Map<String, String> headers = new HashMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final Map<String, List<String>> sent = new HashMap<>();
    private List<String> origins = List.of();
    private Limits limits = Limits.DEFAULTS;
    private Principal principal;
    private HandshakeSender sender;
    private boolean guestsAreLetIn = true;
    private String upgrade;
    private List<String> upgrades;
    private String path = "/chat";
    private String uri = "/chat";
    private String method = "GET";
    private String protocol = "HTTP/1.1";
    private MappingMatch match = MappingMatch.EXACT;
    private int status = 200;
    private boolean passed;

    @Test
    void a_request_of_the_own_page_passes_with_the_headers_that_protect_a_browser() throws Exception {
        filter(List.of("chat.example"), List.of("https://chat.example"));

        assertThat(passed).isTrue();
        assertProtected();
    }

    private void assertProtected() {
        assertThat(headers)
                .containsEntry("X-Content-Type-Options", "nosniff")
                .containsEntry("X-Frame-Options", "DENY")
                .containsEntry("Referrer-Policy", "same-origin");
        assertThat(headers.get("Content-Security-Policy"))
                .startsWith("default-src 'self'; ")
                .endsWith(" connect-src 'self' ws://chat.example wss://chat.example");
    }

    @Test
    void a_foreign_page_is_refused_with_a_sentence() throws Exception {
        filter(List.of("chat.example"), List.of("https://evil.example"));

        assertThat(passed).isFalse();
        assertThat(status).isEqualTo(403);
        assertThat(body.toString(StandardCharsets.UTF_8)).contains("may not use this server");
        assertThat(headers)
                .containsEntry("Content-Type", "text/plain; charset=utf-8")
                .containsEntry("Cache-Control", "no-store");
        assertProtected();
    }

    @Test
    void every_origin_that_was_sent_is_looked_at() throws Exception {
        filter(List.of("chat.example"), List.of("https://chat.example", "https://evil.example"));

        assertThat(passed).isFalse();
        assertThat(status).isEqualTo(403);
    }

    @Test
    void a_handshake_shows_its_session_the_token_and_the_containers_user_with_its_roles() throws Exception {
        sent.put("Upgrade", List.of("WebSocket"));
        sent.put("Cookie", List.of("parley-token=a.b.c"));

        filter(List.of("chat.example"), List.of("https://chat.example"));

        assertThat(passed).isTrue();
        Credentials shown = sender.credentials();
        assertThat(shown.token()).contains("a.b.c");
        assertThat(shown.principal()).contains("ann");
        assertThat(shown.roles()).containsExactly("trader");
        assertThat(HandshakeSender.current()).isEmpty();
    }

    @Test
    void an_endpoint_sees_the_containers_user_and_of_a_token_that_is_not_right_nobody() throws Exception {
        sent.put("Upgrade", List.of("websocket"));
        filter(List.of("chat.example"), List.of());
        assertThat(principal.getName()).isEqualTo("ann");

        sent.put("Authorization", List.of("Bearer a.b.c"));
        filter(List.of("chat.example"), List.of());
        assertThat(passed).isTrue();
        assertThat(principal).isNull();
    }

    @Test
    void where_no_guests_are_let_in_an_endpoint_is_shut_to_them_unless_it_says_otherwise() throws Exception {
        guestsAreLetIn = false;
        sent.put("Upgrade", List.of("websocket"));
        filter(List.of("chat.example"), List.of());
        assertThat(passed).isTrue();

        passed = false;
        sent.put("Authorization", List.of("Bearer a.b.c"));
        filter(List.of("chat.example"), List.of());
        assertThat(passed).isFalse();
        assertThat(status).isEqualTo(401);
        assertThat(headers).containsEntry("WWW-Authenticate", "Bearer");

        path = "/open";
        filter(List.of("chat.example"), List.of());
        assertThat(passed).isTrue();
    }

    @Test
    void a_request_that_is_no_handshake_keeps_its_principal() throws Exception {
        sent.put("Authorization", List.of("Bearer a.b.c"));

        filter(List.of("chat.example"), List.of());

        assertThat(passed).isTrue();
        assertThat(sender).isNull();
        assertThat(principal.getName()).isEqualTo("ann");
    }

    @Test
    void of_a_page_that_only_the_star_lets_in_neither_cookie_nor_login_is_believed() throws Exception {
        origins = List.of("*");
        sent.put("Cookie", List.of("parley-token=a.b.c"));
        filter(List.of("chat.example"), List.of("https://evil.example"));

        assertThat(passed).isTrue();
        assertThat(principal).isNull();

        sent.put("Upgrade", List.of("websocket"));
        filter(List.of("chat.example"), List.of("null"));
        assertThat(sender.credentials()).isEqualTo(Credentials.NONE);

        sent.put("Authorization", List.of("Bearer d.e.f"));
        filter(List.of("chat.example"), List.of("https://evil.example"));
        Credentials shown = sender.credentials();
        assertThat(shown.token()).contains("d.e.f");
        assertThat(shown.principal()).isEmpty();
        assertThat(shown.roles()).isEmpty();
    }

    @Test
    void a_full_node_still_passes_on_what_is_no_handshake() throws Exception {
        limits = TestLimits.connections(1);
        Guard full = guard();
        full.admit("203.0.113.9");
        filter(full, List.of("chat.example"), List.of());
        assertThat(passed).isTrue();

        passed = false;
        sent.put("Upgrade", List.of("websocket"));
        filter(full, List.of("chat.example"), List.of());
        assertThat(passed).isFalse();
        assertThat(status).isEqualTo(503);
    }

    @Test
    void a_handshake_with_two_tokens_is_refused() throws Exception {
        sent.put("Upgrade", List.of("websocket"));
        sent.put("Authorization", List.of("Bearer a.b.c", "Bearer d.e.f"));

        filter(List.of("chat.example"), List.of());

        assertThat(passed).isFalse();
        assertThat(status).isEqualTo(400);
        assertThat(body.toString(StandardCharsets.UTF_8)).contains("more than one Authorization header");
    }

    @Test
    void the_container_is_told_of_the_one_protocol_that_is_meant() throws Exception {
        sent.put("Upgrade", List.of("h2c", "foo, WebSocket"));

        filter(List.of("chat.example"), List.of());

        assertThat(upgrade).isEqualTo("websocket");
        assertThat(upgrades).containsExactly("websocket");
    }

    @Test
    void another_version_of_the_protocol_is_answered_with_the_one_there_is() throws Exception {
        sent.put("Upgrade", List.of("websocket"));
        sent.put("Sec-WebSocket-Version", List.of("8"));

        filter(List.of("chat.example"), List.of());

        assertThat(passed).isFalse();
        assertThat(status).isEqualTo(426);
        assertThat(headers)
                .containsEntry("Upgrade", "websocket")
                .containsEntry("Connection", "Upgrade")
                .containsEntry("Sec-WebSocket-Version", "13");
    }

    @Test
    void a_probe_of_http10_needs_no_host_where_others_do() throws Exception {
        Guard guard = new Guard(HostPolicy.open(List.of("chat.example")), new OriginPolicy(List.of()), limits);
        protocol = "HTTP/1.0";
        match = MappingMatch.PATH;
        path = "/health/live";
        uri = path;
        filter(guard, List.of(), List.of());
        assertThat(passed).isTrue();

        passed = false;
        path = "/chat";
        uri = path;
        filter(guard, List.of(), List.of());
        assertThat(passed).isFalse();
        assertThat(status).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "/parley/api/drain, /api/drain, true",
        "/parley/api/%64rain, /api/drain, true",
        "/parley/api/channels/a%20b/messages, /api/channels/a b/messages, true",
        "/parley;v=1/, /, true",
        "/parley/api/drain;x, /api/drain, false",
        "/parley/api/drain%3Bx, /api/drain;x, false",
        "/parley/api/users;x/ann/connections, /api/users/ann/connections, false",
        "/parley/api;x/drain, /api/drain, false",
        "/parley/api%3bx/drain, /api;x/drain, false",
        "/parley;x/api/drain, /api/drain, false",
        "/parley//api/drain, /api/drain, false",
        "/parley//api/drain, //api/drain, false",
        "/parley/api/./drain, /api/drain, false",
        "/parley/x/../api/drain, /api/drain, false",
        "/parley/api/%2564rain, /api/drain, false",
        "/parley/health;x/ready, /health/ready, false",
        "/parley/metrics;x, /metrics, false",
    })
    void what_the_container_reads_is_what_was_written(String written, String read, boolean isPlain) throws Exception {
        uri = written;
        path = read;

        // No dispatcher is there to serve what passes
        if (isPlain && read.startsWith("/api/")) {
            sent.put("Upgrade", List.of("websocket"));
        }
        filter(List.of("chat.example"), List.of());

        assertThat(passed).isEqualTo(isPlain);
        assertThat(status).isEqualTo(isPlain ? 200 : 400);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /client/parley.js, DEFAULT, true",
        "HEAD, /client/parley.js, DEFAULT, true",
        "POST, /client/parley.js, DEFAULT, false",
        "GET, /client/missing.js, DEFAULT, false",
        "GET, /orders, EXACT, false",
        "GET, /client/page.jsp, EXTENSION, false",
        "GET, /health/ready, DEFAULT, false",
    })
    void a_file_is_given_to_whoever_asks(String method, String path, MappingMatch match, boolean given)
            throws Exception {
        this.method = method;
        this.path = path;
        this.uri = path;
        this.match = match;

        filter(List.of("internal:8080"), List.of("https://chat.example"));

        assertThat(passed).isEqualTo(given);
        assertThat(status).isEqualTo(given ? 200 : 403);
    }

    private Guard guard() {
        return new Guard(HostPolicy.open(List.of()), new OriginPolicy(origins), limits);
    }

    private void filter(List<String> hosts, List<String> origins) throws Exception {
        filter(guard(), hosts, origins);
    }

    private void filter(Guard guard, List<String> hosts, List<String> origins) throws Exception {
        GuardFilter filter = new GuardFilter();
        set(filter, "guard", guard);
        set(filter, "credentials", new CredentialsReader("parley-token", Set.of("trader", "operator")));
        set(filter, "users", new HandshakeUsers(new Guests(), guestsAreLetIn));
        set(filter, "guests", (GuestDoors) path -> path.equals("/open"));
        sent.put("Host", hosts);
        sent.put("Origin", origins);
        filter.doFilter(request(), response(), (request, response) -> {
            passed = true;
            principal = ((HttpServletRequest) request).getUserPrincipal();
            sender = HandshakeSender.current().orElse(null);
            upgrade = ((HttpServletRequest) request).getHeader("Upgrade");
            upgrades = Collections.list(((HttpServletRequest) request).getHeaders("upgrade"));
        });
    }

    private static void set(GuardFilter filter, String name, Object value) throws ReflectiveOperationException {
        Field field = GuardFilter.class.getDeclaredField(name);
        field.setAccessible(true);
        field.set(filter, value);
    }

    private static Object resource(String name) {
        return name.endsWith("missing.js") ? null : GuardFilterTest.class.getResource("GuardFilterTest.class");
    }

    private HttpServletRequest request() {
        Principal ann = () -> "ann";
        return proxy(HttpServletRequest.class, (name, arguments) -> switch (name) {
            case "getServletPath" -> path;
            case "getRequestURI" -> uri;
            case "getMethod" -> method;
            case "getProtocol" -> protocol;
            case "getHeader" ->
                sent.getOrDefault((String) arguments[0], List.of()).stream()
                        .findFirst()
                        .orElse(null);
            case "getHttpServletMapping" -> proxy(HttpServletMapping.class, (asked, nothing) -> match);
            case "getServletContext" -> proxy(ServletContext.class, (asked, what) -> resource((String) what[0]));
            case "getPathInfo" -> null;
            case "getRemoteAddr" -> "203.0.113.7";
            case "isSecure" -> true;
            case "getHeaders" -> Collections.enumeration(sent.getOrDefault((String) arguments[0], List.of()));
            case "getUserPrincipal" -> ann;
            case "isUserInRole" -> arguments[0].equals("trader");
            default -> throw new UnsupportedOperationException(name);
        });
    }

    private HttpServletResponse response() {
        return proxy(HttpServletResponse.class, (name, arguments) -> {
            switch (name) {
                case "setHeader" -> headers.put((String) arguments[0], (String) arguments[1]);
                case "setStatus" -> status = (int) arguments[0];
                case "setContentType" -> headers.put("Content-Type", (String) arguments[0]);
                case "getOutputStream" -> {
                    return output();
                }
                default -> throw new UnsupportedOperationException(name);
            }
            return null;
        });
    }

    private ServletOutputStream output() {
        return new ServletOutputStream() {
            @Override
            public void write(int octet) {
                body.write(octet);
            }

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setWriteListener(WriteListener listener) {
                throw new UnsupportedOperationException();
            }
        };
    }

    @FunctionalInterface
    private interface Answer {
        Object to(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.to(method.getName(), arguments)));
    }
}
