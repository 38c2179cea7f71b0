package dev.parley.http;

import dev.parley.protocol.Names;
import dev.parley.protocol.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a reader stands on a channel: {@code epoch:offset}, and after a tilde, where it is known, the same of the channel's
 * presence. For several channels they are one text, {@code a@k3f9:41~p1:12,b@7x:3}, opaque to clients.
 */
record ReadPosition(Position messages, Optional<Position> presence) {
    private static final Pattern PARTS = Pattern.compile(",");

    /** Empty when the text is anything else. */
    static Optional<ReadPosition> parse(String text) {
        int tilde = text.indexOf('~');
        Optional<Position> messages = Position.parse(tilde < 0 ? text : text.substring(0, tilde));
        if (messages.isEmpty() || tilde < 0) {
            return messages.map(position -> new ReadPosition(position, Optional.empty()));
        }
        Optional<Position> presence = Position.parse(text.substring(tilde + 1));
        return presence.map(position -> new ReadPosition(messages.get(), presence));
    }

    /** The places that one text covers, by channel; empty when it is anything else. */
    static Optional<Map<String, ReadPosition>> parseAll(String text) {
        Map<String, ReadPosition> places = new LinkedHashMap<>();
        for (String part : PARTS.split(text, -1)) {
            int at = part.indexOf('@');
            Optional<ReadPosition> place = at < 0 ? Optional.empty() : parse(part.substring(at + 1));
            if (place.isEmpty()
                    || !Names.isChannel(part.substring(0, at))
                    || places.put(part.substring(0, at), place.get()) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(places);
    }

    static String text(Map<String, ReadPosition> places) {
        List<String> parts = new ArrayList<>(places.size());
        places.forEach((channel, place) -> parts.add(channel + "@" + place));
        return String.join(",", parts);
    }

    @Override
    public String toString() {
        return messages + presence.map(position -> "~" + position).orElse("");
    }
}
