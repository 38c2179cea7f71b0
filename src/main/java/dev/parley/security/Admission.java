package dev.parley.security;

import java.util.Optional;

/**
 * Either a permit for a connection, or why there is none.
 *
 * @param permit the permit; the holder must release it when the connection ends
 */
public record Admission(Optional<ConnectionPermit> permit, Optional<Refusal> refusal) {

    /** Of a connection that is counted elsewhere, or not at all. */
    public static final Admission UNCOUNTED = admitted(() -> {});

    static Admission admitted(ConnectionPermit permit) {
        return new Admission(Optional.of(permit), Optional.empty());
    }

    static Admission refused(Refusal refusal) {
        return new Admission(Optional.empty(), Optional.of(refusal));
    }
}
