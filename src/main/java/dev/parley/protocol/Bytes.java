package dev.parley.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that nobody changes any more, so that they can be shared between threads and connections without a copy. */
public final class Bytes {
    private final byte[] array;

    private Bytes(byte[] array) {
        this.array = array;
    }

    /** Takes the array as it is: the caller gives it away and must not write to it again. */
    public static Bytes wrap(byte[] array) {
        return new Bytes(array);
    }

    /** Copies what remains in the buffer, which may be the container's and be used again. */
    public static Bytes copyOf(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.duplicate().get(copy);
        return new Bytes(copy);
    }

    /** How many they are. */
    public int size() {
        return array.length;
    }

    /** A read-only view; each call gives one with a position of its own. */
    public ByteBuffer asBuffer() {
        return ByteBuffer.wrap(array).asReadOnlyBuffer();
    }

    /** A copy. */
    public byte[] toArray() {
        return array.clone();
    }

    /** @throws IndexOutOfBoundsException for what is not from 0 on and below {@link #size} */
    public byte at(int index) {
        return array[index];
    }

    /** Whether the bytes from {@code offset} on begin with these (values 0 to 255). */
    public boolean matches(int offset, int... expected) {
        if (offset + expected.length > array.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if ((array[offset + i] & 0xff) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(array);
    }

    @Override
    public String toString() {
        return array.length + " bytes";
    }
}
