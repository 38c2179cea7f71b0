package dev.parley.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses from their text, by which no name is looked up. */
class IpAddressTest {
    private static final int ROUNDS = 2_000;

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "203.0.113.9, 203.0.113.9",
        "255.255.255.255, 255.255.255.255",
        "::, 0:0:0:0:0:0:0:0",
        "::1, 0:0:0:0:0:0:0:1",
        "1::, 1:0:0:0:0:0:0:0",
        "2001:DB8::17, 2001:db8:0:0:0:0:0:17",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "64:ff9b::192.0.2.33, 64:ff9b:0:0:0:0:c000:221",
        "1:2:3:4:5:6:192.0.2.33, 1:2:3:4:5:6:c000:221",
        "::ffff:192.0.2.1, 192.0.2.1",
        "::ffff:c000:201, 192.0.2.1",
        "0001:0:0:0:0:0:0:0f, 1:0:0:0:0:0:0:f",
    })
    void what_is_written_as_one_is_one(String text, String address) {
        assertThat(IpAddress.parse(text)).map(IpAddress::toString).contains(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ":",
                ":::",
                "::1::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4::5:6:7:8",
                "::1:2:3:4:5:6:7:8",
                ":1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7:8:",
                "12345::",
                "g::",
                "::\u0661",
                "fe80::1%eth0",
                "fe80::1%1",
                "[::1]",
                "::1 ",
                "192.0.2.1::",
                "::192.0.2.1:1",
                "::192.0.2",
                "::192.0.2.256",
                "1:2:3:4:5:6:7:192.0.2.33",
                "192.0.2",
                "192.0.2.1.",
                ".192.0.2.1",
                "192.0.2.1.1",
                "192..2.1",
                "192.0.2.256",
                "192.0.2.01",
                "192.0.2.0x1",
                "192.0.2.-1",
                "192.0.2.\u0661",
                "3221225985",
                "zzz:q.example",
                "q.example",
                "localhost",
            })
    void anything_else_is_none(String text) {
        assertThat(IpAddress.parse(text)).isEmpty();
    }

    @Test
    void it_is_written_as_a_socket_says_of_its_peer() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = new byte[i % 2 == 0 ? 4 : 16];
            random.nextBytes(bytes);
            for (int zeros = random.nextInt(bytes.length); zeros > 0; zeros--) {
                bytes[random.nextInt(bytes.length)] = 0;
            }
            String text = InetAddress.getByAddress(bytes).getHostAddress();

            assertThat(IpAddress.parse(text.toUpperCase(Locale.ROOT)))
                    .map(IpAddress::toString)
                    .contains(text);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.9, 32, 203.0.113.9",
        "203.0.113.9, 24, 203.0.113.0",
        "203.0.113.9, 1, 128.0.0.0",
        "203.0.113.9, 0, 0.0.0.0",
        "2001:db8:1:2:3:4:5:6, 128, 2001:db8:1:2:3:4:5:6",
        "2001:db8:1:2:3:4:5:6, 72, 2001:db8:1:2:0:0:0:0",
        "2001:db8:1:2:ffff:4:5:6, 65, 2001:db8:1:2:8000:0:0:0",
        "2001:db8:1:2:3:4:5:6, 64, 2001:db8:1:2:0:0:0:0",
        "2001:db8:1:2:3:4:5:6, 32, 2001:db8:0:0:0:0:0:0",
        "2001:db8:1:2:3:4:5:6, 0, 0:0:0:0:0:0:0:0",
    })
    void the_addresses_of_a_network_have_its_bits_in_common(String address, int prefix, String network) {
        assertThat(IpAddress.parse(address).orElseThrow().network(prefix)).hasToString(network);
    }

    @Test
    void a_network_has_no_more_bits_than_the_address() {
        IpAddress address = IpAddress.parse("203.0.113.9").orElseThrow();

        assertThatThrownBy(() -> address.network(33)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> address.network(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
