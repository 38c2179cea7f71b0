package dev.parley.channel;

import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import java.util.function.Consumer;

/**
 * Takes publications to the durable log and answers after the commit, on a thread that must not be blocked: what
 * {@link HubChannels} knows of the {@link dev.parley.log.LogWriter}, whose {@code publish} it is.
 */
@FunctionalInterface
public interface Appender {
    void publish(Publication publication, Consumer<Outcome> done);
}
