package dev.parley.channel;

import dev.parley.protocol.Member;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * That a user is present on a channel, until it is closed: for who reads by one request after the other, and between two
 * of them has no subscription.
 *
 * @see Subscription#registerPresence
 */
public final class PresenceRegistration implements AutoCloseable {
    private final LiveChannel channel;
    private final Member member;
    private final AtomicBoolean closed = new AtomicBoolean();

    PresenceRegistration(LiveChannel channel, Member member) {
        this.channel = channel;
        this.member = member;
        channel.joined(member);
    }

    /** The user is seen to be gone at once, unless there by another connection too. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            channel.left(member, Duration.ZERO);
        }
    }
}
