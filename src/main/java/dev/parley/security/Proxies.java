package dev.parley.security;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The proxies in front of the server that are believed when they say for whom they ask: by {@code Forwarded} (RFC 7239), or
 * by {@code X-Forwarded-For}, {@code -Proto} and {@code -Host}. From anybody else these headers mean nothing, since any
 * client can send them.
 *
 * <p>The hard case is a client that sends such a header itself, to be taken for another. Each proxy adds what it sees at the
 * end: so a list is read from its end, and the first address that is no proxy of ours is the client. And a proxy that adds
 * to one of the two kinds may let the client's own of the other kind through: so where both are there they must say the
 * same, and a proxy that says two things is not believed at all.
 *
 * <p>What is read may be a client's, so that each character is looked at once and no name is looked up.
 */
public final class Proxies {
    /** Nobody is believed. */
    public static final Proxies NONE = new Proxies(List.of());

    private static final int LONGEST_PREFIX = 3;

    private final List<Network> networks;

    /** All addresses that begin as this one does, with so many bits. */
    private record Network(IpAddress address, int bits) {
        boolean contains(IpAddress other) {
            return other.size() == address.size() && other.network(bits).equals(address);
        }
    }

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

    /** Whether it is one of them; a socket's peer may have a zone. */
    public boolean include(String address) {
        if (networks.isEmpty()) {
            return false;
        }
        int zone = address.indexOf('%');
        return IpAddress.parse(zone < 0 ? address : address.substring(0, zone))
                .filter(found -> networks.stream().anyMatch(network -> network.contains(found)))
                .isPresent();
    }

    /**
     * The caller on whose behalf a proxy of ours asks; anybody else as they are.
     *
     * @param headers gives every value of the header of a name
     * @return empty when a proxy of ours says what cannot be read, or two things
     */
    Optional<Caller> behind(Caller caller, Function<String, List<String>> headers) {
        if (!include(caller.address())) {
            return Optional.of(caller);
        }
        return standard(headers.apply("Forwarded"))
                .flatMap(standard -> older(headers).flatMap(standard::and))
                .map(client -> new Caller(
                        client.address().orElse(caller.address()),
                        client.scheme().map("https"::equals).orElse(caller.secure()),
                        client.host().map(List::of).orElse(caller.hosts()),
                        caller.origins()));
    }

    private Optional<ForwardedHop> standard(List<String> values) {
        Optional<List<Map<String, String>>> elements = ForwardedHeader.parse(values);
        if (elements.isEmpty()) {
            return Optional.empty();
        }
        List<ForwardedHop> backwards = new ArrayList<>();
        for (Map<String, String> element : elements.get()) {
            Optional<ForwardedHop> hop = ForwardedHop.of(element);
            if (hop.isEmpty()) {
                return Optional.empty();
            }
            backwards.add(hop.get());
        }
        Collections.reverse(backwards);
        return Optional.of(furthest(backwards));
    }

    /** The last hop that is not a proxy of ours, or of which no address is told; or else the first of all. */
    private ForwardedHop furthest(List<ForwardedHop> backwards) {
        ForwardedHop found = ForwardedHop.SILENT;
        for (ForwardedHop hop : backwards) {
            found = hop;
            if (hop.address().filter(this::include).isEmpty()) {
                break;
            }
        }
        return found;
    }

    /** Scheme and host are mostly told once, of the client; where they are lists, the last is of the last hop. */
    private Optional<ForwardedHop> older(Function<String, List<String>> headers) {
        Optional<String> proto = last(headers.apply("X-Forwarded-Proto"));
        Optional<String> scheme = proto.flatMap(ForwardedHop::scheme);
        List<String> nodes = list(headers.apply("X-Forwarded-For"));
        Optional<String> address = Optional.empty();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            address = ForwardedHop.address(nodes.get(i));
            if (address.filter(this::include).isEmpty()) {
                break;
            }
        }
        return scheme.isPresent() == proto.isPresent() && address.isPresent() == !nodes.isEmpty()
                ? Optional.of(new ForwardedHop(address, scheme, last(headers.apply("X-Forwarded-Host"))))
                : Optional.empty();
    }

    private static Optional<String> last(List<String> values) {
        List<String> list = list(values);
        return list.isEmpty() ? Optional.empty() : Optional.of(list.get(list.size() - 1));
    }

    private static List<String> list(List<String> values) {
        List<String> items = new ArrayList<>();
        for (String value : values) {
            int begin = 0;
            while (begin <= value.length()) {
                int comma = value.indexOf(',', begin);
                int end = comma < 0 ? value.length() : comma;
                String item = value.substring(begin, end).strip();
                if (!item.isEmpty()) {
                    items.add(item);
                }
                begin = end + 1;
            }
        }
        return items;
    }

    private static Network network(String text) {
        int slash = text.indexOf('/');
        Optional<IpAddress> address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        int bits = slash < 0 ? address.map(IpAddress::size).orElse(-1) : number(text.substring(slash + 1));
        if (address.isEmpty() || bits < 0 || bits > address.get().size()) {
            throw new IllegalArgumentException("'" + text + "' is no address or range, such as 10.0.0.0/8");
        }
        return new Network(address.get().network(bits), bits);
    }

    private static int number(String digits) {
        boolean isNumber = !digits.isEmpty()
                && digits.length() <= LONGEST_PREFIX
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Integer.parseInt(digits) : -1;
    }
}
