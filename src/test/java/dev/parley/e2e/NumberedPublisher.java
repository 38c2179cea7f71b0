package dev.parley.e2e;

import dev.parley.client.ParleyClient;
import dev.parley.protocol.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Publishes numbered messages by a Java client, to one channel after the other, and remembers what it was answered. */
final class NumberedPublisher {
    private final String name;
    private final ParleyClient client;
    private final List<String> channels;

    // Guarded by this.
    private final Map<Integer, Position> answered = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private int sent;

    NumberedPublisher(String name, ParleyClient client, List<String> channels) {
        this.name = name;
        this.client = client;
        this.channels = channels;
    }

    String name() {
        return name;
    }

    synchronized void publish() {
        int number = ++sent;
        client.publishJson(channel(number), "{\"by\":\"" + name + "\",\"n\":" + number + "}")
                .whenComplete((position, failure) -> answered(number, position, failure));
    }

    private synchronized void answered(int number, Position position, Throwable failure) {
        if (failure == null) {
            answered.put(number, position);
        } else {
            failures.add(number + ": " + failure);
        }
    }

    private String channel(int number) {
        return channels.get(number % channels.size());
    }

    synchronized int sent() {
        return sent;
    }

    synchronized int unanswered() {
        return sent - answered.size() - failures.size();
    }

    synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    /** In the order in which they were published. */
    synchronized List<Integer> numbersFor(String channel) {
        return answered.keySet().stream()
                .filter(number -> channel(number).equals(channel))
                .toList();
    }

    /** As the server answered, in the order in which they were published. */
    synchronized List<Position> positionsIn(String channel) {
        return numbersFor(channel).stream().map(answered::get).toList();
    }
}
