package dev.parley.security;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What one proxy has said of who asked it.
 *
 * @param address of whom, in the form of {@link IpAddress#toString}, or what the proxy calls who is not to be known
 * @param scheme {@code http} or {@code https}
 * @param host to which it was asked
 */
record ForwardedHop(Optional<String> address, Optional<String> scheme, Optional<String> host) {
    /** It has said nothing. */
    static final ForwardedHop SILENT = new ForwardedHop(Optional.empty(), Optional.empty(), Optional.empty());

    private static final String UNKNOWN = "unknown";

    /** Of the header {@code Forwarded}; empty when a value is none of those that it may be. */
    static Optional<ForwardedHop> of(Map<String, String> element) {
        Optional<String> node = Optional.ofNullable(element.get("for"));
        Optional<String> proto = Optional.ofNullable(element.get("proto"));
        Optional<String> address = node.flatMap(ForwardedHop::address);
        Optional<String> scheme = proto.flatMap(ForwardedHop::scheme);
        return address.isPresent() == node.isPresent() && scheme.isPresent() == proto.isPresent()
                ? Optional.of(new ForwardedHop(address, scheme, Optional.ofNullable(element.get("host"))))
                : Optional.empty();
    }

    /**
     * Of a node (RFC 7239 section 6): an address, of IPv6 in brackets or, as {@code X-Forwarded-For} has it, without; or
     * {@code unknown}, or a name of the proxy's own that begins with {@code _}; and perhaps a port, which is left out.
     */
    static Optional<String> address(String node) {
        if (node.startsWith("[")) {
            int end = node.indexOf(']');
            return end > 0 && isPortOrNothing(node.substring(end + 1))
                    ? IpAddress.ipv6(node.substring(1, end)).map(IpAddress::toString)
                    : Optional.empty();
        }
        Optional<IpAddress> whole = IpAddress.parse(node);
        int colon = node.indexOf(':');
        if (whole.isPresent() || (colon >= 0 && !isPortOrNothing(node.substring(colon)))) {
            return whole.map(IpAddress::toString);
        }
        String name = colon < 0 ? node : node.substring(0, colon);
        if (name.equalsIgnoreCase(UNKNOWN)) {
            return Optional.of(UNKNOWN);
        }
        boolean isObfuscated = name.length() > 1 && name.charAt(0) == '_' && isIdentifier(name, 1);
        return isObfuscated ? Optional.of(name) : IpAddress.parse(name).map(IpAddress::toString);
    }

    /** Some proxies name that of WebSocket. */
    static Optional<String> scheme(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "http", "ws" -> Optional.of("http");
            case "https", "wss" -> Optional.of("https");
            default -> Optional.empty();
        };
    }

    /** What both say together; empty when they do not say the same. */
    Optional<ForwardedHop> and(ForwardedHop other) {
        return agree(address, other.address)
                        && agree(scheme, other.scheme)
                        && agree(host.map(ForwardedHop::lower), other.host.map(ForwardedHop::lower))
                ? Optional.of(
                        new ForwardedHop(address.or(other::address), scheme.or(other::scheme), host.or(other::host)))
                : Optional.empty();
    }

    private static boolean agree(Optional<String> one, Optional<String> other) {
        return one.isEmpty() || other.isEmpty() || one.equals(other);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static boolean isPortOrNothing(String text) {
        return text.isEmpty() || (text.length() > 1 && text.charAt(0) == ':' && isIdentifier(text, 1));
    }

    private static boolean isIdentifier(String text, int begin) {
        for (int i = begin; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isLetterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!isLetterOrDigit && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }
}
