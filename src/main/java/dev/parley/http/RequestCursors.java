package dev.parley.http;

import dev.parley.api.PresenceSnapshot;
import dev.parley.channel.Subscription;
import dev.parley.connection.CommandInterpreter;
import dev.parley.connection.Connection;
import dev.parley.connection.Lease;
import dev.parley.protocol.Command;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Reply;
import dev.parley.wire.WireWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The cursors of one request that reads, from when they are open. What it says of them is for the thread that takes
 * from them.
 */
final class RequestCursors {
    private final ReadQuery query;
    private final Connection connection;
    private final Optional<Lease> lease;
    private final List<Part> parts;

    /** What became of one channel that was asked for, and who is there, where that was asked too. */
    private static final class Part {
        final CommandInterpreter.Opened opened;
        Optional<PresenceSnapshot> snapshot = Optional.empty();

        Part(CommandInterpreter.Opened opened) {
            this.opened = opened;
        }

        String channel() {
            return opened.result().channel();
        }
    }

    private RequestCursors(ReadQuery query, Connection connection, Optional<Lease> lease, List<Part> parts) {
        this.query = query;
        this.connection = connection;
        this.lease = lease;
        this.parts = parts;
    }

    /**
     * Opens the cursors, without starting them.
     *
     * @return fails with what is wrong with the first where all of them fail
     */
    static CompletionStage<RequestCursors> open(
            CommandInterpreter interpreter, ReadQuery query, Connection connection, Optional<Lease> lease) {
        return interpreter.subscribe(connection, query.starts()).thenApply(opened -> {
            if (opened.stream().allMatch(one -> one.cursor().isEmpty())
                    && opened.get(0).result() instanceof Reply.Refused refused) {
                throw new RefusedException(refused.code(), refused.message());
            }
            return new RequestCursors(
                    query, connection, lease, opened.stream().map(Part::new).toList());
        });
    }

    /** From now on the connection is told what there is. */
    void start() {
        List<Subscription> subscriptions = subscriptions();
        lease.ifPresent(held -> held.reads(subscriptions, connection.identity()));
        parts.forEach(part -> part.opened.cursor().ifPresent(cursor -> start(part, cursor)));
    }

    private void start(Part part, Subscription cursor) {
        if (!query.presence()) {
            cursor.hidePresence();
        }
        Optional<Position> told = query.present()
                ? Optional.empty()
                : Optional.ofNullable(query.presencePlaces().get(part.channel()))
                        .or(() -> lease.flatMap(held -> held.told(part.channel())));
        part.snapshot = cursor.startWithoutPresence(told);
    }

    /** Whether no message is left that has not been taken. */
    boolean isAtEnd() {
        return subscriptions().stream().allMatch(Subscription::isAtEnd);
    }

    boolean isOfSeveral() {
        return parts.size() > 1;
    }

    /** Of a reader of one channel, where its cursor begins. */
    Optional<Position> onlyPosition() {
        return isOfSeveral()
                ? Optional.empty()
                : Optional.of(subscriptions().get(0).started().position());
    }

    boolean isRecovered() {
        return subscriptions().stream()
                .allMatch(subscription -> subscription.started().recovered());
    }

    /** Where the cursors stand, in one text. */
    String position() {
        Map<String, ReadPosition> places = new LinkedHashMap<>();
        subscriptions()
                .forEach(subscription -> places.put(
                        subscription.channel(),
                        new ReadPosition(subscription.position(), subscription.presencePosition())));
        return ReadPosition.text(places);
    }

    /** The client is told all up to where the cursors stand. */
    void tellLease() {
        lease.ifPresent(held -> subscriptions()
                .forEach(subscription -> held.tell(subscription.channel(), subscription.presencePosition())));
    }

    /** What the client is told, and how much of it it takes, nobody will know. */
    void confuseLease() {
        lease.ifPresent(
                held -> subscriptions().forEach(subscription -> held.tell(subscription.channel(), Optional.empty())));
    }

    /** The cursors as they began, as a JSON array. */
    String started() {
        return array(subscription -> query.misplaced() ? unrecovered(subscription.started()) : subscription.started());
    }

    private static Reply.Started unrecovered(Reply.Started started) {
        return new Reply.Started(
                started.channel(),
                started.position(),
                started.head(),
                false,
                started.lost(),
                started.forgotten(),
                started.ancestors());
    }

    /** The same where they stand now: from there the client reads on. */
    String here() {
        return array(subscription -> {
            Reply.Started started = subscription.started();
            return new Reply.Started(
                    started.channel(),
                    subscription.position(),
                    subscription.head(),
                    started.recovered(),
                    started.lost(),
                    started.forgotten(),
                    subscription.ancestors());
        });
    }

    private interface Telling {
        Reply.Started of(Subscription subscription);
    }

    private String array(Telling telling) {
        StringBuilder out = new StringBuilder(parts.size() * 128).append('[');
        for (Part part : parts) {
            out.append(out.length() == 1 ? "" : ",").append(entry(part, telling));
        }
        return out.append(']').toString();
    }

    private String entry(Part part, Telling telling) {
        Reply.Subscription result =
                part.opened.cursor().<Reply.Subscription>map(telling::of).orElse(part.opened.result());
        String entry = WireWriter.write(result);
        return part.snapshot
                .map(snapshot -> {
                    Reply present = CommandInterpreter.present(
                            new Command.Presence(0, part.channel()), snapshot, connection.batchSize() / parts.size());
                    return entry.substring(0, entry.length() - 1) + ",\"presence\":" + WireWriter.content(present)
                            + "}";
                })
                .orElse(entry);
    }

    private List<Subscription> subscriptions() {
        return parts.stream().flatMap(part -> part.opened.cursor().stream()).toList();
    }
}
