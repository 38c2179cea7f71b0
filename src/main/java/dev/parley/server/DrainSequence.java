package dev.parley.server;

import dev.parley.connection.Connections;
import dev.parley.settings.DrainSettings;
import java.time.Duration;

/**
 * Sends a node's clients away before it stops: first it is not ready for a while, so that load balancers send no more;
 * then the clients are told to come back, in batches over a time, each at a moment by chance within as much again; then
 * the last are waited for. So those who come back never all come at once.
 */
final class DrainSequence {
    /** So many are nothing to spread. */
    private static final int BATCH = 10;

    private static final long TICK_MILLIS = 20;
    private static final System.Logger LOGGER = System.getLogger(DrainSequence.class.getName());

    /** How far it is. */
    enum Stage {
        /** Not begun. */
        SERVING,
        /** Not ready, and nobody told yet. */
        WAITING,
        /** Clients are being told. */
        SENDING,
        /** All were told, and have gone or had their time. */
        DRAINED
    }

    private final Connections connections;
    private final DrainSettings settings;
    private volatile Stage stage = Stage.SERVING;

    DrainSequence(Connections connections, DrainSettings settings) {
        this.connections = connections;
        this.settings = settings;
    }

    Stage stage() {
        return stage;
    }

    /** Returns when it is done; who asks a second time waits for the first. */
    synchronized void run() {
        if (stage == Stage.DRAINED) {
            return;
        }
        try {
            stage = Stage.WAITING;
            until(settings.lead(), () -> false);
            stage = Stage.SENDING;
            connections.refuse();
            send();
            until(settings.patience(), () -> connections.size() == 0);
        } catch (InterruptedException e) {
            connections.release(Integer.MAX_VALUE, seconds(settings.spread()));
            Thread.currentThread().interrupt();
        }
        LOGGER.log(System.Logger.Level.DEBUG, "{0} connections are left", String.valueOf(connections.size()));
        stage = Stage.DRAINED;
    }

    private void send() throws InterruptedException {
        int all = connections.size();
        int within = seconds(settings.spread());
        long begun = System.nanoTime();
        long spread = Math.max(1, settings.spread().toNanos());
        int told = 0;
        while (connections.size() > 0) {
            double gone = Math.min(1, (double) (System.nanoTime() - begun) / spread);
            int due = gone == 1 ? Integer.MAX_VALUE : BATCH + (int) (gone * all) - told;
            if (due > 0) {
                told += connections.release(due, within);
            }
            if (gone == 1) {
                return;
            }
            Thread.sleep(TICK_MILLIS);
        }
    }

    private interface Condition {
        boolean holds();
    }

    private static void until(Duration most, Condition condition) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        while (!condition.holds() && System.nanoTime() < end) {
            Thread.sleep(TICK_MILLIS);
        }
    }

    private static int seconds(Duration spread) {
        return (int) Math.min(Integer.MAX_VALUE, spread.plusMillis(999).toSeconds());
    }
}
