package dev.parley.e2e;

import dev.parley.client.ChannelListener;
import dev.parley.client.Data;
import dev.parley.client.ParleyClient;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import dev.parley.protocol.Start;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Remembers what a Java client tells of one channel. */
final class NumberedReader implements ChannelListener {
    // Guarded by this.
    private final List<Given> given = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private boolean open;

    private record Given(String by, int number, Position position) {}

    /** Reads each from now on. */
    static Map<String, NumberedReader> readAll(ParleyClient client, List<String> channels) {
        Map<String, NumberedReader> readers = new LinkedHashMap<>();
        for (String channel : channels) {
            NumberedReader reader = new NumberedReader();
            readers.put(channel, reader);
            client.subscribe(Start.now(channel), reader);
        }
        return readers;
    }

    @Override
    public synchronized void message(Message message) {
        JsonObject data = Data.object(message);
        given.add(new Given(data.getString("by"), data.getInt("n"), message.position()));
    }

    @Override
    public synchronized void opened(Reply.Started started) {
        open = true;
    }

    @Override
    public synchronized void lost(String channel, Optional<Push.Range> range) {
        faults.add("lost " + range);
    }

    @Override
    public synchronized void ended(String channel, ErrorCode code) {
        faults.add("ended " + code);
    }

    synchronized boolean isOpen() {
        return open;
    }

    synchronized int size() {
        return given.size();
    }

    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    synchronized List<String> messages() {
        return given.stream().map(one -> one.by() + " " + one.number()).toList();
    }

    synchronized List<Position> positions() {
        return given.stream().map(Given::position).toList();
    }

    List<Long> offsets() {
        return positions().stream().map(Position::offset).toList();
    }

    synchronized List<Integer> numbersOf(String by) {
        return given.stream()
                .filter(one -> one.by().equals(by))
                .map(Given::number)
                .toList();
    }

    synchronized List<Position> positionsOf(String by) {
        return given.stream()
                .filter(one -> one.by().equals(by))
                .map(Given::position)
                .toList();
    }

    /** As many, from the first of them on, without a hole. */
    static List<Long> contiguous(List<Long> offsets) {
        return offsets.isEmpty()
                ? List.of()
                : LongStream.range(offsets.get(0), offsets.get(0) + offsets.size())
                        .boxed()
                        .toList();
    }

    static int distinct(Map<String, NumberedReader> readers) {
        return readers.values().stream()
                .mapToInt(reader -> new HashSet<>(reader.messages()).size())
                .sum();
    }

    static int doubled(Map<String, NumberedReader> readers) {
        return readers.values().stream().mapToInt(NumberedReader::size).sum() - distinct(readers);
    }

    /** How often one of a publisher's came behind a later one of its own. */
    static int disorders(Map<String, NumberedReader> readers, List<String> publishers) {
        return readers.values().stream()
                .flatMap(reader -> publishers.stream().map(reader::numbersOf))
                .mapToInt(NumberedReader::disorders)
                .sum();
    }

    private static int disorders(List<Integer> numbers) {
        return (int) IntStream.range(1, numbers.size())
                .filter(i -> numbers.get(i) < numbers.get(i - 1))
                .count();
    }
}
