package dev.parley.signatures;

import jakarta.websocket.DecodeException;
import jakarta.websocket.Decoder;
import jakarta.websocket.Encoder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.ByteBuffer;

/** One of each kind; in bytes a point is two of them. */
public final class Coders {
    private Coders() {}

    public static class OfText implements Decoder.Text<Point> {
        @Override
        public Point decode(String text) throws DecodeException {
            return Point.parse(text);
        }

        @Override
        public boolean willDecode(String text) {
            return text.indexOf(',') > 0;
        }
    }

    public static class OfTextStream implements Decoder.TextStream<Point> {
        @Override
        public Point decode(Reader reader) throws DecodeException, IOException {
            return Point.parse(new BufferedReader(reader).readLine());
        }
    }

    public static class OfBinary implements Decoder.Binary<Point> {
        @Override
        public Point decode(ByteBuffer bytes) throws DecodeException {
            return new Point(bytes.get(bytes.position()), bytes.get(bytes.position() + 1));
        }

        @Override
        public boolean willDecode(ByteBuffer bytes) {
            return bytes.remaining() == 2;
        }
    }

    public static class OfBinaryStream implements Decoder.BinaryStream<Point> {
        @Override
        public Point decode(InputStream stream) throws DecodeException, IOException {
            return new Point(stream.read(), stream.read());
        }
    }

    /** Says for what it is one step above. */
    public abstract static class ToText<T> implements Encoder.Text<T> {}

    public static class PointToText extends ToText<Point> {
        @Override
        public String encode(Point point) {
            return point.text();
        }
    }

    public static class PointToTextStream implements Encoder.TextStream<Point> {
        @Override
        public void encode(Point point, Writer writer) throws IOException {
            writer.write(point.text());
        }
    }

    public static class PointToBinary implements Encoder.Binary<Point> {
        @Override
        public ByteBuffer encode(Point point) {
            return ByteBuffer.wrap(new byte[] {(byte) point.x(), (byte) point.y()});
        }
    }

    public static class PointToBinaryStream implements Encoder.BinaryStream<Point> {
        @Override
        public void encode(Point point, OutputStream stream) throws IOException {
            stream.write(point.x());
            stream.write(point.y());
        }
    }
}
