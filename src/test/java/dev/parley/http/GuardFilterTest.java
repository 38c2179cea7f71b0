package dev.parley.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.security.Guard;
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
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GuardFilterTest {
    private final Map<String, String> headers = new HashMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int status = 200;
    private boolean passed;

    @Test
    void aRequestOfTheOwnPagePassesWithTheHeadersThatProtectABrowser() throws Exception {
        filter(List.of("chat.example"), List.of("https://chat.example"));

        assertThat(passed).isTrue();
        assertThat(headers).containsEntry("X-Content-Type-Options", "nosniff");
        assertThat(headers.get("Content-Security-Policy")).contains("wss://chat.example");
    }

    @Test
    void aForeignPageIsRefusedWithASentence() throws Exception {
        filter(List.of("chat.example"), List.of("https://evil.example"));

        assertThat(passed).isFalse();
        assertThat(status).isEqualTo(403);
        assertThat(body.toString(StandardCharsets.UTF_8)).contains("may not use this server");
    }

    @Test
    void everyOriginThatWasSentIsLookedAt() throws Exception {
        filter(List.of("chat.example"), List.of("https://chat.example", "https://evil.example"));

        assertThat(passed).isFalse();
        assertThat(status).isEqualTo(403);
    }

    private void filter(List<String> hosts, List<String> origins) throws Exception {
        GuardFilter filter = new GuardFilter();
        Field guard = GuardFilter.class.getDeclaredField("guard");
        guard.setAccessible(true);
        guard.set(filter, new Guard(HostPolicy.open(List.of()), new OriginPolicy(List.of()), Limits.DEFAULTS));
        filter.doFilter(request(hosts, origins), response(), (request, response) -> passed = true);
    }

    private static HttpServletRequest request(List<String> hosts, List<String> origins) {
        return proxy(HttpServletRequest.class, (name, arguments) -> switch (name) {
            case "getRemoteAddr" -> "203.0.113.7";
            case "isSecure" -> true;
            case "getHeaders" -> Collections.enumeration(arguments[0].equals("Host") ? hosts : origins);
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
