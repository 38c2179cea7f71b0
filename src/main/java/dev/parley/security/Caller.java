package dev.parley.security;

import java.util.List;

/**
 * What is known of a caller before anything is answered.
 *
 * @param address of the peer, as text
 * @param secure whether it came over TLS
 * @param hosts every {@code Host} header; more than one is suspicious, so none is dropped here
 * @param origins every {@code Origin} header
 */
public record Caller(String address, boolean secure, List<String> hosts, List<String> origins) {
    public Caller {
        hosts = List.copyOf(hosts);
        origins = List.copyOf(origins);
    }
}
