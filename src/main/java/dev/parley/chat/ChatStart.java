package dev.parley.chat;

import dev.parley.protocol.Position;
import dev.parley.protocol.Start;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Where a client wants to begin in a room, as the query of its address says. */
final class ChatStart {
    private static final int HISTORY = 50;
    private static final int MOST = 10_000;

    private ChatStart() {}

    /** After a position, where a readable one is named; else before so many of the newest. */
    static Start of(String channel, Map<String, List<String>> query) {
        Optional<Position> after = first(query, "after").flatMap(Position::parse);
        return after.isPresent()
                ? Start.after(channel, after.get())
                : Start.history(
                        channel, first(query, "history").map(ChatStart::count).orElse(HISTORY));
    }

    private static int count(String text) {
        OptionalInt number = text.matches("[0-9]{1,9}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
        return Math.min(MOST, number.orElse(HISTORY));
    }

    private static Optional<String> first(Map<String, List<String>> query, String name) {
        return query.getOrDefault(name, List.of()).stream().findFirst();
    }
}
