package dev.parley.grizzly;

import dev.parley.http.ApiDispatcher;
import dev.parley.http.Problem;
import java.io.IOException;
import java.util.Optional;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpRequestPacket;

/**
 * Refuses a publish by the length that it declares, where its address may not publish so much now: before the body is
 * read, and not after the server has collected five megabytes to say so.
 */
final class PublishRateFilter extends BaseFilter {
    private static final String LOOKED_AT = PublishRateFilter.class.getName();

    private final GuardAdapter guard;
    private final ApiDispatcher api;

    PublishRateFilter(GuardAdapter guard, ApiDispatcher api) {
        this.guard = guard;
        this.api = api;
    }

    @Override
    public NextAction handleRead(FilterChainContext ctx) throws IOException {
        HttpContent content = ctx.getMessage();
        HttpRequestPacket request = (HttpRequestPacket) content.getHttpHeader();
        if (HttpContent.isBroken(content) || content.isLast() || request.getAttribute(LOOKED_AT) != null) {
            return ctx.getInvokeAction();
        }
        request.setAttribute(LOOKED_AT, true);
        Optional<Problem> problem = problem(request);
        problem.ifPresent(why -> FilterResponses.refuse(ctx, request, why));
        return problem.isPresent() ? ctx.getStopAction() : ctx.getInvokeAction();
    }

    private Optional<Problem> problem(HttpRequestPacket request) {
        return guard.check(request).isPresent() // who is not let in at all is told so
                ? Optional.empty()
                : GuardAdapter.target(request)
                        .flatMap(target -> api.checkBody(
                                new ApiDispatcher.HttpHead(
                                        request.getMethod().getMethodString(), target.path(), guard.address(request)),
                                request.getContentLength()));
    }
}
