package dev.parley.e2e;

import dev.parley.protocol.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What publishers were promised and readers were given, against the log that has survived. Counts what must not be, with an
 * example of each.
 */
final class FailoverVerdict {
    private static final int EXAMPLES = 5;

    /** Of the log that has survived, by channel. */
    private final Map<String, Map<Position, String>> logs;

    private final Map<String, Map<Position, String>> contents = new HashMap<>();
    private final Set<String> otherContent = new TreeSet<>();
    private final List<String> untold = new ArrayList<>();
    private final List<String> missed = new ArrayList<>();
    private final List<String> twice = new ArrayList<>();
    private final List<String> needless = new ArrayList<>();
    private final List<String> lost = new ArrayList<>();
    private int acknowledged;
    private int given;
    private int notices;

    FailoverVerdict(Map<String, Map<Position, String>> logs) {
        this.logs = logs;
        logs.forEach((channel, log) -> log.forEach((position, key) -> content(channel, position, key)));
    }

    void acknowledged(Map<String, RetryingPublisher.Acknowledged> byKey) {
        byKey.forEach((key, one) -> {
            acknowledged++;
            content(one.channel(), one.position(), key);
            if (!key.equals(logs.get(one.channel()).get(one.position()))) {
                lost.add(one.position() + " " + key);
            }
        });
    }

    void read(FailoverReader reader) {
        Map<Position, String> log = logs.get(reader.channel());
        String who = reader.kind() + ": ";
        Map<Position, FailoverReader.Given> gone = new HashMap<>();
        Set<Position> had = new HashSet<>();
        Set<FailoverReader.Given> all = new HashSet<>();
        Set<Position> passed = new HashSet<>();
        for (FailoverReader.Event event : reader.events()) {
            if (event instanceof FailoverReader.Given message) {
                Position position = message.position();
                given++;
                content(reader.channel(), position, message.key());
                all.add(message);
                if (!had.add(position)) {
                    twice.add(who + position);
                }
                if (!message.key().equals(log.get(position))) {
                    gone.put(position, message);
                }
            } else if (event instanceof FailoverReader.Notice notice) {
                notices++;
                gone.keySet().removeIf(notice::covers);
                log.keySet().stream().filter(notice::covers).forEach(passed::add);
                if (notice.after().isEmpty()) {
                    had.clear(); // all that there is comes again
                }
                if (!notice.kind().equals("lost") && isHad(all, log, notice.stood())) {
                    needless.add(who + notice);
                }
            }
        }
        gone.values().forEach(message -> untold.add(who + message));
        log.keySet().stream()
                .filter(position -> !isHad(all, log, position) && !passed.contains(position))
                .forEach(position -> missed.add(who + position));
    }

    /** Whether this message of the log is one that a reader was given. */
    private static boolean isHad(Set<FailoverReader.Given> given, Map<Position, String> log, Position position) {
        String key = log.get(position);
        return key != null && given.contains(new FailoverReader.Given(position, key));
    }

    /** What was acknowledged and is gone, which is no fault where the standby was behind. */
    int lost() {
        return lost.size();
    }

    /** What must be empty, by what it is, with some examples of each. */
    Map<String, List<String>> faults() {
        Map<String, List<String>> faults = new HashMap<>();
        faults.put("positions with two contents", some(otherContent));
        faults.put("given, gone, and nobody told", some(untold));
        faults.put("missed", some(missed));
        faults.put("given twice", some(twice));
        faults.put("told without need", some(needless));
        faults.values().removeIf(List::isEmpty);
        return faults;
    }

    private static List<String> some(Collection<String> all) {
        return all.stream().limit(EXAMPLES).toList();
    }

    @Override
    public String toString() {
        return acknowledged + " acknowledged, " + lost.size() + " of them gone; " + given + " given, " + notices
                + " notices; " + otherContent.size() + " positions with two contents, " + untold.size()
                + " gone and nobody told, " + missed.size() + " missed, " + twice.size() + " twice, " + needless.size()
                + " told without need";
    }

    private void content(String channel, Position position, String key) {
        String before =
                contents.computeIfAbsent(channel, name -> new HashMap<>()).putIfAbsent(position, key);
        if (before != null && !before.equals(key)) {
            otherContent.add(channel + " " + position);
        }
    }
}
