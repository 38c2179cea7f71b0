package dev.parley.http;

import dev.parley.protocol.Command;
import dev.parley.protocol.Names;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Start;
import java.util.ArrayList;
import java.util.Collections;
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
 * @param misplaced whether the reader has said where it stands, and nobody can tell where that is: it begins now, and is told
 */
record ReadQuery(
        List<Start> starts,
        Map<String, Position> presencePlaces,
        int limit,
        int waitSeconds,
        boolean presence,
        boolean present,
        int heartbeatSeconds,
        boolean padding,
        boolean misplaced) {
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
    private record StartParameters(List<Start> starts, Map<String, Position> presence) {}

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
                false,
                false);
    }

    /**
     * @param lastEventId every header of that name; it wins over {@code after}. One that is no position is not refused: an
     *     EventSource sends whatever it was last given, also by another server, and stops for ever at an error
     */
    static ReadQuery stream(Optional<String> query, List<String> lastEventId) {
        QueryParameters parameters = new QueryParameters(query, STREAM, SEVERAL);
        List<String> channels = channels(Optional.empty(), parameters);
        boolean again = lastEventId.stream().anyMatch(id -> !id.isEmpty());
        Optional<Map<String, ReadPosition>> told = again ? told(channels, lastEventId) : Optional.empty();
        StartParameters starts;
        if (again) {
            starts = starts(channels, told.orElse(Map.of()), histories(channels, parameters, told.isPresent()));
        } else {
            starts = starts(channels, parameters.all("after"), parameters);
        }
        return new ReadQuery(
                starts.starts(),
                starts.presence(),
                MOST_MESSAGES,
                0,
                presence(parameters),
                isFull(parameters),
                parameters.number("heartbeat", 1, MOST_SECONDS).orElse(HEARTBEAT_SECONDS),
                parameters.flag("padding"),
                again && told.isEmpty());
    }

    /** Empty where it is no position of these channels. */
    private static Optional<Map<String, ReadPosition>> told(List<String> channels, List<String> lastEventId) {
        try {
            return lastEventId.size() == 1 ? Optional.of(covering(channels, lastEventId.get(0))) : Optional.empty();
        } catch (RefusedException e) {
            return Optional.empty();
        }
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
        Map<String, ReadPosition> places = after.size() == 1 ? covering(channels, after.get(0)) : each(channels, after);
        return starts(channels, places, histories(channels, parameters, true));
    }

    /** How much is looked back on each channel; nothing, where that would be what the reader may have had already. */
    private static List<OptionalInt> histories(List<String> channels, QueryParameters parameters, boolean wanted) {
        List<OptionalInt> given = parameters.numbers("history", 0, MOST_HISTORY);
        if (given.size() > 1 && given.size() != channels.size()) {
            throw QueryParameters.wrong("The parameter history is there once, or as often as channel.");
        }
        if (!wanted || given.isEmpty()) {
            return Collections.nCopies(channels.size(), OptionalInt.empty());
        }
        return given.size() == 1 ? Collections.nCopies(channels.size(), given.get(0)) : given;
    }

    private static StartParameters starts(
            List<String> channels, Map<String, ReadPosition> places, List<OptionalInt> histories) {
        List<Start> starts = new ArrayList<>(channels.size());
        Map<String, Position> presence = new HashMap<>();
        for (int i = 0; i < channels.size(); i++) {
            String channel = channels.get(i);
            ReadPosition place = places.get(channel);
            Optional<Position> from = Optional.ofNullable(place).map(ReadPosition::messages);
            OptionalInt history = from.isPresent() ? OptionalInt.empty() : histories.get(i);
            starts.add(new Start(channel, from, history));
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
