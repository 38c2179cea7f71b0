package dev.parley.frames;

/**
 * How an endpoint takes a message that a client begins to send.
 *
 * @param inParts as they come, so that it has no largest size
 * @param most bytes of one that is taken whole, where the server's own bound is not lower
 */
record Intake(boolean inParts, int most) {
    static final Intake WHOLE = whole(Integer.MAX_VALUE);
    static final Intake PARTS = new Intake(true, Integer.MAX_VALUE);

    static Intake whole(int most) {
        return new Intake(false, most);
    }
}
