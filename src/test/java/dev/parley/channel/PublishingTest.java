package dev.parley.channel;

import static dev.parley.testing.Refusals.assertRefused;
import static dev.parley.testing.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.ChannelPolicy;
import dev.parley.api.ChannelPolicy.Action;
import dev.parley.api.Identity;
import dev.parley.api.PublishFilter;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Start;
import dev.parley.testing.CapturedLogs;
import dev.parley.testing.ManualNode;
import dev.parley.testing.RecordingSubscriber;
import dev.parley.testing.TestLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of a message before it is queued. */
class PublishingTest {
    private static final Identity ANN = new Identity("ann", Optional.of("Ann"));

    private final ManualNode node = new ManualNode();

    @Test
    void a_filter_guards_its_namespace_and_may_rewrite() {
        filter("orders", body -> new Body.Json("\"rewritten\""));
        RecordingSubscriber inside = RecordingSubscriber.of(node, Start.now("orders.a"));
        RecordingSubscriber outside = RecordingSubscriber.of(node, Start.now("ordersX"));

        node.say("orders.a", "1");
        node.say("ordersX", "1");
        node.say("orders", "1");

        assertThat(inside.lines()).containsExactly("\"rewritten\"");
        assertThat(outside.lines()).containsExactly("1");
        assertThat(RecordingSubscriber.of(node, Start.history("orders", 1)).lines())
                .containsExactly("\"rewritten\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{oops", "1 2", "[\n1]", "1e99999", "deep", "long"})
    void a_program_publishes_nothing_that_a_client_could_not_read(String kind) {
        String text = switch (kind) {
            case "deep" -> "[".repeat(101) + "]".repeat(101);
            case "long" -> "9".repeat(1_001);
            default -> kind;
        };
        filter("b", body -> new Body.Json(text));

        assertThat(refusal(node.channels().publish("a", new Body.Json(text))).code())
                .isEqualTo(ErrorCode.MALFORMED);
        assertThat(refusal(node.channels().publish("b", new Body.Json("1"))).code())
                .isEqualTo(ErrorCode.MALFORMED);
        assertThat(node.log.head("a").last() + node.log.head("b").last()).isZero();
    }

    @Test
    void what_depends_on_a_publish_runs_where_it_may_wait_and_not_on_the_writers_thread() {
        List<Position> told = new ArrayList<>();
        node.executors.foreign().hold();
        CompletionStage<Position> published = node.channels().publish("a", new Body.Json("1"));
        var unused = published.thenAccept(told::add);
        node.run();

        assertThat(published.toCompletableFuture()).isCompleted();
        assertThat(told).isEmpty();
        node.executors.foreign().letGo();
        node.run();
        assertThat(told).hasSize(1);
    }

    @Test
    void an_error_of_a_filter_is_the_publishers_refusal() {
        filter("a", body -> {
            throw new NoClassDefFoundError("as the test wants it");
        });

        assertThat(refusal(node.channels().publish("a", new Body.Json("1"))).code())
                .isEqualTo(ErrorCode.INTERNAL);
    }

    @Test
    void filters_are_asked_in_their_order() {
        filter("a", body -> new Body.Json("[" + ((Body.Json) body).text() + "]"));
        filter("b", body -> new Body.Json("\"never\""));
        filter("a", body -> new Body.Json("{\"x\":" + ((Body.Json) body).text() + "}"));
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("a"));

        node.say("a", "1");

