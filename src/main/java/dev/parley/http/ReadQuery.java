package dev.parley.http;

import dev.parley.protocol.Command;
import dev.parley.protocol.Names;
import dev.parley.protocol.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a reading request asks for.
 *
 * @param starts of the channels, in the order in which they were asked for
 * @param presencePlaces up to where the reader knows who comes and goes, by channel, where it says so
 * @param limit messages at most
 * @param waitSeconds for how long to wait for the first message
 * @param presence whether joins and leaves are wanted
 * @param present whether a list of who is there is wanted too, also of a channel that was read before
 * @param heartbeatSeconds between two signs of life of a stream that has nothing to say
 * @param padding whether a stream begins with a comment as long as what some proxies hold back
 */
record ReadQuery(
        List<Command.Start> starts,
        Map<String, Position> presencePlaces,
        int limit,
        int waitSeconds,
        boolean presence,
        boolean present,
        int heartbeatSeconds,
        boolean padding) {
    static final int MOST_CHANNELS = 32;
    static final int MOST_MESSAGES = 1_000;
    static final int MOST_HISTORY = 1_000_000;
    static final int MOST_SECONDS = 60;
    static final int HEARTBEAT_SECONDS = 15;

    private static final Set<String> SEVERAL = Set.of("channel", "after", "history");
    private static final Set<String> ONE = Set.of("after", "history");
    private static final Set<String> POLL = Set.of("limit", "wait", "presence");
    private static final Set<String> STREAM = Set.of("presence", "heartbeat", "padding");
    private static final String FULL = "full";
    private static final Set<String> BACK = Set.of("before", "limit");

    /** Where each channel is read from, and what is known of its presence. */
    private record StartParameters(List<Command.Start> starts, Map<String, Position> presence) {}

    /** @param channel of the path, where it names one */
    static ReadQuery poll(Optional<String> channel, Optional<String> query) {
        QueryParameters parameters = new QueryParameters(query, POLL, channel.isPresent() ? ONE : SEVERAL);
        StartParameters starts = starts(channels(channel, parameters), parameters.all("after"), parameters);
        return new ReadQuery(
                starts.starts(),
                starts.presence(),
                parameters.number("limit", 1, MOST_MESSAGES).orElse(MOST_MESSAGES),
                parameters.number("wait", 0, MOST_SECONDS).orElse(0),
                presence(parameters),
                isFull(parameters),
                HEARTBEAT_SECONDS,
                false);
    }

    /** @param lastEventId every header of that name; it wins over {@code after} */
    static ReadQuery stream(Optional<String> query, List<String> lastEventId) {
        QueryParameters parameters = new QueryParameters(query, STREAM, SEVERAL);
        if (lastEventId.size() > 1) {
            throw QueryParameters.wrong("The request has more than one header Last-Event-ID.");
        }
        boolean again = !lastEventId.isEmpty() && !lastEventId.get(0).isEmpty();
        StartParameters starts = starts(
                channels(Optional.empty(), parameters), again ? lastEventId : parameters.all("after"), parameters);
        return new ReadQuery(
                starts.starts(),
                starts.presence(),
                MOST_MESSAGES,
                0,
                presence(parameters),
                isFull(parameters),
                parameters.number("heartbeat", 1, MOST_SECONDS).orElse(HEARTBEAT_SECONDS),
                parameters.flag("padding"));
    }

    private static boolean presence(QueryParameters parameters) {
        return isFull(parameters) || parameters.flag("presence");
    }

    private static boolean isFull(QueryParameters parameters) {
        return parameters.one("presence").filter(FULL::equals).isPresent();
    }

    /** Whether it looks back. */
    static boolean isBack(Optional<String> query) {
        return query.stream()
                .flatMap(text -> Stream.of(text.split("&")))
                .anyMatch(pair -> pair.equals("before") || pair.startsWith("before="));
    }

    /** A look back; an empty {@code before} is the channel's end. */
    static Command.History back(String channel, Optional<String> query) {
        QueryParameters parameters = new QueryParameters(query, BACK, Set.of());
        String before = parameters.one("before").orElse("");
        Optional<Position> position = Position.parse(before);
        if (!before.isEmpty() && position.isEmpty()) {
            throw QueryParameters.wrong("The parameter before is a position, such as k3f9:41, or empty.");
        }
        int limit = parameters.number("limit", 1, Command.History.MOST).orElse(Command.History.USUAL);
        return new Command.History(0, Names.requireChannel(channel), position, limit);
    }

    private static List<String> channels(Optional<String> ofPath, QueryParameters parameters) {
        List<String> channels = ofPath.map(List::of).orElseGet(() -> parameters.all("channel"));
        if (channels.isEmpty() || channels.size() > MOST_CHANNELS) {
            throw QueryParameters.wrong("The parameter channel names 1 to " + MOST_CHANNELS + " channels.");
        }
        channels.forEach(Names::requireChannel);
        if (new HashSet<>(channels).size() < channels.size()) {
            throw QueryParameters.wrong("A channel is named twice.");
        }
        return channels;
    }

    private static StartParameters starts(List<String> channels, List<String> after, QueryParameters parameters) {
        List<OptionalInt> histories = parameters.numbers("history", 0, MOST_HISTORY);
        if (histories.size() > 1 && histories.size() != channels.size()) {
            throw QueryParameters.wrong("The parameter history is there once, or as often as channel.");
        }
        OptionalInt once = histories.size() == 1 ? histories.get(0) : OptionalInt.empty();
        Map<String, ReadPosition> places = after.size() == 1 ? covering(channels, after.get(0)) : each(channels, after);
        List<Command.Start> starts = new ArrayList<>(channels.size());
        Map<String, Position> presence = new HashMap<>();
        for (int i = 0; i < channels.size(); i++) {
            String channel = channels.get(i);
            OptionalInt history = histories.size() > 1 ? histories.get(i) : once;
            ReadPosition place = places.get(channel);
            Optional<Position> from = Optional.ofNullable(place).map(ReadPosition::messages);
            starts.add(new Command.Start(channel, from, from.isPresent() ? OptionalInt.empty() : history));
            Optional.ofNullable(place).flatMap(ReadPosition::presence).ifPresent(known -> presence.put(channel, known));
        }
        return new StartParameters(List.copyOf(starts), Map.copyOf(presence));
    }

    private static Map<String, ReadPosition> covering(List<String> channels, String text) {
        if (text.isEmpty()) {
            return Map.of();
        }
        if (channels.size() == 1 && text.indexOf('@') < 0) {
            return each(channels, List.of(text));
        }
        return ReadPosition.parseAll(text)
                .orElseThrow(() -> QueryParameters.wrong("The position " + QueryParameters.excerpt(text)
                        + " is none that an answer gave, such as a@k3f9:41,b@7x:3."));
    }

    private static Map<String, ReadPosition> each(List<String> channels, List<String> after) {
        if (!after.isEmpty() && after.size() != channels.size()) {
            throw QueryParameters.wrong("The parameter after is there once, or as often as channel.");
        }
        Map<String, ReadPosition> places = new HashMap<>();
        for (int i = 0; i < after.size(); i++) {
            String text = after.get(i);
            if (!text.isEmpty()) {
                places.put(
                        channels.get(i),
                        ReadPosition.parse(text)
                                .orElseThrow(() -> QueryParameters.wrong(
                                        QueryParameters.excerpt(text) + " is no position, such as k3f9:41.")));
            }
        }
        return places;
    }
}
