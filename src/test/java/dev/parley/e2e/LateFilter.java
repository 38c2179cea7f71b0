package dev.parley.e2e;

import dev.parley.api.Identity;
import dev.parley.api.PublishFilter;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;

/** After a room's own rules, for some rooms: sees what those left. */
@ApplicationScoped
@Priority(3_000)
public class LateFilter implements PublishFilter {
    @Override
    public String channels() {
        return "chat.late-*";
    }

    @Override
    public Body filter(Identity from, String channel, Body body) {
        String text = ((Body.Json) body).text();
        if (text.contains("extra")) {
            throw new RefusedException(ErrorCode.INTERNAL, "The room's rules have not been asked before.");
        }
        return new Body.Json(text.replace("early", "early and late"));
    }
}
