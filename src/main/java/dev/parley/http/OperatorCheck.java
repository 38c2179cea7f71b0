package dev.parley.http;

import dev.parley.api.Identity;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.security.Operators;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import java.util.concurrent.CompletionStage;

/** Lets only operators go on. */
@ApplicationScoped
public class OperatorCheck {
    @Inject
    Operators operators;

    @Inject
    HttpCallers callers;

    /** Fails with a {@link RefusedException} for anybody else; whoever has not said who it is may say so and ask again. */
    public CompletionStage<Identity> require(SecurityContext security, HttpHeaders headers) {
        return callers.of(security, headers).thenApply(caller -> operator(caller.identity()));
    }

    private Identity operator(Identity caller) {
        if (operators.includes(caller)) {
            return caller;
        }
        String detail = "Only users with the role " + operators.role() + " may do this (parley.auth.operator-role).";
        throw new RefusedException(caller.isGuest() ? ErrorCode.BAD_CREDENTIALS : ErrorCode.NOT_ALLOWED, detail);
    }
}
