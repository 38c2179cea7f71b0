package dev.parley.security;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The proxies in front of the server that are believed when they say for whom they ask: {@code Forwarded} (RFC 7239), or
 * else {@code X-Forwarded-For}, {@code -Proto} and {@code -Host}. From anybody else these headers mean nothing, since any
 * client can send them.
 *
 * <p>The hard case is a client that sends such a header itself, to be taken for another: each proxy adds what it sees at
 * the end. So the list is read from its end, and the first address that is no proxy of ours is the client.
 */
public final class Proxies {
    /** Nobody is believed. */
    public static final Proxies NONE = new Proxies(List.of());

    private static final Pattern NETWORK = Pattern.compile("([0-9A-Fa-f:.]+)(?:/(\\d{1,3}))?");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}");
    private static final Pattern ADDRESS_AND_PORT = Pattern.compile("\\[([0-9A-Fa-f:.]+)](?::[0-9A-Za-z._-]+)?"
            + "|(\\d{1,3}(?:\\.\\d{1,3}){3})(?::[0-9A-Za-z._-]+)?|([0-9A-Fa-f:.]+)");
    private static final Pattern PAIR =
            Pattern.compile("\\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s\",;=]+))\\s*");

    private final List<Network> networks;

    /**
     * @param address as one number
     * @param size in bits: 32 or 128
     * @param bits how many of them, from the highest, all addresses of the network have
     */
    private record Network(BigInteger address, int size, int bits) {
        boolean contains(byte[] other) {
            return Byte.SIZE * other.length == size
                    && address.xor(new BigInteger(1, other))
                                    .shiftRight(size - bits)
                                    .signum()
                            == 0;
        }
    }

    /** What one proxy has said of who asked it. */
    private record Hop(String address, Optional<String> scheme, Optional<String> host) {}

    private Proxies(List<Network> networks) {
        this.networks = networks;
    }

    /**
     * @param networks addresses, or ranges such as {@code 10.0.0.0/8} and {@code fd00::/8}
     * @throws IllegalArgumentException for what is neither
     */
    public static Proxies of(List<String> networks) {
        return new Proxies(networks.stream().map(Proxies::network).toList());
    }

    /** Whether it is one of them. */
    public boolean include(String address) {
        return !networks.isEmpty() && bytes(address).filter(this::includes).isPresent();
    }

    private boolean includes(byte[] address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    /**
     * The caller on whose behalf a proxy of ours asks; anybody else as they are.
     *
     * @param headers gives every value of the header of a name
     * @return empty when a proxy of ours says what cannot be read
     */
    Optional<Caller> behind(Caller caller, Function<String, List<String>> headers) {
        if (!include(caller.address())) {
            return Optional.of(caller);
        }
        List<String> forwarded = headers.apply("Forwarded");
        Optional<List<Hop>> hops = forwarded.isEmpty() ? Optional.of(older(headers)) : hops(forwarded);
        return hops.map(found -> furthest(found)
                .map(hop -> new Caller(
                        hop.address(),
                        hop.scheme().map("https"::equals).orElse(caller.secure()),
                        hop.host().map(List::of).orElse(caller.hosts()),
                        caller.origins()))
                .orElse(caller));
    }

    /** The last hop that is not a proxy of ours, or else the first of all. */
    private Optional<Hop> furthest(List<Hop> hops) {
        List<Hop> backwards = new ArrayList<>(hops);
        Collections.reverse(backwards);
        return backwards.stream()
                .filter(hop -> !include(hop.address()))
                .findFirst()
                .or(() -> hops.stream().findFirst());
    }

    private static Optional<List<Hop>> hops(List<String> forwarded) {
        List<Hop> hops = new ArrayList<>();
        for (String element : split(String.join(",", forwarded), ',')) {
            String address = "unknown";
            Optional<String> scheme = Optional.empty();
            Optional<String> host = Optional.empty();
            for (String part : split(element, ';')) {
                Matcher pair = PAIR.matcher(part);
                if (!pair.matches()) {
                    return Optional.empty();
                }
                String value =
                        pair.group(2) == null ? pair.group(3) : pair.group(2).replaceAll("\\\\(.)", "$1");
                switch (pair.group(1).toLowerCase(Locale.ROOT)) {
                    case "for" -> address = withoutPort(value);
                    case "proto" -> scheme = Optional.of(value.toLowerCase(Locale.ROOT));
                    case "host" -> host = Optional.of(value);
                    default -> {
                        // by, and what others add
                    }
                }
            }
            hops.add(new Hop(address, scheme, host));
        }
        return Optional.of(hops);
    }

    /** Scheme and host are mostly told once, of the client; where they are lists, the last is of the last hop. */
    private static List<Hop> older(Function<String, List<String>> headers) {
        Optional<String> scheme = last(headers.apply("X-Forwarded-Proto")).map(text -> text.toLowerCase(Locale.ROOT));
        Optional<String> host = last(headers.apply("X-Forwarded-Host"));
        List<String> addresses = list(headers.apply("X-Forwarded-For"));
        return addresses.stream()
                .map(address -> new Hop(withoutPort(address), scheme, host))
                .toList();
    }

    private static Optional<String> last(List<String> values) {
        List<String> list = list(values);
        return list.isEmpty() ? Optional.empty() : Optional.of(list.get(list.size() - 1));
    }

    private static List<String> list(List<String> values) {
        return values.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    /** At the separators that stand in no quotes. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                i++;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(begin, i));
                begin = i + 1;
            }
        }
        parts.add(text.substring(begin));
        return parts.stream().filter(part -> !part.isBlank()).toList();
    }

    /** What is no address ({@code unknown}, {@code _hidden}) stays as it is. */
    private static String withoutPort(String text) {
        Matcher parts = ADDRESS_AND_PORT.matcher(text);
        if (!parts.matches()) {
            return text;
        }
        String address = Optional.ofNullable(parts.group(1))
                .or(() -> Optional.ofNullable(parts.group(2)))
                .orElse(text);
        return bytes(address).map(Proxies::text).orElse(text);
    }

    private static Network network(String text) {
        Matcher parts = NETWORK.matcher(text);
        Optional<byte[]> address = parts.matches() ? bytes(parts.group(1)) : Optional.empty();
        int most = address.map(bytes -> Byte.SIZE * bytes.length).orElse(-1);
        int bits = address.isEmpty() || parts.group(2) == null ? most : Integer.parseInt(parts.group(2));
        if (address.isEmpty() || bits > most) {
            throw new IllegalArgumentException("'" + text + "' is no address or range, such as 10.0.0.0/8");
        }
        return new Network(new BigInteger(1, address.get()), most, bits);
    }

    private static String text(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** No name server is asked: what is not written as an address is none. */
    private static Optional<byte[]> bytes(String address) {
        if (!IPV4.matcher(address).matches() && address.indexOf(':') < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(address).getAddress());
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
