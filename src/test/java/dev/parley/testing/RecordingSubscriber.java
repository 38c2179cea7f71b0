package dev.parley.testing;

import dev.parley.api.Identity;
import dev.parley.channel.Batch;
import dev.parley.channel.BatchLimit;
import dev.parley.channel.Encoded;
import dev.parley.channel.Representation;
import dev.parley.channel.Subscriber;
import dev.parley.channel.Subscription;
import dev.parley.protocol.Body;
import dev.parley.protocol.Message;
import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import dev.parley.protocol.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Reads from a subscription, at once or only when it is told to, and remembers what it was given. */
public final class RecordingSubscriber implements Subscriber {
    public static final int MOST = 32 * 1024;

    /** What a message says, or the kind of the push; so a test sees the order of all. */
    public static final Representation PLAIN = new Representation() {
        @Override
        public Optional<Encoded> encode(Push push) {
            return Optional.of(Encoded.Text.of(text(push)));
        }

        @Override
        public boolean joins() {
            return true;
        }
    };

    private final List<Batch> batches = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final CompletableFuture<Subscription> subscription;
    private final ManualNode node;
    private boolean slow;
    private int most = MOST;

    private RecordingSubscriber(ManualNode node, Identity who, Start start, Representation form) {
        this.node = node;
        this.subscription = node.channels().subscribe(who, start, form, this).toCompletableFuture();
        CompletableFuture<Void> unused = subscription.thenAccept(Subscription::start);
    }

    public static RecordingSubscriber of(ManualNode node, Start start) {
        return of(node, Identity.SERVER, start);
    }

    public static RecordingSubscriber of(ManualNode node, Identity who, Start start) {
        RecordingSubscriber reader = begin(node, who, start, PLAIN);
        node.run();
        return reader;
    }

    /** The node has not done anything for it yet. */
    public static RecordingSubscriber begin(ManualNode node, Identity who, Start start, Representation form) {
        return new RecordingSubscriber(node, who, start, form);
    }

    @Override
    public void ready(Subscription ready) {
        if (!slow) {
            while (takeOne(ready)) {
                // all there is
            }
        }
    }

    /** From now on it takes nothing by itself. */
    public RecordingSubscriber slow() {
        slow = true;
        return this;
    }

    /** From now on its batches hold no more than so many bytes. */
    public RecordingSubscriber atMost(int bytes) {
        most = bytes;
        return this;
    }

    /** Takes one batch; false when there was none. */
    public boolean take() {
        return takeOne(subscription.join());
    }

    /** Reads on by itself. */
    public void wakeUp() {
        slow = false;
        ready(subscription.join());
        node.run();
    }

    public void close() {
        subscription.join().close();
    }

    public CompletableFuture<Subscription> subscription() {
        return subscription;
    }

    public Reply.Started started() {
        return subscription.join().started();
    }

    /** Every push as one line, in the order in which they came. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** The same, and forgets them. */
    public List<String> takeLines() {
        List<String> taken = lines();
        lines.clear();
        return taken;
    }

    public List<Batch> batches() {
        return List.copyOf(batches);
    }

    /** The numbers as the lines that they are when published. */
    public static List<String> numbers(int from, int to) {
        List<String> all = new ArrayList<>();
        for (int number = from; number <= to; number++) {
            all.add(Integer.toString(number));
        }
        return all;
    }

    private boolean takeOne(Subscription from) {
        Optional<Batch> batch = from.next(BatchLimit.of(most));
        batch.ifPresent(taken -> {
            batches.add(taken);
            taken.pieces()
                    .forEach(piece ->
                            lines.addAll(List.of(((Encoded.Text) piece).text().split("\n"))));
        });
        return batch.isPresent();
    }

    private static String text(Push push) {
        if (push instanceof Message message) {
            return message.body() instanceof Body.Json json ? json.text() : "bytes";
        }
        if (push instanceof Push.Lost lost) {
            return lost.range()
                    .map(range -> "lost " + range.after().offset() + ".."
                            + range.before().offset())
                    .orElse("lost");
        }
        if (push instanceof Push.Forgotten forgotten) {
            return "forgotten " + forgotten.range().after() + ".."
                    + forgotten.range().before();
        }
        if (push instanceof Push.Join join) {
            return "join " + join.member().user();
        }
        if (push instanceof Push.Leave leave) {
            return "leave " + leave.member().user();
        }
        return push instanceof Push.Members members ? "members " + members.count() : push.toString();
    }
}
