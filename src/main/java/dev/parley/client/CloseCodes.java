package dev.parley.client;

import dev.parley.protocol.DisconnectCode;
import java.util.Arrays;
import java.util.Optional;

/**
 * Which close codes a client comes back from. Those of {@link DisconnectCode} say it themselves; of the private range 4000
 * to 4099 say come back and 4100 to 4199 do not, also where this version does not know them. All others are not the
 * server's word but a network's, a proxy's or a container's (1001, 1005, 1006, also 1008, by which a container ends what a
 * login has allowed): it comes back, with pauses that grow.
 */
final class CloseCodes {
    private static final int FIRST_FINAL = 4_100;
    private static final int LAST_FINAL = 4_199;

    private CloseCodes() {}

    static boolean comesBack(int code) {
        return known(code).map(DisconnectCode::reconnect).orElse(code < FIRST_FINAL || code > LAST_FINAL);
    }

    static Optional<DisconnectCode> known(int code) {
        return Arrays.stream(DisconnectCode.values())
                .filter(known -> known.code() == code)
                .findFirst();
    }

    /** As the wire calls it, or the number. */
    static String name(int code) {
        return known(code).map(DisconnectCode::label).orElseGet(() -> Integer.toString(code));
    }

    /** In words, without the code where that says nothing. */
    static String describe(int code, String reason) {
        if (reason.isBlank()) {
            return code == WebSocketLink.NO_WORD ? "The connection ended without a word." : name(code);
        }
        return code == WebSocketLink.NO_WORD ? reason : name(code) + ": " + reason;
    }
}
