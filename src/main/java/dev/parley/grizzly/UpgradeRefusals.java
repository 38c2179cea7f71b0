package dev.parley.grizzly;

import dev.parley.security.Refusal;
import java.io.IOException;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpRequestPacket;

/** Stands where there are no WebSockets. */
final class UpgradeRefusals extends BaseFilter {
    private static final Refusal NONE_HERE = new Refusal(404, "There are no WebSockets at this port.");

    @Override
    public NextAction handleRead(FilterChainContext ctx) throws IOException {
        HttpContent content = ctx.getMessage();
        HttpRequestPacket request = (HttpRequestPacket) content.getHttpHeader();
        if (!request.isUpgrade()) {
            return ctx.getInvokeAction();
        }
        FilterResponses.refuse(ctx, request, NONE_HERE);
        return ctx.getStopAction();
    }
}
