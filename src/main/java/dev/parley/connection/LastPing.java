package dev.parley.connection;

/**
 * What became of a connection's last ping. It counts from when it was sent, not from when it was asked for: one that still
 * waits for its turn, behind others that hang, has asked the client nothing. Asked for and forgotten by the timer, told by
 * whichever thread sends.
 */
final class LastPing implements Transport.Ping {
    // As System.nanoTime, where the flag says that they mean something.
    private volatile long askedAt;
    private volatile long begunAt;
    private volatile long sentAt;
    private volatile Stage stage = Stage.NONE;

    private enum Stage {
        NONE,
        ASKED,
        BEGUN,
        SENT
    }

    /** From now on there is one; false when there is one already. */
    boolean ask(long now) {
        boolean none = stage == Stage.NONE;
        if (none) {
            askedAt = now;
            stage = Stage.ASKED;
        }
        return none;
    }

    /** The client has been heard of: what it was asked is answered. One that is still on its way is left to go. */
    void answered() {
        if (stage == Stage.SENT) {
            stage = Stage.NONE;
        }
    }

    @Override
    public void begun() {
        begunAt = sinceAsked(System.nanoTime());
        stage = Stage.BEGUN;
    }

    @Override
    public void sent() {
        sentAt = sinceAsked(System.nanoTime());
        stage = Stage.SENT;
    }

    @Override
    public void notSent() {
        stage = Stage.NONE;
    }

    /** Nothing is sent before it was asked for, whatever the clock of whoever asked says. */
    private long sinceAsked(long now) {
        return Math.max(0, now - askedAt) + askedAt;
    }

    /** Whether the client was asked, and has been heard of since: an answer may come before the sender knows it has sent. */
    boolean isAnsweredBy(long heardAt) {
        return stage == Stage.SENT && heardAt - begunAt > 0;
    }

    /** For how long the client has been asked, in nanoseconds; 0 when it has not. */
    long waitingFor(long now) {
        return stage == Stage.SENT ? Math.max(0, now - sentAt) : 0;
    }

    /** For how long it has been on its way and the client does not take it, in nanoseconds; 0 when it is not. */
    long stuckFor(long now) {
        return stage == Stage.BEGUN ? Math.max(0, now - begunAt) : 0;
    }
}
