package dev.parley.signatures;

import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What a method may return. */
public final class ReturnEndpoints {
    private ReturnEndpoints() {}

    @ServerEndpoint("/return/boolean-value")
    public static class PlainBoolean {
        @OnMessage
        public boolean message(String text) {
            return true;
        }
    }

    @ServerEndpoint("/return/byte-value")
    public static class PlainByte {
        @OnMessage
        public byte message(String text) {
            return (byte) 1;
        }
    }

    @ServerEndpoint("/return/char-value")
    public static class PlainChar {
        @OnMessage
        public char message(String text) {
            return 'c';
        }
    }

    @ServerEndpoint("/return/double-value")
    public static class PlainDouble {
        @OnMessage
        public double message(String text) {
            return 1.5;
        }
    }

    @ServerEndpoint("/return/float-value")
    public static class PlainFloat {
        @OnMessage
        public float message(String text) {
            return 1.5f;
        }
    }

    @ServerEndpoint("/return/int-value")
    public static class PlainInt {
        @OnMessage
        public int message(String text) {
            return 7;
        }
    }

    @ServerEndpoint("/return/long-value")
    public static class PlainLong {
        @OnMessage
        public long message(String text) {
            return 8L;
        }
    }

    @ServerEndpoint("/return/short-value")
    public static class PlainShort {
        @OnMessage
        public short message(String text) {
            return (short) 9;
        }
    }

    @ServerEndpoint("/return/boolean-object")
    public static class ABoolean {
        @OnMessage
        public Boolean message(String text) {
            return Boolean.TRUE;
        }
    }

    @ServerEndpoint("/return/byte-object")
    public static class AByte {
        @OnMessage
        public Byte message(String text) {
            return (byte) 1;
        }
    }

    @ServerEndpoint("/return/char-object")
    public static class ACharacter {
        @OnMessage
        public Character message(String text) {
            return 'c';
        }
    }

    @ServerEndpoint("/return/double-object")
    public static class ADouble {
        @OnMessage
        public Double message(String text) {
            return 1.5;
        }
    }

    @ServerEndpoint("/return/float-object")
    public static class AFloat {
        @OnMessage
        public Float message(String text) {
            return 1.5f;
        }
    }

    @ServerEndpoint("/return/int-object")
    public static class AInteger {
        @OnMessage
        public Integer message(String text) {
            return 7;
        }
    }

    @ServerEndpoint("/return/long-object")
    public static class ALong {
        @OnMessage
        public Long message(String text) {
            return 8L;
        }
    }

    @ServerEndpoint("/return/short-object")
    public static class AShort {
        @OnMessage
        public Short message(String text) {
            return (short) 9;
        }
    }

    @ServerEndpoint(value = "/return/encoded-text", encoders = Coders.PointToText.class)
    public static class EncodedText {
        @OnMessage
        public Point message(String text) {
            return Point.parse(text);
        }
    }

    @ServerEndpoint(value = "/return/encoded-text-stream", encoders = Coders.PointToTextStream.class)
    public static class EncodedTextStream {
        @OnMessage
        public Point message(String text) {
            return Point.parse(text);
        }
    }

    @ServerEndpoint(value = "/return/encoded-binary", encoders = Coders.PointToBinary.class)
    public static class EncodedBinary {
        @OnMessage
        public Point message(String text) {
            return Point.parse(text);
        }
    }

    @ServerEndpoint(value = "/return/encoded-binary-stream", encoders = Coders.PointToBinaryStream.class)
    public static class EncodedBinaryStream {
        @OnMessage
        public Point message(String text) {
            return Point.parse(text);
        }
    }

    @ServerEndpoint("/return/buffer")
    public static class Buffer {
        @OnMessage
        public ByteBuffer message(String text) {
            return ByteBuffer.wrap(new byte[] {1, 2});
        }
    }

    /** Nothing is sent for null, nor for void. */
    @ServerEndpoint("/return/nothing")
    public static class Nothing {
        @OnMessage
        public String message(String text) {
            return text.equals("last") ? "last" : null;
        }

        @OnMessage
        public void binary(byte[] bytes, Session session) throws IOException {
            session.getBasicRemote().sendText("void");
        }
    }
}
