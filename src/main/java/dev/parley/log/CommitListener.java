package dev.parley.log;

import dev.parley.protocol.Message;
import java.util.Collection;
import java.util.List;

/** Is told by the {@link LogWriter}, on its thread, so it must not block: the {@code Hub}. */
public interface CommitListener {
    /** These were committed, in this order. Within a channel the offsets rise; another node's may lie between. */
    void committed(List<Message> messages);

    /** Something may have been appended to these channels: their heads must be read again. */
    void doubtful(Collection<String> channels);
}
