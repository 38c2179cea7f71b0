package dev.parley.grizzly;

import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.http.ChunkedTransferEncoding;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpHeader;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.ParsingResult;
import org.glassfish.grizzly.http.TransferEncoding;
import org.glassfish.grizzly.memory.Buffers;

/** Bodies in chunks: requests are read by {@link ChunkGrammar}, answers written as Grizzly does. */
final class ChunkedBodies implements TransferEncoding {
    private static final String GRAMMAR = ChunkGrammar.class.getName();

    private final TransferEncoding grizzly;
    private final int mostTrailers;

    /** @param mostTrailers octets of all trailers of one body */
    ChunkedBodies(int mostTrailers) {
        this.grizzly = new ChunkedTransferEncoding(mostTrailers);
        this.mostTrailers = mostTrailers;
    }

    @Override
    public boolean wantDecode(HttpHeader header) {
        return header.isChunked();
    }

    /** Takes all the data that has come; what is left behind the body's end is the next request. */
    @Override
    public ParsingResult parsePacket(FilterChainContext ctx, HttpHeader header, Buffer buffer) {
        HttpRequestPacket request = (HttpRequestPacket) header;
        ChunkGrammar grammar = grammar(request);
        byte[] data = new byte[buffer.remaining()];
        int count = 0;
        while (buffer.hasRemaining() && !grammar.isDone()) {
            int more = (int) Math.min(grammar.data(), buffer.remaining());
            if (more > 0) {
                buffer.get(data, count, more);
                grammar.took(more);
                count += more;
            } else {
                HttpCodec.refuse(grammar.read(buffer.get() & 0xff));
            }
        }
        if (grammar.isDone()) {
            request.removeAttribute(GRAMMAR);
        } else if (count == 0) {
            return ParsingResult.create(null, null);
        }
        Buffer taken = Buffers.wrap(ctx.getMemoryManager(), data, 0, count);
        HttpContent content = header.httpContentBuilder()
                .content(taken)
                .last(grammar.isDone())
                .build();
        return ParsingResult.create(content, buffer.hasRemaining() ? buffer.split(buffer.position()) : null);
    }

    private ChunkGrammar grammar(HttpRequestPacket request) {
        if (request.getAttribute(GRAMMAR) instanceof ChunkGrammar begun) {
            return begun;
        }
        ChunkGrammar grammar = new ChunkGrammar(mostTrailers);
        request.setAttribute(GRAMMAR, grammar);
        return grammar;
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
