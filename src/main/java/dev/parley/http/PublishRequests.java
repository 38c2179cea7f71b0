package dev.parley.http;

import dev.parley.connection.CommandInterpreter;
import dev.parley.connection.Connections;
import dev.parley.connection.Publisher;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.Command;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Names;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Reply;
import dev.parley.wire.WireWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * Publishing. A body of JSON is the message's data, one of any other type its bytes. The answer comes when the message
 * is committed; the same {@code Idempotency-Key} again is answered with the same position. No thread waits for a body.
 */
final class PublishRequests {
    private static final String KEY = "Idempotency-Key";
    private static final int CREATED = 201;
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    private final Connections connections;

    PublishRequests(Connections connections) {
        this.connections = connections;
    }

    /** A publish before it is a command: what the head says, and the body that may just be coming. */
    record PublishRequest(String channel, Optional<String> key, String address, CompletionStage<Body> body) {
        /** @throws RefusedException for what cannot be one, before its body is read */
        static PublishRequest of(String channel, HttpRequest request) {
            List<String> keys = request.headers(KEY);
            if (keys.size() > 1) {
                throw new RefusedException(ErrorCode.INVALID_NAME, "The request has more than one header " + KEY + ".");
            }
            List<String> types = request.headers("Content-Type");
            if (types.size() != 1 || !Names.isType(types.get(0))) {
                throw new RefusedException(
                        ErrorCode.UNSUPPORTED_TYPE,
                        "The header Content-Type says what the body is, such as image/png.");
            }
            return new PublishRequest(
                    Names.requireChannel(channel),
                    Names.requireKey(keys.stream().findFirst()),
                    request.address(),
                    request.body().thenApply(bytes -> read(types.get(0), bytes)));
        }

        private static Body read(String type, Bytes bytes) {
            return ContentType.isJson(type) ? Body.json(ContentType.text(type, bytes)) : new Body.Binary(type, bytes);
        }
    }

    /** @throws RefusedException for what is refused before its body is read */
    PublishRequest begin(String channel, HttpRequest request) {
        long length = request.headers("Content-Length").stream()
                .findFirst()
                .filter(text -> LENGTH.matcher(text).matches())
                .map(Long::parseLong)
                .orElse(0L);
        connections.interpreter().requireRate(request.address(), length);
        return PublishRequest.of(channel, request);
    }

    void publish(ReadRequests.HttpExchange asked, PublishRequest message) {
        message.body()
                .thenApply(body -> new Command.Publish(0, message.channel(), message.key(), body))
                .thenCompose(command -> publish(asked.caller(), message.address(), command)
                        .thenAccept(reply -> published(asked, reply, command.body())))
                .exceptionally(failure -> {
                    WholeResponses.problem(asked.response(), Problem.from(failure), connections);
                    return null;
                });
    }

    private CompletionStage<Reply.Published> publish(HttpCaller caller, String address, Command.Publish command) {
        CommandInterpreter interpreter = connections.interpreter();
        String countedAs =
                interpreter.countedAs(caller.identity(), caller.connection().text(), address);
        return interpreter.publish(caller.identity(), new Publisher(countedAs, Optional.of(address)), command);
    }

    private void published(ReadRequests.HttpExchange asked, Reply.Published reply, Body body) {
        Position position = reply.position();
        // Relative to the request's own address (RFC 9110 section 10.2.2): a proxy may have another name for it
        String location = body instanceof Body.Binary
                ? "messages/" + position + "/content"
                : "messages?after=" + position.at(position.offset() - 1) + "&limit=1";
        Map<String, String> headers = new LinkedHashMap<>(asked.headers());
        headers.put("Location", location);
        headers.put("Content-Type", "application/json");
        headers.put("Cache-Control", "no-store");
        WholeResponses.send(asked.response(), CREATED, headers, WireWriter.content(reply), connections);
    }
}
