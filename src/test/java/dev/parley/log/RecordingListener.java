package dev.parley.log;

import dev.parley.protocol.Message;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Remembers what a writer told it. */
public final class RecordingListener implements CommitListener {
    private final List<Message> messages = new ArrayList<>();
    private final List<String> doubtful = new ArrayList<>();

    @Override
    public synchronized void committed(List<Message> committed) {
        messages.addAll(committed);
    }

    @Override
    public synchronized void doubtful(Collection<String> channels) {
        doubtful.addAll(channels);
    }

    public synchronized List<Message> messages() {
        return List.copyOf(messages);
    }

    synchronized List<String> doubtful() {
        return List.copyOf(doubtful);
    }
}
