package dev.parley.testkit;

import dev.parley.api.Identity;
import dev.parley.api.PublishFilter;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import jakarta.enterprise.context.ApplicationScoped;

/** Takes no tea of no cups. */
@ApplicationScoped
public class TeaRules implements PublishFilter {
    @Override
    public String namespace() {
        return "tea";
    }

    @Override
    public Body filter(Identity from, String channel, Body body) {
        if (body instanceof Body.Json json && json.text().contains("\"cups\":0")) {
            throw new RefusedException(ErrorCode.REJECTED, "No tea at all");
        }
        return body;
    }
}
