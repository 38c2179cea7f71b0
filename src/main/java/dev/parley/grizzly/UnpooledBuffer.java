package dev.parley.grizzly;

import org.glassfish.grizzly.memory.HeapBuffer;

/**
 * Bytes that are nobody's when they are disposed of. Those of a {@link org.glassfish.grizzly.memory.HeapMemoryManager} are
 * from then on what the thread reads into: each thread would keep the largest body that it has ever seen.
 */
final class UnpooledBuffer extends HeapBuffer {
    UnpooledBuffer(byte[] bytes) {
        super(bytes, 0, bytes.length);
    }
}
