package dev.parley.signatures;

import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;

/** Text messages, as each kind of parameter. */
public final class TextEndpoints {
    private TextEndpoints() {}

    @ServerEndpoint("/text/string")
    public static class Whole {
        @OnMessage
        public String message(String text) {
            return "whole " + text;
        }
    }

    @ServerEndpoint("/text/boolean-value")
    public static class OfBooleanValue {
        @OnMessage
        public String message(boolean value) {
            return "value " + value;
        }
    }

    @ServerEndpoint("/text/boolean-object")
    public static class OfBooleanObject {
        @OnMessage
        public String message(Boolean value) {
            return "object " + value;
        }
    }

    @ServerEndpoint("/text/byte-value")
    public static class OfByteValue {
        @OnMessage
        public String message(byte value) {
            return "value " + value;
        }
    }

    @ServerEndpoint("/text/byte-object")
    public static class OfByteObject {
        @OnMessage
        public String message(Byte value) {
            return "object " + value;
        }
    }

    @ServerEndpoint("/text/char-value")
    public static class OfCharValue {
        @OnMessage
        public String message(char value) {
            return "value " + value;
        }
    }

    @ServerEndpoint("/text/char-object")
    public static class OfCharacterObject {
        @OnMessage
        public String message(Character value) {
            return "object " + value;
        }
    }

    @ServerEndpoint("/text/double-value")
    public static class OfDoubleValue {
        @OnMessage
        public String message(double value) {
            return "value " + value;
        }
    }

    @ServerEndpoint("/text/double-object")
    public static class OfDoubleObject {
        @OnMessage
        public String message(Double value) {
            return "object " + value;
        }
    }

    @ServerEndpoint("/text/float-value")
    public static class OfFloatValue {
        @OnMessage
        public String message(float value) {
            return "value " + value;
        }
    }

    @ServerEndpoint("/text/float-object")
    public static class OfFloatObject {
        @OnMessage
        public String message(Float value) {
            return "object " + value;
        }
    }

    @ServerEndpoint("/text/int-value")
    public static class OfIntValue {
        @OnMessage
        public String message(int value) {
            return "value " + value;
        }
    }

    @ServerEndpoint("/text/int-object")
    public static class OfIntegerObject {
        @OnMessage
        public String message(Integer value) {
            return "object " + value;
        }
    }

    @ServerEndpoint("/text/long-value")
    public static class OfLongValue {
        @OnMessage
        public String message(long value) {
            return "value " + value;
        }
    }

    @ServerEndpoint("/text/long-object")
    public static class OfLongObject {
        @OnMessage
        public String message(Long value) {
            return "object " + value;
        }
    }

    @ServerEndpoint("/text/short-value")
    public static class OfShortValue {
        @OnMessage
        public String message(short value) {
            return "value " + value;
        }
    }

    @ServerEndpoint("/text/short-object")
    public static class OfShortObject {
        @OnMessage
        public String message(Short value) {
            return "object " + value;
        }
    }

    @ServerEndpoint(value = "/text/decoded", decoders = Coders.OfText.class)
    public static class Decoded {
        @OnMessage
        public String message(Point point) {
            return "point " + point.text();
        }
    }

    @ServerEndpoint(value = "/text/decoded-stream", decoders = Coders.OfTextStream.class)
    public static class DecodedStream {
        @OnMessage
        public String message(Point point) {
            return "point " + point.text();
        }
    }

    @ServerEndpoint(
            value = "/text/first-that-will",
            decoders = {Coders.OfText.class, Coders.OfTextStream.class})
    public static class FirstThatWill {
        @OnMessage
        public String message(Point point) {
            return "point " + point.text();
        }
    }

    @ServerEndpoint("/text/reader")
    public static class Read {
        @OnMessage
        public String message(Reader reader) throws IOException {
            StringWriter text = new StringWriter();
            reader.transferTo(text);
            return "read " + text;
        }
    }

    @ServerEndpoint("/text/parts")
    public static class Parts {
        private final StringBuilder text = new StringBuilder();

        @OnMessage
        public String message(String part, boolean last) {
            text.append(part);
            return last ? "parts " + text : null;
        }
    }

    @ServerEndpoint("/text/parts-and-object")
    public static class PartsAndObject {
        private final StringBuilder text = new StringBuilder();

        @OnMessage
        public String message(Boolean last, String part) {
            text.append(part);
            return last ? "parts " + text : null;
        }
    }
}
