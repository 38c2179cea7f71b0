package dev.parley.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuestPathsTest {
    @ParameterizedTest
    @CsvSource({
        "/news, /news, true",
        "/news, /news/, false",
        "/news, /newspaper, false",
        "/rooms/{room}, /rooms/a, true",
        "/rooms/{room}, /rooms/, false",
        "/rooms/{room}, /rooms/a/b, false",
        "/rooms/{room}/lobby, /rooms/a/lobby, true",
        "/rooms/{room}/lobby, /rooms/a/desk, false",
    })
    void a_path_is_open_where_an_endpoint_says_so(String template, String path, boolean isOpen) {
        GuestPaths paths = new GuestPaths();
        paths.open(template);

        assertThat(paths.isOpen(path)).isEqualTo(isOpen);
    }
}
