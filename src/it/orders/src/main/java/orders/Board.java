package orders;

import dev.parley.api.Channels;
import dev.parley.protocol.Body;
import dev.parley.protocol.Message;
import dev.parley.protocol.Names;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.json.Json;
import java.util.concurrent.atomic.AtomicInteger;

/** Shows on a channel of its own how many orders have been placed at this node. */
@ApplicationScoped
public class Board {
    static final String CHANNEL = "board";

    private final AtomicInteger placed = new AtomicInteger();

    @Inject
    Channels channels;

    void placed(@Observes Message message) {
        if (Names.namespace(message.channel()).equals("orders")) {
            String line = Json.createObjectBuilder()
                    .add("channel", message.channel())
                    .add("placed", placed.incrementAndGet())
                    .build()
                    .toString();
            channels.publish(CHANNEL, Body.json(line));
        }
    }
}
