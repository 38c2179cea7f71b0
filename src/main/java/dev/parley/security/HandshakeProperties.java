package dev.parley.security;

import java.util.Set;

/** What an opening handshake hands on to its session: the names of user properties of a session and its endpoint. */
public final class HandshakeProperties {
    /**
     * The endpoint's configuration. It says the same for every session of an endpoint, so it may stand in properties that
     * handshakes share; but it need not be the same object: Tyrus wraps it anew for each handshake.
     */
    public static final String CONFIG = "dev.parley.endpoint-config";

    /**
     * The {@link HandshakeSender}: what is put here is each handshake's own (since Jakarta WebSocket 2.1).
     */
    public static final String SENDER = "dev.parley.handshake-sender";

    /** All of these. */
    public static final Set<String> ALL = Set.of(CONFIG, SENDER);

    private HandshakeProperties() {}
}
