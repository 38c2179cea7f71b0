package dev.parley.e2e;

import dev.parley.api.Channels;
import dev.parley.protocol.Body;
import dev.parley.protocol.Message;
import dev.parley.protocol.Push;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.concurrent.CompletionStage;

/** A team's bean: says on a channel what it has seen happen on others. */
@ApplicationScoped
public class EventObserver {
    static final String SEEN = "seen";
    static final String FAILING = "watched.failing";

    @Inject
    Channels channels;

    void published(@Observes Message message) {
        if (message.channel().equals(FAILING)) {
            throw new IllegalStateException("An observer fails");
        }
        if (message.channel().startsWith("watched.")) {
            say(message.channel() + " " + ((Body.Json) message.body()).text());
        }
    }

    void joined(@Observes Push.Join join) {
        say(join.channel() + " join " + join.member().name().orElse("?"));
    }

    void left(@Observes Push.Leave leave) {
        say(leave.channel() + " leave " + leave.member().name().orElse("?"));
    }

    private void say(String text) {
        CompletionStage<?> unused = channels.publish(SEEN, new Body.Json("{\"seen\":\"" + text + "\"}"));
    }
}
