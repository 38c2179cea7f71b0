package dev.parley.client;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Member;
import dev.parley.protocol.Message;
import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a client has told its listeners, in words: {@code message 3}, {@code forgotten k:1 k:9}, {@code open ann}. */
final class Recorder implements ChannelListener, StateListener {
    private final List<String> told = new CopyOnWriteArrayList<>();

    List<String> told() {
        return List.copyOf(told);
    }

    /** Those of one kind. */
    List<String> told(String kind) {
        return told.stream().filter(one -> one.startsWith(kind)).toList();
    }

    @Override
    public void message(Message message) {
        told.add("message " + message.position().offset());
    }

    @Override
    public void unreadable(Push.Unreadable message) {
        told.add("unreadable " + message.position().offset());
    }

    @Override
    public void opened(Reply.Started started) {
        told.add("opened " + started.position());
    }

    @Override
    public void joined(String channel, Member member) {
        told.add("joined " + member.user());
    }

    @Override
    public void left(String channel, Member member) {
        told.add("left " + member.user());
    }

    @Override
    public void members(String channel, int count) {
        told.add("members " + count);
    }

    @Override
    public void lost(String channel, Optional<Push.Range> range) {
        told.add("lost " + range.map(one -> one.after() + " " + one.before()).orElse("?"));
    }

    @Override
    public void forgotten(String channel, Push.Range range) {
        told.add("forgotten " + range.after() + " " + range.before());
    }

    @Override
    public void ended(String channel, ErrorCode code) {
        told.add("ended " + code.label());
    }

    @Override
    public void connecting() {
        told.add("connecting");
    }

    @Override
    public void open(Reply.Connected connected) {
        told.add("open " + connected.user());
    }

    @Override
    public void interrupted(String reason, Duration pause) {
        told.add("interrupted " + reason);
    }

    @Override
    public void closed(Closing closing) {
        told.add("closed " + closing.name() + ": " + closing.reason());
    }
}
