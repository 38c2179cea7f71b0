package dev.parley.log;

import dev.parley.protocol.Body;
import dev.parley.protocol.Position;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The port to durable logs: for each channel a log of its own. Nothing of how it is stored shows here.
 *
 * <p>Every method may block on the store, so none is called on a container's thread. All may be called from several
 * threads at once, by several nodes.
 */
public interface Log {

    /**
     * Appends publications in their order, all in one transaction, and returns after its commit: one outcome for each.
     * A channel that has no log yet is given one, with a new epoch. Offsets of a channel are contiguous. Where the store has
     * begun another life (it failed over, it was restored) since the channel's last message, the next begins a new epoch,
     * which goes on with the offsets.
     *
     * <p>A publication whose key its user has used on the channel before is not stored again: it is
     * {@link Outcome.Repeated} at the earlier position when its content is the same, else {@link Outcome.Refused}. So
     * too when both come in one batch.
     *
     * <p>A channel whose log another holds does not hold up the others: all of its publications are {@link Outcome.Held}.
     *
     * @throws LogException when nothing of the batch was stored, or (in doubt) nobody knows whether it was
     */
    List<Outcome> append(List<Publication> batch);

    /**
     * Reads on from a place. Where messages are missing in the middle of a log, it ends before them, or begins behind them.
     *
     * @param after the offset before the first message wanted; where the history has passed it, the messages begin later
     * @param count at most so many messages
     * @param bytes at most so many bytes of bodies in all, but always one message if there is one; those above the
     *     inline size are not read, and come as {@link Body.Reference}
     */
    Slice read(String channel, long after, int count, long bytes);

    /**
     * Reads back from a place: the newest messages before it, in order. Where messages are missing in the middle of a log,
     * it begins behind them, or ends before them.
     *
     * @param before the offset behind the last message wanted; beyond the log's end: its end
     * @param count at most so many messages
     * @param bytes at most so many bytes of JSON in all, but always one message if there is one; binary bodies are not
     *     read, nor JSON above the inline size, and come as {@link Body.Reference}
     */
    Slice readBefore(String channel, long before, int count, long bytes);

    /** Where the channels' logs begin and end; a channel to which nothing was ever published is left out. */
    Map<String, Head> heads(Collection<String> channels);

    /**
     * A piece of what a message says, as bytes: JSON in UTF-8, as {@code application/json}. No more than that piece is
     * brought into memory. Empty when the message is there no more, or the position is not the one that it was given.
     *
     * @param from the first byte of the piece, counted from 0; beyond the end there is none
     * @param most bytes of the piece, which has fewer only where the end is; 0 asks for type and size alone
     */
    Optional<ContentPiece> content(String channel, Position position, long from, int most);

    /** All of it. */
    default Optional<Body.Binary> content(String channel, Position position) {
        return content(channel, position, 0, Integer.MAX_VALUE).map(all -> new Body.Binary(all.type(), all.bytes()));
    }

    /**
     * Takes one small step of removing what is older or more than the namespaces retain, and keys past their age,
     * without holding up publishers for longer than that step.
     *
     * @return whether there is more to do at once
     */
    boolean trim(RetentionPolicies retentions);
}
