package dev.parley.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.security.Credentials;
import dev.parley.security.CredentialsReader;
import dev.parley.security.Guard;
import dev.parley.security.HandshakePrincipal;
import dev.parley.security.HostPolicy;
import dev.parley.security.Limits;
import dev.parley.security.OriginPolicy;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
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

class GuardFilterTest {
    private final Map<String, String> headers = new HashMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final Map<String, List<String>> sent = new HashMap<>();
    private Principal principal;
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
        Credentials shown = HandshakePrincipal.credentialsOf(principal);
        assertThat(shown.token()).contains("a.b.c");
        assertThat(shown.principal()).contains("ann");
        assertThat(shown.roles()).containsExactly("trader");
    }

    @Test
    void a_request_that_is_no_handshake_keeps_its_principal() throws Exception {
        sent.put("Authorization", List.of("Bearer a.b.c"));

        filter(List.of("chat.example"), List.of());

        assertThat(passed).isTrue();
        assertThat(principal).isNotInstanceOf(HandshakePrincipal.class);
        assertThat(principal.getName()).isEqualTo("ann");
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

    private void filter(List<String> hosts, List<String> origins) throws Exception {
        GuardFilter filter = new GuardFilter();
        set(filter, "guard", new Guard(HostPolicy.open(List.of()), new OriginPolicy(List.of()), Limits.DEFAULTS));
        set(filter, "credentials", new CredentialsReader("parley-token", Set.of("trader", "operator")));
        sent.put("Host", hosts);
        sent.put("Origin", origins);
        filter.doFilter(request(), response(), (request, response) -> {
            passed = true;
            principal = ((HttpServletRequest) request).getUserPrincipal();
        });
    }

    private static void set(GuardFilter filter, String name, Object value) throws ReflectiveOperationException {
        Field field = GuardFilter.class.getDeclaredField(name);
        field.setAccessible(true);
        field.set(filter, value);
    }

    private HttpServletRequest request() {
        Principal ann = () -> "ann";
        return proxy(HttpServletRequest.class, (name, arguments) -> switch (name) {
            case "getServletPath" -> "/chat";
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
