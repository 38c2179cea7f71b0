package dev.parley.http;

import dev.parley.concurrent.FairTurns;
import dev.parley.connection.Connections;
import dev.parley.protocol.RefusedException;
import dev.parley.security.CrossOrigin;
import dev.parley.security.Holder;
import dev.parley.security.Refusal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What comes before the Jakarta REST resources of {@code /api}, called in the WAR by the {@code GuardFilter} and
 * standalone by the {@code HttpDispatcher}: counts each client's rate, and gives the requests that read, whose answers
 * may wait, to {@link ReadRequests} and {@link ContentRequests}, and those that publish, whose bodies may drip, to
 * {@link PublishRequests}.
 */
@ApplicationScoped
public class ApiDispatcher {
    private static final String ROOT = "/" + ApiApplication.PATH + "/";
    private static final Pattern OF_CHANNEL = Pattern.compile(ROOT + "channels/([^/]++)/messages");
    private static final Pattern CONTENT = Pattern.compile(ROOT + "channels/([^/]++)/messages/([^/]++)/content");
    private static final int NO_CONTENT = 204;
    private static final int METHOD_NOT_ALLOWED = 405;

    @Inject
    Connections connections;

    @Inject
    HttpCallers callers;

    @Inject
    ContentRequests contents;

    /** What is known of a request before its body comes. */
    public record HttpHead(String method, String path, String address) {}

    /** Whether a path is below {@code /api}. */
    public static boolean includes(String path) {
        return path.startsWith(ROOT);
    }

    /**
     * Answers a request if it is one of those.
     *
     * @param answer is asked for if so, on this thread
     * @return false when it is for the resources, and nothing has been done
     */
    public boolean serve(HttpRequest request, Supplier<ResponseWriter> answer) {
        if (request.method().equals("OPTIONS") && !request.headers("Origin").isEmpty()) {
            WholeResponses.send(answer.get(), NO_CONTENT, CrossOrigin.preflight(), "", connections);
            return true;
        }
        Optional<RefusedException> tooFast = count(request);
        if (tooFast.isPresent()) {
            WholeResponses.problem(answer.get(), Problem.from(tooFast.get()), connections);
            return true;
        }
        return read(request, answer);
    }

    /**
     * Why a request is refused before its body is read: it would publish more than the address may now.
     *
     * @param length of the body
     */
    public Optional<Problem> checkBody(HttpHead head, long length) {
        if (length <= 0
                || !head.method().equals("POST")
                || !OF_CHANNEL.matcher(head.path()).matches()) {
            return Optional.empty();
        }
        try {
            connections.interpreter().requireRate(head.address(), length);
            return Optional.empty();
        } catch (RefusedException e) {
            return Optional.of(Problem.from(e));
        }
    }

    private Optional<RefusedException> count(HttpRequest request) {
        try {
            connections
                    .rates()
                    .count(
                            request.address(),
                            ConnectionName.given(request.headers(ConnectionName.HEADER), connections.secrets())
                                    .map(ConnectionName::secret));
            return Optional.empty();
        } catch (RefusedException e) {
            return Optional.of(e);
        }
    }

    private boolean read(HttpRequest request, Supplier<ResponseWriter> answer) {
        String path = request.path();
        Matcher ofChannel = OF_CHANNEL.matcher(path);
        boolean get = request.method().equals("GET") || request.method().equals("HEAD");
        if (ofChannel.matches()) {
            if (get) {
                messages(request, Optional.of(ofChannel.group(1)), answer.get());
            }
            if (!get) {
                publish(request, ofChannel.group(1), answer.get());
            }
            return true;
        }
        Matcher content = CONTENT.matcher(path);
        if (content.matches()) {
            if (get) {
                ContentRequests.Wanted wanted = ContentRequests.Wanted.of(content.group(1), content.group(2), request);
                asking(request, answer.get(), () -> wanted, contents::send);
            } else {
                refuseMethod(answer.get(), "GET, HEAD, OPTIONS");
            }
            return true;
        }
        boolean isPoll = path.equals(ROOT + "messages");
        if (!isPoll && !path.equals(ROOT + "events")) {
            return false;
        }
        if (!get) {
            refuseMethod(answer.get(), "GET, HEAD, OPTIONS");
        } else if (isPoll) {
            messages(request, Optional.empty(), answer.get());
        } else {
            asking(
                    request,
                    answer.get(),
                    () -> ReadQuery.stream(request.query(), request.headers("Last-Event-ID")),
                    reads()::stream);
        }
        return true;
    }

    private void publish(HttpRequest request, String channel, ResponseWriter answer) {
        if (request.method().equals("POST")) {
            PublishRequests publishing = new PublishRequests(connections);
            asking(request, answer, () -> publishing.begin(channel, request), publishing::publish);
        } else {
            refuseMethod(answer, "GET, HEAD, OPTIONS, POST");
        }
    }

    private void messages(HttpRequest request, Optional<String> channel, ResponseWriter answer) {
        if (channel.isPresent() && ReadQuery.isBack(request.query())) {
            asking(request, answer, () -> ReadQuery.back(channel.get(), request.query()), reads()::back);
        } else {
            asking(request, answer, () -> ReadQuery.poll(channel, request.query()), reads()::poll);
        }
    }

    private ReadRequests reads() {
        return new ReadRequests(connections);
    }

    private void refuseMethod(ResponseWriter answer, String allowed) {
        Refusal refusal = new Refusal(METHOD_NOT_ALLOWED, "The header Allow says which methods are taken here.");
        WholeResponses.problem(answer, Problem.of(refusal), Map.of("Allow", allowed), connections);
    }

    /** All that is asked of the request is asked before it returns. */
    private <T> void asking(
            HttpRequest request,
            ResponseWriter answer,
            Supplier<T> parsing,
            BiConsumer<ReadRequests.HttpExchange, T> doing) {
        boolean isHead = request.method().equals("HEAD");
        String address = request.address();
        CompletionStage<HttpCaller> caller;
        T parsed;
        try {
            parsed = parsing.get();
            FairTurns.letGo(); // what comes now may wait
            caller = callers.of(request);
        } catch (RefusedException e) {
            WholeResponses.problem(answer, Problem.from(e), connections);
            return;
        }
        caller.thenAccept(who -> doing.accept(
                        new ReadRequests.HttpExchange(who, Holder.of(who.identity(), address), answer, isHead), parsed))
                .exceptionally(failure -> {
                    WholeResponses.problem(answer, Problem.from(failure), connections);
                    return null;
                });
    }
}
