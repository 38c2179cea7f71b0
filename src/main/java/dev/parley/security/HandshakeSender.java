package dev.parley.security;

import dev.parley.api.Credentials;
import dev.parley.api.Identity;
import java.security.Principal;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who sends an opening handshake: what it shows, and whom that makes it. It goes with the handshake's thread to the
 * Configurator of the endpoint, which hands it on to the session, since of a handshake a container shows a session
 * nothing but the user's principal; and that is for whoever has been verified alone.
 *
 * @param credentials as shown; those of who is not verified were looked at too, and found wrong
 * @param user empty for guests, and for whoever shows what is not right
 * @param address of the client, as proxies that are believed have it; of who claims nothing too
 * @param counts whether the session is to be counted among those of its address; not where it has been already, or
 *     nobody counts
 */
public record HandshakeSender(Credentials credentials, Optional<Identity> user, String address, boolean counts) {
    private static final ThreadLocal<@Nullable HandshakeSender> ON_THIS_THREAD = new ThreadLocal<>();

    /** A handshake that is being answered on this thread, until it is closed. */
    public interface Answering extends AutoCloseable {
        @Override
        void close();
    }

    /** By name and roles; a token that holds no longer has none. */
    private record User(Identity identity) implements Principal {
        @Override
        public String getName() {
            return identity.user();
        }

        @Override
        public String toString() {
            return getName();
        }
    }

    /** Whose handshake this thread answers just now. */
    public static Optional<HandshakeSender> current() {
        return Optional.ofNullable(ON_THIS_THREAD.get());
    }

    /** The same where the session is to be counted among those of its address. */
    public HandshakeSender counted() {
        return new HandshakeSender(credentials, user, address, true);
    }

    /** From now on this thread answers its handshake. */
    public Answering answering() {
        ON_THIS_THREAD.set(this);
        return ON_THIS_THREAD::remove;
    }

    /** Answers its handshake. */
    public <T> T answer(Supplier<T> answer) {
        Answering answering = answering();
        try {
            return answer.get();
        } finally {
            answering.close();
        }
    }

    /** Who has been verified; empty for everybody else. */
    public Optional<Principal> principal() {
        return user.map(User::new);
    }

    public boolean isInRole(String role) {
        return user.filter(identity -> identity.roles().contains(role)).isPresent();
    }

    /** Among whose connections the session is counted; empty where it is not to be. */
    public Optional<String> countedAddress() {
        return counts ? Optional.of(address) : Optional.empty();
    }
}
