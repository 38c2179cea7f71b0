package dev.parley.settings;

/**
 * How many threads a node has for what may wait, each for its own kind of waiting; {@code parley.threads.*}. None of them is
 * there before it is needed.
 *
 * @param closing {@code closing}: so many sessions are closed at a time, since a container's close may hang; 16
 * @param pinging {@code pinging}: so many are pinged at a time; 8
 * @param waiting {@code waiting}: so many wait to be closed, and as many to be pinged; beyond it a session is given up
 *     unclosed, and pinged later; 10,000
 * @param foreign {@code foreign}: of each endpoint class for its Encoders; 2
 * @param resources {@code resources}: standalone, so many requests are answered at a time by a team's resources; 64
 * @param resourcesWaiting {@code resources-waiting}: and so many wait for that; beyond it a request is refused; 1,000
 */
public record ThreadSettings(int closing, int pinging, int waiting, int foreign, int resources, int resourcesWaiting) {
    public static final ThreadSettings DEFAULTS = new ThreadSettings(16, 8, 10_000, 2, 64, 1_000);

    private static final int MOST = 1_000;

    static ThreadSettings read(SettingsReader reader) {
        return new ThreadSettings(
                reader.number("parley.threads.closing", DEFAULTS.closing(), 1, MOST),
                reader.number("parley.threads.pinging", DEFAULTS.pinging(), 1, MOST),
                reader.number("parley.threads.waiting", DEFAULTS.waiting(), 1, Integer.MAX_VALUE),
                reader.number("parley.threads.foreign", DEFAULTS.foreign(), 1, MOST),
                reader.number("parley.threads.resources", DEFAULTS.resources(), 1, MOST),
                reader.number("parley.threads.resources-waiting", DEFAULTS.resourcesWaiting(), 1, Integer.MAX_VALUE));
    }
}
