package dev.parley.grizzly;

import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.http.FixedLengthTransferEncoding;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpHeader;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.ParsingResult;
import org.glassfish.grizzly.http.TransferEncoding;

/**
 * Bodies that say how long they are (RFC 9112 section 6.2). Grizzly gives a body the memory of all that has come with it:
 * once the body was read, that memory was written to anew while the requests behind it were still to be read from it. Here
 * each has its own part.
 */
final class SizedBodies implements TransferEncoding {
    private static final String LEFT = SizedBodies.class.getName();

    private final TransferEncoding grizzly = new FixedLengthTransferEncoding();

    @Override
    public boolean wantDecode(HttpHeader header) {
        return grizzly.wantDecode(header);
    }

    @Override
    public ParsingResult parsePacket(FilterChainContext ctx, HttpHeader header, Buffer buffer) {
        HttpRequestPacket request = (HttpRequestPacket) header;
        long left = request.getAttribute(LEFT) instanceof Long before ? before : request.getContentLength();
        Buffer next = buffer.remaining() > left ? buffer.split(buffer.position() + (int) left) : null;
        left -= buffer.remaining();
        if (left > 0) {
            request.setAttribute(LEFT, left);
        }
        HttpContent content =
                request.httpContentBuilder().content(buffer).last(left == 0).build();
        return ParsingResult.create(content, next);
    }

    @Override
    public boolean wantEncode(HttpHeader header) {
        return grizzly.wantEncode(header);
    }

    @Override
    public void prepareSerialize(FilterChainContext ctx, HttpHeader header, HttpContent content) {
        grizzly.prepareSerialize(ctx, header, content);
    }

    @Override
    public Buffer serializePacket(FilterChainContext ctx, HttpContent content) {
        return grizzly.serializePacket(ctx, content);
    }
}
