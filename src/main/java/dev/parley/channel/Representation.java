package dev.parley.channel;

import dev.parley.protocol.Push;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * A form in which pushes leave: the wire's JSON line, an endpoint's own Encoder, a server-sent event. What it makes is
 * shared by every cursor that leaves in the same form, so it must not depend on who reads, and one instance must serve
 * all of them. Called by several threads.
 */
public interface Representation {
    /** Empty where this form does not show such a push. */
    Optional<Encoded> encode(Push push);

    /**
     * For a form that may wait, since it calls a team's code: it is asked on these threads alone, under no lock. Empty where
     * it never waits; then it may be asked anywhere.
     */
    default Optional<Executor> threads() {
        return Optional.empty();
    }

    /**
     * Whether JSON that is too large to travel with its message ({@code parley.limits.inline-size}) is wanted all the same:
     * then it is read from where it is kept, and the message encoded whole. Others are given the mention of it.
     */
    default boolean wantsWhole() {
        return false;
    }

    /** Whether several texts, with the separator between them, are one message to the reader. */
    boolean joins();

    /** What stands between texts that are joined, of ASCII. */
    default String separator() {
        return "\n";
    }
}
