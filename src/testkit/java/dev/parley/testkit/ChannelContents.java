package dev.parley.testkit;

import dev.parley.api.Channels;
import dev.parley.api.Identity;
import dev.parley.client.Data;
import dev.parley.protocol.Body;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import jakarta.json.Json;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.opentest4j.AssertionFailedError;

/**
 * What a channel holds, read from its log and so in the order that every subscriber sees: up to its 1,000 newest messages.
 * What begins with {@code await} waits until it is so, and fails with what the channel holds when that has taken too long
 * (30 seconds, or {@code parley.test.patience}). JSON is compared as JSON: white space, and the order of members, do not
 * matter. Thread-safe.
 */
public final class ChannelContents {
    private static final int MOST = 1_000;
    private static final int ALL_BYTES = Integer.MAX_VALUE;

    private final Channels channels;
    private final String name;

    ChannelContents(Channels channels, String name) {
        this.channels = channels;
        this.name = name;
    }

    /** What it holds now, the oldest first; JSON above {@code parley.limits.inline-size}, and bytes, are mentioned only. */
    public List<Message> messages() {
        return done(channels.history(Identity.SERVER, name, Optional.empty(), MOST, ALL_BYTES))
                .messages();
    }

    /** The JSON of what it holds now; for bytes, their type and size. */
    public List<String> json() {
        return messages().stream().map(ChannelContents::text).toList();
    }

    /** Waits until it holds so many or more, and gives all. */
    public List<Message> await(int count) {
        return Patience.until(() -> {
            List<Message> messages = messages();
            if (messages.size() < count) {
                throw failure(count + " messages or more", messages);
            }
            return messages;
        });
    }

    /** Waits until one of its messages says this, and gives the first that does. */
    public Message awaitJson(String json) {
        JsonValue wanted = parse(json);
        return Patience.until(() -> {
            List<Message> messages = messages();
            return messages.stream()
                    .filter(message -> says(message, wanted))
                    .findFirst()
                    .orElseThrow(() -> failure("the message " + json, messages));
        });
    }

    /** Waits until its messages say this, in this order, and there are no others. */
    public List<Message> awaitExactly(String... json) {
        List<JsonValue> wanted = Arrays.stream(json).map(ChannelContents::parse).toList();
        return Patience.until(() -> {
            List<Message> messages = messages();
            boolean same = messages.size() == wanted.size();
            for (int i = 0; same && i < wanted.size(); i++) {
                same = says(messages.get(i), wanted.get(i));
            }
            if (!same) {
                throw failure("exactly " + Arrays.toString(json), messages);
            }
            return messages;
        });
    }

    /** Waits until it holds nothing. */
    public void awaitEmpty() {
        List<Message> unused = awaitExactly();
    }

    /** Publishes JSON in the name of the server, as a bean would, and waits until it is stored. */
    public Position publish(String json) {
        return done(channels.publish(name, Data.ofJson(json)));
    }

    private static boolean says(Message message, JsonValue wanted) {
        return message.body() instanceof Body.Json json && parse(json.text()).equals(wanted);
    }

    private static String text(Message message) {
        return message.body() instanceof Body.Json json
                ? json.text()
                : message.body().type() + ", " + message.body().size() + " bytes";
    }

    private static JsonValue parse(String json) {
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            return reader.readValue();
        }
    }

    private AssertionFailedError failure(String wanted, List<Message> messages) {
        String held = messages.isEmpty()
                ? "nothing"
                : messages.stream()
                        .map(message ->
                                "  " + message.position() + " " + message.from().user() + ": " + text(message))
                        .collect(Collectors.joining("\n", "\n", ""));
        return new AssertionFailedError("The channel " + name + " does not hold " + wanted + ", but " + held);
    }

    private <T> T done(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(Patience.ofAnAnswer().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionFailedError("The channel " + name + " does not answer", e);
        } catch (InterruptedException e) {
            throw Patience.interrupted(e);
        }
    }
}
