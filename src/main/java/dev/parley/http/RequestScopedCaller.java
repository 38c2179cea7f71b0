package dev.parley.http;

import dev.parley.api.Identity;
import dev.parley.api.RequestCaller;
import jakarta.enterprise.context.RequestScoped;

/** The caller that {@link CallerFilter} has found, for as long as CDI's request context. */
@RequestScoped
public class RequestScopedCaller implements RequestCaller {
    private Identity identity = Identity.NOBODY;

    @Override
    public Identity identity() {
        return identity;
    }

    void is(Identity caller) {
        identity = caller;
    }
}
