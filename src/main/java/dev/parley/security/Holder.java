package dev.parley.security;

import dev.parley.api.Identity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Whose share something is of what all clients have together: a user's, or that of the address that a guest asks from,
 * since anybody can be as many guests as they like. An IPv6 address counts by its network of 64 bits, which is what a
 * provider gives to one customer (RFC 6177).
 */
public record Holder(String name) {
    private static final int GROUPS = 8;
    private static final int NETWORK_GROUPS = 4;
    private static final int HEX = 16;
    private static final int MOST_GROUP = 0xffff;

    /** @param address of the client, or of whom a proxy that is believed asks for */
    public static Holder of(Identity identity, String address) {
        return identity.isGuest() || identity.equals(Identity.NOBODY)
                ? ofAddress(address)
                : new Holder("user " + identity.user());
    }

    /** Of somebody of whom nothing else is known. */
    public static Holder ofAddress(String address) {
        return new Holder("address " + network(address));
    }

    /** No name server is asked: what is not written as an address stands for itself. */
    private static String network(String address) {
        int zone = address.indexOf('%');
        String text = zone < 0 ? address : address.substring(0, zone);
        if (text.indexOf(':') < 0) {
            return text;
        }
        if (text.indexOf('.') >= 0) { // an IPv4 address in the form of IPv6 (RFC 4291 section 2.5.5)
            return text.substring(text.lastIndexOf(':') + 1);
        }
        List<Integer> groups = groups(text);
        return groups.size() == GROUPS ? groups.subList(0, NETWORK_GROUPS) + "/64" : text;
    }

    /** All eight, what {@code ::} leaves out included (RFC 4291 section 2.2); fewer where it is no address. */
    private static List<Integer> groups(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return numbers(text);
        }
        List<Integer> all = new ArrayList<>(numbers(text.substring(0, gap)));
        List<Integer> behind = numbers(text.substring(gap + 2));
        all.addAll(Collections.nCopies(Math.max(0, GROUPS - all.size() - behind.size()), 0));
        all.addAll(behind);
        return all;
    }

    private static List<Integer> numbers(String text) {
        List<Integer> numbers = new ArrayList<>();
        for (String group : text.isEmpty() ? new String[0] : text.split(":", GROUPS + 1)) {
            try {
                int number = Integer.parseInt(group, HEX);
                if (number >= 0 && number <= MOST_GROUP) {
                    numbers.add(number);
                }
            } catch (NumberFormatException e) {
                return List.of();
            }
        }
        return numbers;
    }
}
