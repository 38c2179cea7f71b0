package dev.parley.security;

import java.util.Optional;

/**
 * An address of IPv4 or IPv6, read from its text (RFC 3986 section 3.2.2, RFC 4291 section 2.2). What is not written as one
 * is none: no name is ever looked up, whereas {@link java.net.InetAddress#getByName} asks the system's resolver for
 * whatever it cannot read. An address of IPv4 within IPv6 ({@code ::ffff:192.0.2.1}) is the one of IPv4. A zone ({@code
 * fe80::1%eth0}) means something on one machine alone, and is refused.
 *
 * @param high the upper 64 bits; 0 of IPv4
 * @param low the lower 64 bits; of IPv4 all 32
 * @param size in bits: 32 or 128
 */
public record IpAddress(long high, long low, int size) {
    private static final int IPV4 = 32;
    private static final int IPV6 = 128;
    private static final int HALF = Long.SIZE;
    private static final int OCTETS = 4;
    private static final int GROUPS = 8;
    private static final int LONGEST_GROUP = 4;
    private static final int LONGEST_OCTET = 3;
    private static final int DECIMAL = 10;
    private static final int HEXADECIMAL = 16;
    private static final int LOOPBACK = 127;
    private static final long MAPPED = 0xffffL;
    private static final long LOW_HALF = 0xffff_ffffL;

    /** Of either kind; empty for anything else. */
    public static Optional<IpAddress> parse(String text) {
        return text.indexOf(':') < 0 ? ipv4(text) : ipv6(text);
    }

    /** Of the kind that has colons. */
    static Optional<IpAddress> ipv6(String text) {
        int gap = text.indexOf("::");
        int[] groups = new int[GROUPS];
        if (gap < 0) {
            return groups(text, groups) == GROUPS ? Optional.of(of(groups)) : Optional.empty();
        }
        String after = text.substring(gap + 2);
        int before = gap == 0 ? 0 : groups(text.substring(0, gap), groups);
        int[] last = new int[GROUPS];
        int behind = after.isEmpty() ? 0 : groups(after, last);
        if (before < 0 || behind < 0 || before + behind >= GROUPS || endsInIpv4(text, gap, before)) {
            return Optional.empty();
        }
        System.arraycopy(last, 0, groups, GROUPS - behind, behind);
        return Optional.of(of(groups));
    }

    /** The same with all but the first so many bits 0: all addresses of a network have that in common. */
    public IpAddress network(int prefix) {
        if (prefix < 0 || prefix > size) {
            throw new IllegalArgumentException("An address of " + size + " bits has no prefix of " + prefix);
        }
        if (size == IPV4) {
            return new IpAddress(0, low & LOW_HALF & highest(HALF - IPV4 + prefix), size);
        }
        return new IpAddress(high & highest(Math.min(prefix, HALF)), low & highest(Math.max(prefix - HALF, 0)), size);
    }

    /** Whether only this machine is reached by it. */
    public boolean isLoopback() {
        return size == IPV4 ? low >>> (IPV4 - Byte.SIZE) == LOOPBACK : high == 0 && low == 1;
    }

    /** As {@link java.net.InetAddress#getHostAddress} writes it, so that it equals what a socket says of its peer. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (size == IPV4) {
            for (int shift = IPV4 - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
                text.append((low >>> shift) & 0xff).append(shift == 0 ? "" : ".");
            }
            return text.toString();
        }
        for (int i = 0; i < GROUPS; i++) {
            long half = i < GROUPS / 2 ? high : low;
            int shift = HALF - Short.SIZE * (i % (GROUPS / 2) + 1);
            text.append(i == 0 ? "" : ":").append(Long.toHexString((half >>> shift) & MAPPED));
        }
        return text.toString();
    }

    private static long highest(int bits) {
        return bits == 0 ? 0 : -1L << (HALF - bits);
    }

    private static Optional<IpAddress> ipv4(String text) {
        long address = 0;
        int begin = 0;
        for (int i = 0; i < OCTETS; i++) {
            int end = i == OCTETS - 1 ? text.length() : text.indexOf('.', begin);
            int octet = end < 0 ? -1 : octet(text, begin, end);
            if (octet < 0) {
                return Optional.empty();
            }
            address = (address << Byte.SIZE) | octet;
            begin = end + 1;
        }
        return Optional.of(new IpAddress(0, address, IPV4));
    }

    /** Some read a leading zero as octal (RFC 6943 section 3.1.1): what has two readings has none. */
    private static int octet(String text, int begin, int end) {
        int number = number(text, begin, end, LONGEST_OCTET, DECIMAL);
        boolean isZeroed = end - begin > 1 && text.charAt(begin) == '0';
        return isZeroed || number > 0xff ? -1 : number;
    }

    /** Reads groups with colons between them, the last two perhaps as IPv4; gives how many, or -1. */
    private static int groups(String text, int[] groups) {
        int count = 0;
        int begin = 0;
        while (begin <= text.length()) {
            int colon = text.indexOf(':', begin);
            int end = colon < 0 ? text.length() : colon;
            if (colon < 0 && text.indexOf('.', begin) >= 0) {
                Optional<IpAddress> tail = ipv4(text.substring(begin));
                if (tail.isEmpty() || count > GROUPS - 2) {
                    return -1;
                }
                groups[count] = (int) (tail.get().low >>> Short.SIZE);
                groups[count + 1] = (int) (tail.get().low & MAPPED);
                return count + 2;
            }
            int group = count == GROUPS ? -1 : number(text, begin, end, LONGEST_GROUP, HEXADECIMAL);
            if (group < 0) {
                return -1;
            }
            groups[count] = group;
            count++;
            begin = end + 1;
        }
        return count;
    }

    /** Before {@code ::} there is no address of IPv4. */
    private static boolean endsInIpv4(String text, int gap, int before) {
        int dot = text.indexOf('.');
        return before > 0 && dot >= 0 && dot < gap;
    }

    private static IpAddress of(int[] groups) {
        long high = 0;
        long low = 0;
        for (int i = 0; i < GROUPS / 2; i++) {
            high = (high << Short.SIZE) | groups[i];
            low = (low << Short.SIZE) | groups[GROUPS / 2 + i];
        }
        boolean isMapped = high == 0 && low >>> IPV4 == MAPPED;
        return isMapped ? new IpAddress(0, low & LOW_HALF, IPV4) : new IpAddress(high, low, IPV6);
    }

    private static int number(String text, int begin, int end, int longest, int radix) {
        if (begin >= end || end - begin > longest) {
            return -1;
        }
        int number = 0;
        for (int i = begin; i < end; i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, radix) : -1;
            if (digit < 0) {
                return -1;
            }
            number = number * radix + digit;
        }
        return number;
    }
}
