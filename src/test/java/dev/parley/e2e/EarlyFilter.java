package dev.parley.e2e;

import dev.parley.api.Identity;
import dev.parley.api.PublishFilter;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;

/** Before a room's own rules: sees what the client wrote. */
@ApplicationScoped
@Priority(1_000)
public class EarlyFilter implements PublishFilter {
    @Override
    public String namespace() {
        return "chat";
    }

    @Override
    public Body filter(Identity from, String channel, Body body) {
        String text = ((Body.Json) body).text();
        if (text.contains("darn")) {
            throw new RefusedException(ErrorCode.REJECTED, "Mind your language.");
        }
        return new Body.Json(text.replace("hi", "hi, early"));
    }
}
