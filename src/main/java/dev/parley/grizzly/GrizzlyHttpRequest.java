package dev.parley.grizzly;

import dev.parley.protocol.Bytes;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.glassfish.grizzly.http.server.Request;

/** A request as Grizzly has read it. */
record GrizzlyHttpRequest(Request request, String path, String address) implements dev.parley.http.HttpRequest {
    @Override
    public String method() {
        return request.getMethod().toString();
    }

    @Override
    public Optional<String> query() {
        return Optional.ofNullable(request.getRequest().getQueryString());
    }

    @Override
    public List<String> headers(String name) {
        return GuardAdapter.values(request.getRequest(), name);
    }

    /** {@link BodyFilter} has hold of it whole. */
    @Override
    public CompletionStage<Bytes> body() {
        try {
            return CompletableFuture.completedFuture(
                    Bytes.wrap(request.getInputStream().readAllBytes()));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(
                    new RefusedException(ErrorCode.MALFORMED, "The body ended too early."));
        }
    }
}
