package dev.parley.benchmark.peer;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;

/** Netty: {@code writeAndFlush} to a group of channels. */
@SuppressWarnings("FutureReturnValueIgnored") // a channel that is gone leaves its group
public final class NettyServer {
    private static final int BACKLOG = 4096;
    private static final int MOST_HEAD = 8192;
    private static final ChannelGroup ROOM = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    private NettyServer() {}

    public static void main(String[] args) throws InterruptedException {
        ServerBootstrap server = new ServerBootstrap()
                .group(new NioEventLoopGroup(1), new NioEventLoopGroup())
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(MOST_HEAD))
                                .addLast(new WebSocketServerProtocolHandler("/", null, false, MOST_HEAD, false, true))
                                .addLast(new Joining());
                    }
                });
        InetSocketAddress address =
                (InetSocketAddress) server.bind("127.0.0.1", 0).sync().channel().localAddress();
        Lifeline.serving(address.getPort());
    }

    /** Makes a channel what its path says, once it is a WebSocket. */
    private static final class Joining extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
            if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete handshake) {
                String path = handshake.requestUri();
                context.pipeline().replace(this, "messages", path.equals("/echo") ? new Echo() : new Publishing());
                if (path.equals("/room")) {
                    ROOM.add(context.channel());
                    context.writeAndFlush(new TextWebSocketFrame("ready"));
                }
            }
            super.userEventTriggered(context, event);
        }
    }

    private static final class Publishing extends SimpleChannelInboundHandler<TextWebSocketFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
            ROOM.writeAndFlush(frame.retain());
        }
    }

    private static final class Echo extends SimpleChannelInboundHandler<TextWebSocketFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
            context.write(frame.retain());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }
}
