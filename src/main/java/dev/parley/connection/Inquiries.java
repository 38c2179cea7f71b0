package dev.parley.connection;

import dev.parley.channel.Channels;
import dev.parley.channel.PresenceSnapshot;
import dev.parley.protocol.Command;
import dev.parley.protocol.Member;
import dev.parley.protocol.Reply;
import dev.parley.protocol.WireWriter;
import dev.parley.security.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What is asked of channels without a cursor, by whatever transport. Safe for several threads. */
public final class Inquiries {
    private static final int ENVELOPE = 256;

    private final Channels channels;

    Inquiries(Channels channels) {
        this.channels = channels;
    }

    /**
     * Older messages, as many as fit.
     *
     * @param most bytes of the reply, unless its only message, mentioned, needs more
     */
    public CompletionStage<Reply.History> history(Identity reader, Command.History asked, int most) {
        return channels.history(reader, asked.channel(), asked.before(), asked.limit(), most)
                .thenApply(past -> Excerpt.of(asked, past, most));
    }

    /**
     * Who is on a channel.
     *
     * @param most bytes of the reply
     * @throws dev.parley.protocol.RefusedException when the reader may not see it
     */
    public Reply.Present presence(Identity reader, Command.Presence asked, int most) {
        return present(asked, channels.presence(reader, asked.channel()), most);
    }

    /** With as many members as fit into one message: names of others must not make it too large for this client. */
    public static Reply.Present present(Command.Presence asked, PresenceSnapshot snapshot, int most) {
        List<Member> members = new ArrayList<>();
        int room = most - ENVELOPE - 2 * asked.channel().length();
        for (Member member : snapshot.members()) {
            room -= WireWriter.size(member);
            if (room < 0) {
                break;
            }
            members.add(member);
        }
        return new Reply.Present(asked.id(), asked.channel(), snapshot.position(), snapshot.count(), members);
    }
}
