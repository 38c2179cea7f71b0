/**
 * A team's tests: the standalone server with the team's classes in JUnit, clients, tokens, a clock, and what a channel holds.
 * This package is public: a team may import it in its tests, as {@code dev.parley.api}, {@code dev.parley.endpoint}, {@code
 * dev.parley.protocol} and {@code dev.parley.client}; every other one is Parley's own, and changes without notice.
 *
 * <p>{@link dev.parley.testkit.ParleyTest} on a class of tests starts a {@link dev.parley.testkit.ParleyServer} for it. Its methods
 * take as parameters what they need: the server, whose {@link dev.parley.testkit.ChannelContents} say what a channel holds, a {@link
 * dev.parley.testkit.TestSocket} to an endpoint, {@link dev.parley.testkit.At} a path and {@link dev.parley.testkit.As} a user, a
 * {@link dev.parley.client.ParleyClient}, {@link dev.parley.testkit.TestHttp}, {@link dev.parley.testkit.TestTokens} and the {@link
 * dev.parley.testkit.TestClock}.
 *
 * <pre>{@code
 * @ParleyTest
 * class OrderBoardTest {
 *     @Test
 *     void orders_go_to_everybody(@As("ann") @At("/orders/london") TestSocket ann, ParleyServer server) {
 *         ann.send("{\"item\":\"tea\",\"quantity\":5}");
 *         server.channel("orders.london").awaitExactly("{\"item\":\"tea\",\"quantity\":5}");
 *     }
 * }
 * }</pre>
 */
@NullMarked
package dev.parley.testkit;

import org.jspecify.annotations.NullMarked;
