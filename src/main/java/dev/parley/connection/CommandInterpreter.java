package dev.parley.connection;

import dev.parley.api.Channels;
import dev.parley.api.Identity;
import dev.parley.api.PresenceSnapshot;
import dev.parley.channel.ContentReader;
import dev.parley.channel.HistoryReader;
import dev.parley.channel.HubChannels;
import dev.parley.channel.Subscription;
import dev.parley.concurrent.FairTurns;
import dev.parley.protocol.Command;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Member;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Reply;
import dev.parley.protocol.Start;
import dev.parley.security.Holder;
import dev.parley.wire.WireWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The one way from what a client asks to the channels, whatever carries it: what holds for one transport holds for all.
 * (An application's beans, which are no clients, use {@link Channels}; a team's own endpoint opens its one cursor by
 * {@link Connection#subscribe}.) Non-blocking; failures are {@link RefusedException}s with a code. Thread-safe.
 */
public final class CommandInterpreter {
    private static final int ENVELOPE = 256;
    private static final System.Logger LOGGER = System.getLogger(CommandInterpreter.class.getName());

    private final Connections connections;
    private final HubChannels channels;
    private final Map<String, Integer> underWay = new ConcurrentHashMap<>();
    private final FairTurns<Holder> histories = FairTurns.ofHalfTheProcessors();

    CommandInterpreter(Connections connections, HubChannels channels) {
        this.connections = connections;
        this.channels = channels;
    }

    /**
     * What became of one start.
     *
     * @param cursor not started yet; empty when it was refused
     */
    public record Opened(Reply.Subscription result, Optional<Subscription> cursor) {}

    /**
     * As what the publishes of a client are counted that sends one request after the other: as those of its connection,
     * if that reads, as a WebSocket would; or else of its user. Anyone may be ever new guests, by ever new names, so
     * guests who do not read are one, of each address.
     *
     * @param name of its connection, as the request shows it
     */
    public String countedAs(Identity from, String name, String address) {
        // Neither an address nor a connection's id begins so
        if (connections.leases().include(from, name)) {
            return "=" + name + " " + from.user();
        }
        return from.isGuest() ? address : "@" + from.user();
    }

    /**
     * Publishes; the reply comes when the message is committed.
     *
     * @param publisher whose publishes may be no more than so many at a time ({@code parley.limits.publishes-under-way}),
     *     and no more than so many bytes over time ({@code parley.limits.publish-bytes-per-second})
     * @throws RefusedException {@code too-many-publishes}, or since the publisher's time is over
     */
    public CompletionStage<Reply.Published> publish(Identity from, Publisher publisher, Command.Publish publish) {
        requireValid(from);
        String countedAs = publisher.countedAs();
        begin(countedAs);
        CompletionStage<Position> published;
        try {
            long size = publish.body().size();
            connections.publishRates().count(from, publisher, size, System.nanoTime());
            published = channels.publishDirectly(from, publish.channel(), publish.key(), publish.body());
        } catch (RuntimeException | Error e) {
            end(countedAs);
            throw e;
        }
        return published
                .whenComplete((position, failure) -> end(countedAs))
                .thenApply(position -> new Reply.Published(publish.id(), publish.channel(), position));
    }

    /**
     * Looks whether an address may publish so much now, before the server reads it. What nobody may ever publish is not for
     * this to refuse: who is told of a rate comes again.
     *
     * @throws RefusedException {@code too-many-publishes}
     */
    public void requireRate(String address, long bytes) {
        if (bytes <= connections.limits().messageSize()) {
            connections.publishRates().require(address, bytes, System.nanoTime());
        }
    }

    private void begin(String countedAs) {
        int most = connections.limits().publishesUnderWay();
        if (underWay.merge(countedAs, 1, Integer::sum) > most) {
            end(countedAs);
            throw new RefusedException(
                    ErrorCode.TOO_MANY_PUBLISHES,
                    "A connection may have " + most + " publishes under way (parley.limits.publishes-under-way).");
        }
    }

    private void end(String countedAs) {
        underWay.computeIfPresent(countedAs, (same, count) -> count == 1 ? null : count - 1);
    }

    /** A body may take its time to come: meanwhile a token may expire, or an operator withdraw it. */
    private void requireValid(Identity from) {
        if (from.isExpired(Instant.now())) {
            throw new RefusedException(ErrorCode.TOKEN_EXPIRED);
        }
        if (connections.revoked().includes(from)) {
            throw new RefusedException(ErrorCode.REVOKED);
        }
    }

    /** Opens cursors, without starting them; completes, never with a failure, with what became of each. */
    public CompletionStage<List<Opened>> subscribe(Connection reader, List<Start> starts) {
        List<CompletableFuture<Opened>> opening = starts.stream()
                .map(start -> open(reader, start).toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(opening.toArray(CompletableFuture[]::new))
                .thenApply(
                        nothing -> opening.stream().map(CompletableFuture::join).toList());
    }

    private static CompletionStage<Opened> open(Connection reader, Start start) {
        return reader.subscribe(start)
                .thenApply(cursor -> new Opened(cursor.started(), Optional.of(cursor)))
                .exceptionally(failure -> {
                    RefusedException refused = refusal(failure);
                    return new Opened(
                            new Reply.Refused(start.channel(), refused.code(), refused.reason()), Optional.empty());
                });
    }

    /**
     * Older messages, as many as fit. To read and write a page is large work: it is done when the holder's turn has come;
     * whether the reader may have it, a team's policy says before, which may wait.
     *
     * @param holder whose share it is
     * @param most bytes of the reply, unless its only message, mentioned, needs more
     */
    public CompletionStage<Reply.History> history(Identity reader, Holder holder, Command.History asked, int most) {
        HistoryReader past;
        try {
            past = channels.historyReader(reader, asked.channel(), asked.before(), asked.limit());
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<Reply.History> reply = new CompletableFuture<>();
        histories.take(
                holder,
                turn -> read(past, asked, most).whenComplete((history, failure) -> {
                    turn.end();
                    if (failure == null) {
                        reply.complete(history);
                    } else {
                        reply.completeExceptionally(failure);
                    }
                }));
        return reply;
    }

    private static CompletionStage<Reply.History> read(HistoryReader past, Command.History asked, int most) {
        try {
            return past.read(most).thenApply(page -> HistoryReply.of(asked, page, most));
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * What a message says, as bytes, a piece at a time.
     *
     * @throws RefusedException when the reader may not
     */
    public ContentReader content(Identity reader, String channel, Position position) {
        return channels.contentReader(reader, channel, position);
    }

    /**
     * Who is on a channel.
     *
     * @param most bytes of the reply
     * @throws RefusedException when the reader may not see it
     */
    public Reply.Present presence(Identity reader, Command.Presence asked, int most) {
        return present(asked, channels.presence(reader, asked.channel()), most);
    }

    /** With as many members as fit into one message: names of others must not make it too large for this client. */
    public static Reply.Present present(Command.Presence asked, PresenceSnapshot snapshot, int most) {
        List<Member> members = new ArrayList<>();
        int left = most - ENVELOPE - 2 * asked.channel().length();
        for (Member member : snapshot.members()) {
            left -= WireWriter.size(member);
            if (left < 0) {
                break;
            }
            members.add(member);
        }
        return new Reply.Present(asked.id(), asked.channel(), snapshot.position(), snapshot.count(), members);
    }

    /** What the client is told of a failure. */
    static RefusedException refusal(Throwable failure) {
        return RefusedException.in(failure).orElseGet(() -> {
            LOGGER.log(System.Logger.Level.ERROR, "A command failed", failure);
            return new RefusedException(ErrorCode.INTERNAL);
        });
    }
}
