package dev.parley.security;

import java.util.Locale;
import java.util.Optional;

/**
 * Host and port of a URL (RFC 3986 section 3.2), as the headers Host and Origin have them.
 *
 * @param host in lower case, without the dot that may end a full name; an IPv6 address stands in brackets, in its one
 *     canonical form, so that two spellings of it are equal
 * @param port -1 when none is given
 */
public record Authority(String host, int port) {
    private static final String NAME_MARKS = "._~-";
    private static final String LOOPBACK = "[::1]";
    private static final int LONGEST_NAME = 253;
    private static final int LONGEST_PORT = 5;
    private static final int LAST_PORT = 65_535;

    /** Empty for anything but a name or address and perhaps a port: user info, blanks, two hosts, a path. */
    public static Optional<Authority> parse(String text) {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return end < 0
                    ? Optional.empty()
                    : IpAddress.ipv6(text.substring(1, end))
                            .flatMap(address -> of(inBrackets(address), text.substring(end + 1)));
        }
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        return isName(name) ? of(withoutLastDot(name), text.substring(name.length())) : Optional.empty();
    }

    /** Whether only this machine is reached by this name, whatever a name server says. */
    boolean isLoopback() {
        return host.equals("localhost")
                || host.equals(LOOPBACK)
                || IpAddress.parse(host).filter(IpAddress::isLoopback).isPresent();
    }

    /** The same with the port of the scheme filled in, where none is given. */
    Authority withDefaultPort(int defaultPort) {
        return port < 0 ? new Authority(host, defaultPort) : this;
    }

    /** @param port nothing, or a colon and digits */
    private static Optional<Authority> of(String host, String port) {
        int number = port.isEmpty() ? -1 : number(port);
        return host.isEmpty() || number > LAST_PORT
                ? Optional.empty()
                : Optional.of(new Authority(host.toLowerCase(Locale.ROOT), number));
    }

    /** One that is too large, for what is no port. */
    private static int number(String port) {
        String digits = port.substring(1);
        boolean isNumber = port.charAt(0) == ':'
                && !digits.isEmpty()
                && digits.length() <= LONGEST_PORT
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Integer.parseInt(digits) : LAST_PORT + 1;
    }

    private static boolean isName(String text) {
        return !text.isEmpty()
                && text.length() <= LONGEST_NAME
                && text.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || NAME_MARKS.indexOf(c) >= 0);
    }

    private static String withoutLastDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static String inBrackets(IpAddress address) {
        boolean isOfIpv6 = address.size() > Integer.SIZE;
        return isOfIpv6 && address.isLoopback() ? LOOPBACK : "[" + address + "]";
    }
}
