/**
 * What a team injects and what it implements, anywhere in its application. This package is public: a team may import it, as
 * it may {@link dev.parley.protocol}, the values that stand in its signatures, {@code dev.parley.endpoint}, for WebSocket
 * endpoints of its own, and the artifacts {@code dev.parley.client} and {@code dev.parley.testkit}. Every other package is
 * Parley's own, and changes without notice.
 *
 * <p>Injected are {@link Channels}, to publish and to read from anywhere; {@link Transactions}, to publish if and only if rows of
 * the team's own are committed; {@link RequestCaller}, who sends a request for a resource of the team's; and {@link
 * Revocations}, to end what a user has open. Implemented, by a bean that needs to be named nowhere, are {@link Identities},
 * which makes of the {@link Credentials} that a caller shows an {@link Identity}; {@link ChannelPolicy}, which says what that
 * one may do on a channel; and {@link PublishFilter}s, which say what a channel takes, and may rewrite it. So a publish,
 * whichever way it comes, is of an identity, is allowed by the policy, passes the filters in their order, and is then
 * committed to the log; who reads is asked of the policy in the same way.
 *
 * <pre>{@code
 * @ApplicationScoped
 * public class OrderRules implements PublishFilter {
 *     @Override public String namespace() {
 *         return "orders";
 *     }
 *
 *     @Override public Body filter(Identity from, String channel, Body body) {
 *         if (from.isGuest()) {
 *             throw new RefusedException(ErrorCode.REJECTED, "A guest places no orders.");
 *         }
 *         return body;
 *     }
 * }
 *
 * @Path("desks/{desk}/orders")
 * public class DeskResource {
 *     @Inject Channels channels;
 *     @Inject RequestCaller caller;
 *
 *     @POST public CompletionStage<String> place(@PathParam("desk") String desk, String json) {
 *         return channels.publish(caller.identity(), "orders." + desk, Optional.empty(), Body.json(json))
 *                 .thenApply(position -> "placed at " + position);
 *     }
 * }
 * }</pre>
 */
@NullMarked
package dev.parley.api;

import org.jspecify.annotations.NullMarked;
