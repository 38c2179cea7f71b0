package dev.parley.frames;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What runs by time for one session: its idle timeout, and the watch over a peer that may be gone without a word. A session
 * of channels alone has neither: it has no idle timeout, and its connection looks after its peer. Thread-safe.
 */
final class SessionTimers {
    static final SessionTimers NONE = new SessionTimers(null, null);

    private final @Nullable IdleTimer idle;
    private final @Nullable PeerWatch watch;

    private SessionTimers(@Nullable IdleTimer idle, @Nullable PeerWatch watch) {
        this.idle = idle;
        this.watch = watch;
    }

    /** @param turns when its endpoint is told that it was idle for too long */
    static SessionTimers of(EndpointServices services, EndpointTurns turns, PeerWatch.Peer peer) {
        return new SessionTimers(
                new IdleTimer(services.timer(), turns::event),
                new PeerWatch(services.bounds().pings(), services.timer(), peer));
    }

    /** Opens the session with them. */
    <T> T opening(Supplier<T> session) {
        return IdleTimer.opening(idle, session);
    }

    /** The session was not idle, though Tyrus knows nothing of it. */
    void touch() {
        if (idle != null) {
            idle.touch();
        }
    }

    void watchPeer() {
        if (watch != null) {
            watch.begin();
        }
    }

    /** Somebody else looks after it. */
    void endWatch() {
        if (watch != null) {
            watch.end();
        }
    }

    /** The session has closed. */
    void end() {
        endWatch();
        if (idle != null) {
            idle.end();
        }
    }
}
