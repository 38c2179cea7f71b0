package dev.parley.security;

import java.util.Optional;

/**
 * Either a place for a connection, or why there is none.
 *
 * @param ticket of which the holder must release it when the connection ends
 */
public record Admission(Optional<ConnectionPermit> ticket, Optional<Refusal> refusal) {

    /** Of a connection that is counted elsewhere, or not at all. */
    public static final Admission UNCOUNTED = admitted(() -> {});

    static Admission admitted(ConnectionPermit ticket) {
        return new Admission(Optional.of(ticket), Optional.empty());
    }

    static Admission refused(Refusal refusal) {
        return new Admission(Optional.empty(), Optional.of(refusal));
    }
}
