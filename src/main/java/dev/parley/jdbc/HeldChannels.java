package dev.parley.jdbc;

import dev.parley.log.LogException;
import dev.parley.log.Outcome;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Keeps a channel whose row somebody holds, such as a node that was stopped in the middle of an append, from holding up
 * the others of a batch.
 *
 * <p>A batch at first waits a little for its locks. Where that was in vain, and as long as it is known, it is appended
 * without waiting: the rows that are free are locked ({@code SKIP LOCKED}), and what is of other channels comes back as
 * {@link Outcome.Held}. What cannot be looked at before, a channel that has no row yet or a row of the outbox, is tried
 * with the others once, for a moment, and then left out too.
 */
final class HeldChannels {
    private static final Logger LOGGER = System.getLogger(HeldChannels.class.getName());
    private static final long KNOWN = Duration.ofSeconds(10).toNanos();
    private static final int MOST = 10_000;
    private static final Outcome HELD = new Outcome.Held();

    /** What an append gets hold of before it begins. */
    enum Turn {
        /** Whatever it needs, for which it waits. */
        ALL,
        /** What is free, and what nobody can know. */
        FREE,
        /** What is free for certain. */
        CERTAIN;

        TransactionLimits limits() {
            return this == ALL ? TransactionLimits.APPEND : TransactionLimits.BESIDE_HELD;
        }
    }

    /** One append in a transaction of its own, to be begun anew after conflicts. */
    @FunctionalInterface
    interface Appending {
        List<Outcome> in(Turn turn, List<StoredPublication> batch);
    }

    /** What is appended within a transaction: an outcome for each. */
    @FunctionalInterface
    interface Part {
        List<Outcome> append(List<StoredPublication> some) throws SQLException;
    }

    /** By name, and when it was last found to be held. */
    private final Map<String, Long> known = new ConcurrentHashMap<>();

    List<Outcome> append(List<StoredPublication> batch, Appending appending) {
        if (batch.stream().noneMatch(stored -> isKnown(channel(stored)))) {
            try {
                return appending.in(Turn.ALL, batch);
            } catch (LogException e) {
                onlyIfHeld(e);
            }
        }
        for (Turn turn : List.of(Turn.FREE, Turn.CERTAIN)) {
            try {
                return noted(batch, appending.in(turn, batch));
            } catch (LogException e) {
                onlyIfHeld(e);
            }
        }
        return noted(batch, batch.stream().map(stored -> HELD).toList());
    }

    /** Within the transaction of an append: of the batch what the turn may take, and the rest is held. */
    List<Outcome> take(Turn turn, Connection connection, List<StoredPublication> batch, Part part) throws SQLException {
        if (turn == Turn.ALL) {
            return part.append(batch);
        }
        Predicate<StoredPublication> takes = lock(turn, connection, batch);
        List<StoredPublication> taken = batch.stream().filter(takes).toList();
        Iterator<Outcome> given = (taken.isEmpty() ? List.<Outcome>of() : part.append(taken)).iterator();
        List<Outcome> outcomes = new ArrayList<>(batch.size());
        for (StoredPublication stored : batch) {
            outcomes.add(takes.test(stored) ? given.next() : HELD);
        }
        return outcomes;
    }

    /** By channel: of one channel all is taken or nothing, so that nothing overtakes. */
    private static Predicate<StoredPublication> lock(Turn turn, Connection connection, List<StoredPublication> batch)
            throws SQLException {
        Set<String> names = new HashSet<>();
        Set<String> ofOutbox = new HashSet<>();
        for (StoredPublication stored : batch) {
            names.add(channel(stored));
            if (OutboxRow.of(stored.publication()).isPresent()) {
                ofOutbox.add(channel(stored));
            }
        }
        Set<String> free =
                select(connection, "SELECT name FROM parley_channel WHERE name = ANY(?) FOR UPDATE SKIP LOCKED", names);
        if (turn == Turn.FREE) {
            Set<String> there = select(connection, "SELECT name FROM parley_channel WHERE name = ANY(?)", names);
            names.removeAll(there);
            free.addAll(names);
        } else {
            free.removeAll(ofOutbox);
        }
        return stored -> free.contains(channel(stored));
    }

    private static Set<String> select(Connection connection, String sql, Set<String> names) throws SQLException {
        Set<String> found = new HashSet<>();
        Array array = connection.createArrayOf("varchar", names.toArray());
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setArray(1, array);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
        }
        return found;
    }

    private List<Outcome> noted(List<StoredPublication> batch, List<Outcome> outcomes) {
        if (known.size() > MOST) {
            known.clear();
        }
        for (int i = 0; i < batch.size(); i++) {
            if (outcomes.get(i) instanceof Outcome.Held) {
                known.put(channel(batch.get(i)), System.nanoTime());
            } else {
                known.remove(channel(batch.get(i)));
            }
        }
        return outcomes;
    }

    private boolean isKnown(String channel) {
        Long at = known.get(channel);
        boolean is = at != null && System.nanoTime() - at < KNOWN;
        if (at != null && !is) {
            known.remove(channel);
        }
        return is;
    }

    private static String channel(StoredPublication stored) {
        return stored.publication().channel();
    }

    private static void onlyIfHeld(LogException e) {
        if (e.kind() == LogException.Kind.IN_DOUBT || !JdbcFailures.isHeld(e.getCause())) {
            throw e;
        }
        LOGGER.log(Level.DEBUG, "Another transaction holds what this one needs", e);
    }
}
