package dev.parley.http;

import dev.parley.channel.ContentReader;
import dev.parley.connection.Connections;
import dev.parley.log.ContentPiece;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import dev.parley.security.Refusal;
import dev.parley.security.SharedBudget;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a message says, as bytes with their type, for what is too large to travel with the message, or a part of it.
 *
 * <p>They are whatever a client published and come from our own origin, so they are given in a way in which no page, of
 * ours or another, can have them as a script, a style sheet, a worker or a frame: see {@link ServedType} and
 * {@link FetchMetadata}. Only pictures that hold no script are shown; all else is offered to be saved.
 *
 * <p>A position's bytes never change, so whoever has them keeps them; not a shared cache, which knows no policy.
 *
 * <p>Who takes them slowly holds no thread, and no more than a piece of the bytes: see {@link ContentSender}.
 */
@ApplicationScoped
public class ContentRequests {
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int NOT_MODIFIED = 304;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    @Inject
    Connections connections;

    @Inject
    SharedBudget budget;

    /**
     * Which content is asked for, and what of it.
     *
     * @param position empty: none that can be
     * @param known every header {@code If-None-Match}
     * @param ranges every header {@code Range}, unless they are of other bytes ({@code If-Range})
     * @param destinations every header {@code Sec-Fetch-Dest}
     */
    record Wanted(
            String channel,
            Optional<Position> position,
            List<String> known,
            List<String> ranges,
            List<String> destinations) {
        static Wanted of(String channel, String place, HttpRequest request) {
            Optional<Position> position = Position.parse(place);
            List<String> same = request.headers("If-Range");
            boolean isSame = same.isEmpty()
                    || same.equals(position.map(Wanted::tag).stream().toList());
            return new Wanted(
                    channel,
                    position,
                    request.headers("If-None-Match"),
                    isSame ? request.headers("Range") : List.of(),
                    request.headers(FetchMetadata.DESTINATION));
        }

        private static String tag(Position position) {
            return "\"" + position + "\"";
        }

        String tag() {
            return position.map(Wanted::tag).orElse("");
        }
    }

    void send(ReadRequests.HttpExchange asked, Wanted wanted) {
        if (!FetchMetadata.wantsBytes(wanted.destinations())) {
            WholeResponses.problem(asked.response(), noPartOfPage(), connections);
            return;
        }
        if (wanted.position().isEmpty()) {
            WholeResponses.problem(asked.response(), missing(), connections);
            return;
        }
        ContentReader reader;
        try {
            reader = connections
                    .interpreter()
                    .content(
                            asked.caller().identity(),
                            wanted.channel(),
                            wanted.position().get());
        } catch (RefusedException e) {
            WholeResponses.problem(asked.response(), Problem.from(e), connections);
            return;
        }
        reader.read(0, 0).whenComplete((found, failure) -> {
            if (failure != null) {
                WholeResponses.problem(asked.response(), Problem.from(failure), connections);
            } else if (found.isEmpty()) {
                WholeResponses.problem(asked.response(), missing(), connections);
            } else {
                send(asked, wanted, found.get(), reader);
            }
        });
    }

    private static Problem noPartOfPage() {
        return new Problem(
                ErrorCode.NOT_ALLOWED, "What was published is no script, style sheet, worker or frame of a page.");
    }

    private static Problem missing() {
        return new Problem(ErrorCode.NOT_FOUND, "No message is at this position, or the history no longer holds it.");
    }

    private void send(ReadRequests.HttpExchange asked, Wanted wanted, ContentPiece about, ContentReader reader) {
        Map<String, String> headers = headers(about.type(), wanted);
        int size = Math.toIntExact(about.size());
        if (wanted.known().contains(wanted.tag())) {
            WholeResponses.send(asked.response(), NOT_MODIFIED, headers, "", connections);
            return;
        }
        Optional<ByteRange> range = ByteRange.of(wanted.ranges(), size);
        if (range.isPresent() && !range.get().isSatisfiable()) {
            Refusal refusal = new Refusal(RANGE_NOT_SATISFIABLE, "The range begins behind the content's end.");
            WholeResponses.problem(
                    asked.response(),
                    Problem.of(refusal),
                    Map.of("Content-Range", "bytes */" + size, "Accept-Ranges", "bytes"),
                    connections);
            return;
        }
        range.ifPresent(part -> headers.put("Content-Range", "bytes " + part.first() + "-" + part.last() + "/" + size));
        headers.put("Content-Type", ServedType.of(about.type()).type());
        ContentSender sender = new ContentSender(asked.response(), reader, connections, budget, asked.holder());
        int length = range.map(ByteRange::length).orElse(size);
        if (!sender.reserve(range.map(ByteRange::first).orElse(0), asked.isHead() ? 0 : length)) {
            WholeResponses.problem(
                    asked.response(),
                    new Problem(ErrorCode.UNAVAILABLE, "Too much is being sent just now; try again."),
                    connections);
            return;
        }
        asked.response().begin(range.isPresent() ? PARTIAL : OK, headers, length);
        sender.start();
    }

    private static Map<String, String> headers(String type, Wanted wanted) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ETag", wanted.tag());
        headers.put("Accept-Ranges", "bytes");
        headers.put("Cache-Control", "private, max-age=31536000, immutable");
        headers.putAll(ServedType.fence());
        headers.put("Content-Disposition", ServedType.of(type).disposition());
        return headers;
    }
}
