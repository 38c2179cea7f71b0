package dev.parley.frames;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The parameters of a path beside those of the query ({@code Session.getRequestParameterMap} has both).
 *
 * <p>The hard case: Tyrus takes for a path parameter the first value of every parameter that a request has, the query's
 * too, so that with {@code ?desk=rome} a {@code @PathParam("desk")} which the path does not have would be {@code rome}. So
 * while a session is made, what is the query's alone has no value.
 */
final class PathParameters {
    private static final ThreadLocal<Boolean> BEING_MADE = ThreadLocal.withInitial(() -> false);

    private PathParameters() {}

    /**
     * Puts those of the path before what the query says by their names.
     *
     * @param all of the query
     */
    static void add(Map<String, List<String>> all, Map<String, String> path) {
        all.replaceAll((name, values) -> path.containsKey(name) ? values : new OfQuery(List.copyOf(values)));
        path.forEach((name, value) -> all.merge(name, List.of(value), (query, first) -> {
            List<String> both = new ArrayList<>(first);
            both.addAll(query);
            return both;
        }));
    }

    /** Opens a session; {@link #sessionIsMade} ends the time in which it is made. */
    static void open(Runnable opening) {
        BEING_MADE.set(true);
        try {
            opening.run();
        } finally {
            BEING_MADE.remove();
        }
    }

    /** Before anybody is told of it. */
    static void sessionIsMade() {
        BEING_MADE.remove();
    }

    private static final class OfQuery extends AbstractList<String> {
        private final List<String> values;

        OfQuery(List<String> values) {
            this.values = values;
        }

        @Override
        @SuppressWarnings("NullAway") // as an absent parameter
        public String get(int index) {
            return BEING_MADE.get() ? null : values.get(index);
        }

        @Override
        public int size() {
            return values.size();
        }
    }
}
