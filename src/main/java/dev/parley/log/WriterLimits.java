package dev.parley.log;

/**
 * What a {@link LogWriter} takes at a time, and what may wait for it; bytes are those of the bodies, and a little for
 * the rest of each publication.
 *
 * @param batchMessages to be committed together
 * @param batchBytes to be committed together, unless one publication alone is larger
 * @param queueMessages that may wait; more are refused at once
 * @param queueBytes that may wait; more are refused at once
 */
public record WriterLimits(int batchMessages, long batchBytes, int queueMessages, long queueBytes) {
    /** 1,000 messages or 4 MB a batch; 20,000 messages or 64 MB waiting. */
    public static final WriterLimits DEFAULT = new WriterLimits(1_000, 4L << 20, 20_000, 64L << 20);
}
