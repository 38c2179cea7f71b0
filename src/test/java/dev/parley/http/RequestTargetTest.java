package dev.parley.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which paths have only one reading. */
class RequestTargetTest {
    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/api/drain, /api/drain",
        "/api/%64rain, /api/drain",
        "/%61pi/channels/a%20b/messages, /api/channels/a b/messages",
        "/api/, /api/",
        "/health/ready, /health/ready",
        "/pages;v=1/a.js, /pages;v=1/a.js",
        "/pages//a.js, /pages//a.js",
        "/apis;x/a, /apis;x/a",
    })
    void what_has_one_is_read(String raw, String path) {
        assertThat(RequestTarget.parse(raw, null)).map(RequestTarget::path).contains(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/drain;x",
                "/api/drain%3bx",
                "/api/drain%3Bx",
                "/api/drain;",
                "/api/drain/;x",
                "/api;x/drain",
                "/api%3Bx/drain",
                "/%61pi;x/drain",
                "/;x/api/drain",
                "//api/drain",
                "/api//drain",
                "/api/drain//",
                "/api/users;x/ann/connections",
                "/api/channels/news;x/messages",
                "/health;x/ready",
                "/health/ready;x",
                "/metrics;x",
                "//metrics",
                "/api/./drain",
                "/api/x/../drain",
                "/api/%2e/drain",
                "/api/%2fdrain",
                "/api%5cdrain",
                "/api/%2564rain",
            })
    void what_has_several_is_not(String raw) {
        assertThat(RequestTarget.parse(raw, null)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"q=100%", "q=a\\b", "%", "q=%zz", "q=1|2{}[]^`", "q=%2"})
    void a_query_may_be_as_browsers_send_it_but_of_what_is_ours(String query) {
        assertThat(RequestTarget.parse("/echo", query)).isPresent();
        assertThat(RequestTarget.parse("/", query)).isPresent();
        assertThat(RequestTarget.parse("/api/events", query).isPresent()).isEqualTo(query.equals("q=1|2{}[]^`"));
        assertThat(RequestTarget.parse("/ec%ho", query)).isEmpty();
        assertThat(RequestTarget.parse("/ec\\ho", query)).isEmpty();
    }
}
