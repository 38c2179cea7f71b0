package dev.parley.http;

import dev.parley.protocol.RefusedException;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** What a resource throws, or its stage fails with, to refuse a request, as problem details. A team's own mapper goes first. */
@Provider
@Priority(RefusalMapper.AFTER_OTHERS)
public class RefusalMapper implements ExceptionMapper<RefusedException> {
    static final int AFTER_OTHERS = Priorities.USER + 1_000;

    @Override
    public Response toResponse(RefusedException refusal) {
        return Problem.of(refusal);
    }
}
