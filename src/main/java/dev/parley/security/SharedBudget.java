package dev.parley.security;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * So many of something, such as bytes, that all clients have together, and nobody a part of: whoever comes first may use
 * all of it. Only when there is no more left for who asks is it looked who has how much. Then the {@link Holder} who has
 * the most loses reservations, the largest first and of equals the oldest, for as long as it has more than who asks would
 * have; if nobody has more, who asks is refused.
 *
 * <p>The hard case: fifty connections of one client hold all of it, each of them within every limit of its own. The next
 * client that asks for some makes one of the fifty end; the fifty-first of the same client is refused.
 *
 * <p>Thread-safe.
 */
public final class SharedBudget {
    private static final System.Logger LOGGER = System.getLogger(SharedBudget.class.getName());

    private final long most;

    // Guarded by this.
    private final Map<Holder, Share> shares = new HashMap<>();
    private long taken;

    /** What one holder has. */
    private static final class Share {
        final Set<Reservation> reservations = new LinkedHashSet<>();
        long held;
    }

    public SharedBudget(long most) {
        this.most = most;
    }

    /**
     * A reservation of nothing yet.
     *
     * @param whenEnded is told once, when it is ended in favour of somebody else, on the thread of that one, which may
     *     hold locks: it only hands on. What was reserved counts no more by then
     */
    public Reservation open(Holder holder, Runnable whenEnded) {
        return new Reservation(holder, whenEnded);
    }

    /** How much is reserved just now. */
    public synchronized long taken() {
        return taken;
    }

    /** What somebody has of it for one purpose. */
    public final class Reservation {
        private final Runnable whenEnded;

        // Guarded by the budget.
        private Holder holder;
        private long held;
        private boolean ended;

        private Reservation(Holder holder, Runnable whenEnded) {
            this.holder = holder;
            this.whenEnded = whenEnded;
        }

        /** Takes so much more. False when there is not so much to be had, or when it was ended; then nothing is taken. */
        public boolean take(long more) {
            List<Reservation> losers;
            boolean fits;
            synchronized (SharedBudget.this) {
                losers = ended ? List.of() : makeRoom(this, more);
                fits = !ended && more <= most - taken;
                if (fits) {
                    change(this, more);
                }
            }
            losers.forEach(Reservation::tell);
            return fits;
        }

        private void tell() {
            try {
                whenEnded.run();
            } catch (RejectedExecutionException e) {
                LOGGER.log(System.Logger.Level.DEBUG, "The server stops, and ends all of them", e);
            }
        }

        /** Gives so much of it back. */
        public void give(long less) {
            synchronized (SharedBudget.this) {
                change(this, -Math.min(held, less));
            }
        }

        /** Gives back all of it. */
        public void giveAll() {
            give(Long.MAX_VALUE);
        }

        /** From now on it counts as somebody else's, who is known now. */
        public void belongsTo(Holder other) {
            synchronized (SharedBudget.this) {
                long moved = held;
                change(this, -moved);
                holder = other;
                change(this, moved);
            }
        }

        /** Whether it had to go in favour of somebody else: nothing more is to be had by it. */
        public boolean isEnded() {
            synchronized (SharedBudget.this) {
                return ended;
            }
        }
    }

    private List<Reservation> makeRoom(Reservation asking, long more) {
        List<Reservation> losers = new ArrayList<>(0);
        while (more > most - taken) {
            Share asker = shares.get(asking.holder);
            Share largest = largestBeside(asker);
            if (largest == null || largest.held <= more + (asker == null ? 0 : asker.held)) {
                return losers;
            }
            Reservation loser = largestOf(largest);
            change(loser, -loser.held);
            loser.ended = true;
            losers.add(loser);
        }
        return losers;
    }

    private @Nullable Share largestBeside(@Nullable Share asker) {
        Share largest = null;
        for (Share share : shares.values()) {
            if (share != asker && (largest == null || share.held > largest.held)) {
                largest = share;
            }
        }
        return largest;
    }

    private static Reservation largestOf(Share share) {
        Reservation largest = share.reservations.iterator().next();
        for (Reservation reservation : share.reservations) {
            if (reservation.held > largest.held) {
                largest = reservation;
            }
        }
        return largest;
    }

    private void change(Reservation reservation, long by) {
        if (by == 0) {
            return;
        }
        Share share = shares.computeIfAbsent(reservation.holder, unknown -> new Share());
        reservation.held += by;
        share.held += by;
        taken += by;
        if (reservation.held == 0) {
            share.reservations.remove(reservation);
        } else {
            share.reservations.add(reservation);
        }
        if (share.held == 0) {
            shares.remove(reservation.holder);
        }
    }
}
