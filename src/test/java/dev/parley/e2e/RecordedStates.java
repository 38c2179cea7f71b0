package dev.parley.e2e;

import dev.parley.client.Closing;
import dev.parley.client.StateListener;
import dev.parley.protocol.Reply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What a Java client has told of its connection. */
final class RecordedStates implements StateListener {
    final AtomicInteger opened = new AtomicInteger();
    final List<String> interrupted = new CopyOnWriteArrayList<>();
    final List<Closing> closed = new CopyOnWriteArrayList<>();

    @Override
    public void open(Reply.Connected connected) {
        opened.incrementAndGet();
    }

    @Override
    public void interrupted(String reason, Duration pause) {
        interrupted.add(reason);
    }

    @Override
    public void closed(Closing closing) {
        closed.add(closing);
    }
}
