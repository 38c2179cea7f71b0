package dev.parley.jdbc;

import java.sql.SQLException;
import java.util.Optional;
import org.h2.engine.SessionLocal;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.RandomAccessStore;

/**
 * The chunks of H2's file. Each commit writes one; it is dead when nothing in it is in use any more, and is taken out of
 * the file so that its space is used again.
 *
 * <p>H2 takes a dead chunk out when it is older than {@code RETENTION_TIME}, by the wall clock: a chunk may not be younger
 * than the one before it, so after the clock was an hour ahead for a moment none is old enough for an hour, neither in this
 * process nor in the next, and the file grows by all that is written. And old enough does not mean that what has taken the
 * chunk's place is on the disk.
 *
 * <p>So H2 is told to take nothing out, and {@link #release} does: whatever was dead in a state that is on the disk. Until
 * then the space is not touched, and a process or a machine that stops at any moment leaves a whole state behind.
 *
 * <p>All of it holds up commits while it is under way, so it comes in small steps.
 */
final class H2Chunks {
    /** Of all ages; nothing else of H2 looks at the clock. */
    private static final int ANY_AGE = -1;

    private static final int NEVER = Integer.MAX_VALUE;

    /**
     * What died with the last commit or the one before may still be alive in the list of chunks that was written then:
     * H2 changes that list once more after it has written it.
     */
    private static final int VERSIONS_KEPT = 2;

    private static final int ALL_VERSIONS = Integer.MAX_VALUE;
    private static final int PERCENT = 100;

    private final MVStore store;
    private final RandomAccessStore file;

    private H2Chunks(MVStore store, RandomAccessStore file) {
        this.store = store;
        this.file = file;
    }

    static Optional<H2Chunks> of(SessionLocal session) {
        MVStore store = session.getDatabase().getStore().getMvStore();
        FileStore<?> file = store.getFileStore();
        return !store.isClosed() && file instanceof RandomAccessStore random && !file.isReadOnly()
                ? Optional.of(new H2Chunks(store, random))
                : Optional.empty();
    }

    /** Bytes of the file. */
    long size() {
        return file.size();
    }

    /** Brings all that was committed to the disk, and frees the space of what was dead by then. */
    void release() throws SQLException {
        attempt(() -> {
            store.commit();
            file.sync();
            store.executeFilestoreOperation(() -> {
                file.sync();
                permit(ANY_AGE, VERSIONS_KEPT);
                try {
                    file.dropUnusedChunks();
                } finally {
                    permit(NEVER, 0);
                }
            });
            return true;
        });
    }

    /**
     * Writes anew what is alive in chunks that are mostly dead, so that they die.
     *
     * @param fillRate how many percent of all chunks should be alive
     * @param bytes to be written
     * @return whether it was needed
     */
    boolean rewrite(int fillRate, int bytes) throws SQLException {
        return attempt(() -> {
            store.executeFilestoreOperation(() -> permit(ANY_AGE, ALL_VERSIONS));
            try {
                return store.compact(fillRate, bytes);
            } finally {
                store.executeFilestoreOperation(() -> permit(NEVER, 0));
            }
        });
    }

    /**
     * Moves chunks from the file's end into its holes, so that it becomes smaller; on the disk before it returns.
     *
     * @param fillRate how many percent of the file should be chunks
     * @param bytes to be moved
     * @return whether it was needed
     */
    boolean move(int fillRate, int bytes) throws SQLException {
        return attempt(() -> {
            boolean needed = file.getFillRate() < fillRate;
            if (needed) {
                file.compactMoveChunks(PERCENT, bytes, store);
            }
            return needed;
        });
    }

    /** Both are looked at together, by whoever commits, under the lock that this is called with. */
    private void permit(int age, int versionsKept) {
        store.setRetentionTime(age);
        store.setVersionsToKeep(versionsKept);
    }

    private interface Step {
        boolean run();
    }

    private static boolean attempt(Step step) throws SQLException {
        try {
            return step.run();
        } catch (RuntimeException e) {
            throw new SQLException("H2 cannot look after its file: " + e.getMessage(), e);
        }
    }
}
