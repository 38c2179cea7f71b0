package dev.parley.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/** H2's files under {@code quota:}, on a disk where no file may grow beyond a length that a test sets. */
public final class QuotaFileSystem extends FilePathWrapper {
    private static final AtomicLong LONGEST = new AtomicLong(Long.MAX_VALUE);
    private static final AtomicReference<Runnable> WHEN_REFUSED = new AtomicReference<>(() -> {});

    public static void register() {
        FilePath.register(new QuotaFileSystem());
    }

    public static void limit(long longest) {
        LONGEST.set(longest);
    }

    /** Not even what is there may be overwritten. */
    static void failAllWrites() {
        LONGEST.set(-1);
    }

    public static void free() {
        LONGEST.set(Long.MAX_VALUE);
        WHEN_REFUSED.set(() -> {});
    }

    /** Runs this on the writing thread, once, before it is told that there is no space left. */
    static void whenRefused(Runnable action) {
        WHEN_REFUSED.set(action);
    }

    @Override
    public String getScheme() {
        return "quota";
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return new QuotaFile(getBase().open(mode));
    }

    private static final class QuotaFile extends FileBaseDefault {
        private final FileChannel base;

        QuotaFile(FileChannel base) {
            this.base = base;
        }

        /** As a file system does: what is there may be overwritten, and what still fits is written. */
        @Override
        @SuppressWarnings(
                "UnsynchronizedOverridesSynchronized") // what runs when it is refused may read the file meanwhile
        public int write(ByteBuffer source, long position) throws IOException {
            try {
                return writeWhatFits(source, position);
            } catch (IOException e) {
                WHEN_REFUSED.getAndSet(() -> {}).run();
                throw e;
            }
        }

        private synchronized int writeWhatFits(ByteBuffer source, long position) throws IOException {
            long longest = LONGEST.get();
            long end = longest < 0 ? 0 : Math.max(base.size(), longest);
            if (position + source.remaining() <= end) {
                return base.write(source, position);
            }
            if (position < end) {
                ByteBuffer part = source.slice();
                part.limit((int) (end - position));
                source.position(source.position() + base.write(part, position));
            }
            throw new IOException("No space left on device");
        }

        @Override
        public synchronized int read(ByteBuffer target, long position) throws IOException {
            return base.read(target, position);
        }

        @Override
        public long size() throws IOException {
            return base.size();
        }

        @Override
        protected void implTruncate(long size) throws IOException {
            base.truncate(size);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            base.force(metaData);
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return base.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            base.close();
        }
    }
}
