package dev.parley.channel;

import dev.parley.protocol.Bytes;
import dev.parley.protocol.Push;
import dev.parley.protocol.Unicode;

/** One push, or several joined, in the form of a representation: one message of the transport. */
public sealed interface Encoded {

    /** In bytes, as it travels. */
    int size();

    /** @param size of the text in UTF-8 */
    record Text(String text, int size) implements Encoded {
        public static Text of(String text) {
            return new Text(text, Unicode.utf8Length(text));
        }
    }

    /** Not encoded at all, for readers within this process; reaches no transport. */
    record Unwritten(Push push) implements Encoded {
        private static final int ABOUT = 256;

        @Override
        public int size() {
            return ABOUT;
        }
    }

    record Binary(Bytes bytes) implements Encoded {
        @Override
        public int size() {
            return bytes.size();
        }
    }
}