        assertThat(reader.lines()).containsExactly("{\"x\":[1]}");
    }

    @Test
    void what_a_filter_rejects_is_not_stored() {
        filter("a", body -> {
            throw new RefusedException(ErrorCode.REJECTED, "Not this.");
        });

        RefusedException refused = refusal(node.publish("a", "1"));

        assertThat(refused.code()).isEqualTo(ErrorCode.REJECTED);
        assertThat(refused.reason()).isEqualTo("Not this.");
        assertThat(node.log.head("a").last()).isZero();
    }

    @Test
    void a_filter_or_a_policy_that_fails_is_an_error_of_the_server() {
        filter("a", body -> {
            throw new UnsupportedOperationException("as the test wants it");
        });
        node.policy = (identity, action, channel) -> {
            if (channel.equals("b")) {
                throw new IllegalStateException("as the test wants it");
            }
            return true;
        };

        for (RefusedException refused : List.of(
                refusal(node.publish("a", "1")),
                refusal(node.publish("b", "1")),
                refusal(RecordingSubscriber.of(node, Start.now("b")).subscription()))) {
            assertThat(refused.code()).isEqualTo(ErrorCode.INTERNAL);
            assertThat(refused.reason()).isEqualTo("The server failed; its log says why.");
        }
        assertThat(node.log.heads(List.of("a", "b"))).isEmpty();
    }

    /** Makes nothing of a message. */
    public static class NothingFilter implements PublishFilter {
        @Override
        public String namespace() {
            return "a";
        }

        @Override
        @SuppressWarnings("NullAway") // a team's classes may be under no such check
        public Body filter(Identity from, String channel, Body body) {
            return null;
        }
    }

    /** Fails. */
    public static class FailingPolicy implements ChannelPolicy {
        @Override
        public boolean allows(Identity identity, Action action, String channel) {
            throw new IllegalStateException("as the test wants it");
        }
    }

    @Test
    void what_fails_of_a_team_is_named_once_with_its_channel() {
        try (CapturedLogs logs = new CapturedLogs()) {
            node.filters.add(new NothingFilter());
            assertThat(refusal(node.publish("a.null", "1")).code()).isEqualTo(ErrorCode.INTERNAL);
            assertThat(logs.shown())
                    .singleElement()
                    .asString()
                    .contains(
                            "The filter " + NothingFilter.class.getName() + " has failed for the channel a.null",
                            "The filter has returned null, and no body");
        }
    }

    @Test
    void a_policy_that_fails_is_named_once_with_its_channel() {
        try (CapturedLogs logs = new CapturedLogs()) {
            node.policy = new FailingPolicy();
            assertThat(refusal(node.publish("b.c", "1")).code()).isEqualTo(ErrorCode.INTERNAL);
            assertThat(logs.shown())
                    .singleElement()
                    .asString()
                    .contains("The policy " + FailingPolicy.class.getName() + " has failed for the channel b.c");
        }
    }

    @Test
    void a_message_is_as_large_as_the_limit_and_no_larger() {
        node.limits = TestLimits.messageSize(10);

        assertThat(node.publish("a", "\"" + "x".repeat(8) + "\"")).isCompleted();
        assertThat(refusal(node.publish("a", "\"" + "x".repeat(9) + "\"")).code())
                .isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(refusal(node.publish("a", "\"ééééé\"")).code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(refusal(bytes(11)).code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(bytes(10).toCompletableFuture()).isCompleted();
        assertThat(node.log.head("a").last()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\n}", "{\r}", "\"a\u0000\"", "[1,\t2]", "\"\ud800\"", "\"\udc00x\""})
    void textThatWouldBreakTheLineOfEveryReaderIsRefused(String json) {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("typing.a"));

        assertThat(refusal(node.publish("typing.a", json)).code()).isEqualTo(ErrorCode.MALFORMED);
        assertThat(refusal(node.publish("a", json)).code()).isEqualTo(ErrorCode.MALFORMED);
        assertThat(reader.lines()).isEmpty();
    }

    @Test
    void names_are_looked_at_whichever_way_the_message_came() {
        assertThat(refusal(node.publish("a b", "1")).code()).isEqualTo(ErrorCode.INVALID_NAME);
        assertThat(refusal(node.publish("", "1")).code()).isEqualTo(ErrorCode.INVALID_NAME);
        assertThat(refusal(node.channels().publish(ANN, "a", Optional.of("\u0000"), new Body.Json("1")))
                        .code())
                .isEqualTo(ErrorCode.INVALID_NAME);
    }

    @Test
    void what_no_client_could_send_no_bean_and_no_filter_stores() {
        filter("filtered", body -> new Body.Reference("image/png", 9));
        Body.Binary odd = new Body.Binary("text/html\r\nX: y", Bytes.wrap(new byte[] {1}));
        Body.Reference mention = new Body.Reference("image/png", 9);

        assertThat(refusal(node.channels().publish("a", odd)).code()).isEqualTo(ErrorCode.INVALID_NAME);
        assertThat(refusal(node.channels().publish("a", mention)).code()).isEqualTo(ErrorCode.UNSUPPORTED_TYPE);
        assertThat(refusal(node.publish("filtered", "1")).code()).isEqualTo(ErrorCode.UNSUPPORTED_TYPE);
    }

    @Test
    void the_policy_is_asked_for_each_thing_that_is_done() {
        List<Action> asked = new ArrayList<>();
        List<Action> denied = new ArrayList<>();
        node.policy = (identity, action, channel) -> {
            asked.add(action);
            return !denied.contains(action);
        };

        assertThat(RecordingSubscriber.of(node, ANN, Start.now("a")).subscription())
                .isCompleted();
        assertThat(RecordingSubscriber.of(node, ANN, Start.history("a", 1)).subscription())
                .isCompleted();
        assertThat(node.publish("a", "1")).isCompleted();
        assertThat(node.channels().presence(ANN, "a").count()).isZero();
        assertThat(asked)
                .containsExactly(Action.SUBSCRIBE, Action.SUBSCRIBE, Action.HISTORY, Action.PUBLISH, Action.PRESENCE);

        denied.addAll(List.of(Action.HISTORY, Action.PUBLISH));
        assertThat(RecordingSubscriber.of(node, ANN, Start.now("a")).subscription())
                .isCompleted();
        assertThat(refusal(RecordingSubscriber.of(node, ANN, Start.history("a", 1))
                                .subscription())
                        .code())
                .isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(refusal(RecordingSubscriber.of(node, ANN, Start.after("a", Position.NONE))
                                .subscription())
                        .code())
                .isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(refusal(node.publish("a", "1")).code()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(refusal(node.channels().content(ANN, "a", Position.NONE)).code())
                .isEqualTo(ErrorCode.NOT_ALLOWED);
        denied.addAll(List.of(Action.SUBSCRIBE, Action.PRESENCE));
        assertRefused(() -> node.channels().presence(ANN, "a"), ErrorCode.NOT_ALLOWED);
        assertThat(refusal(RecordingSubscriber.of(node, ANN, Start.now("a")).subscription())
                        .code())
                .isEqualTo(ErrorCode.NOT_ALLOWED);
    }

    @Test
    void the_order_of_one_publisher_is_kept() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("a"));
        for (int i = 1; i <= 100; i++) {
            var unused = node.channels().publish("a", new Body.Json(Integer.toString(i)));
        }
        assertThat(reader.lines()).isEmpty();
        node.run();

        assertThat(reader.lines()).isEqualTo(RecordingSubscriber.numbers(1, 100));
    }

    private void filter(String namespace, UnaryOperator<Body> change) {
        node.filters.add(new PublishFilter() {
            @Override
            public String namespace() {
                return namespace;
            }

            @Override
            public Body filter(Identity from, String channel, Body body) {
                return change.apply(body);
            }
        });
    }

    private CompletionStage<Position> bytes(int size) {
        var result = node.channels().publish("a", new Body.Binary("a/b", Bytes.wrap(new byte[size])));
        node.run();
        return result;
    }
}
