package dev.parley.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Host and port of a URL (RFC 3986 section 3.2), as the headers Host and Origin have them.
 *
 * @param host in lower case, without the dot that may end a full name; an IPv6 address stands in brackets, in its one
 *     canonical form, so that two spellings of it are equal
 * @param port -1 when none is given
 */
public record Authority(String host, int port) {
    private static final Pattern NAME = Pattern.compile("([A-Za-z0-9._~-]{1,253})(?::(\\d{1,5}))?");
    private static final Pattern IPV6 = Pattern.compile("\\[([0-9A-Fa-f:.]{2,45})](?::(\\d{1,5}))?");
    private static final Pattern IPV4_LOOPBACK = Pattern.compile("127(\\.(0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])){3}");
    private static final int LAST_PORT = 65_535;

    /** Empty for anything but a name or address and perhaps a port: user info, blanks, two hosts, a path. */
    public static Optional<Authority> parse(String text) {
        Matcher name = NAME.matcher(text);
        if (name.matches()) {
            return of(withoutLastDot(name.group(1)), name.group(2));
        }
        Matcher address = IPV6.matcher(text);
        return address.matches()
                ? canonical(address.group(1)).flatMap(host -> of(host, address.group(2)))
                : Optional.empty();
    }

    /** Whether only this machine is reached by this name, whatever a name server says. */
    boolean isLoopback() {
        return host.equals("localhost")
                || host.equals("[::1]")
                || IPV4_LOOPBACK.matcher(host).matches();
    }

    /** The same with the port of the scheme filled in, where none is given. */
    Authority withDefaultPort(int defaultPort) {
        return port < 0 ? new Authority(host, defaultPort) : this;
    }

    private static Optional<Authority> of(String host, String digits) {
        int port = digits == null ? -1 : Integer.parseInt(digits);
        return host.isEmpty() || port > LAST_PORT
                ? Optional.empty()
                : Optional.of(new Authority(host.toLowerCase(Locale.ROOT), port));
    }

    private static String withoutLastDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** No name server is asked, since the text is an address. */
    private static Optional<String> canonical(String address) {
        try {
            String text = InetAddress.getByName("[" + address + "]").getHostAddress();
            return Optional.of("[" + text.replaceFirst("^0:0:0:0:0:0:0:1$", "::1") + "]");
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
