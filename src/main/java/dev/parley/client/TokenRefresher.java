package dev.parley.client;

import dev.parley.protocol.Command;
import dev.parley.protocol.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Brings a fresh token before the old one expires, so that the connection goes on without a hole: when about 80% of its
 * time has passed, and 5 seconds before its end at the latest. A source that has none yet, or fails, is asked again until
 * then; after that the server ends the connection with {@code token-expired}, and the next one asks for a token too. Of
 * the client's own thread.
 */
final class TokenRefresher {
    private static final Duration AHEAD = Duration.ofSeconds(5);
    private static final Duration SOONEST = Duration.ofMillis(500);

    private final EventLoop loop;
    private final ReplyCorrelator correlator;
    private final TokenSource source;
    private final InstantSource clock;
    private final RandomGenerator random;
    private @Nullable String token;

    /** Changes with each plan, so that an older one is not carried out. */
    private long plan;

    TokenRefresher(
            EventLoop loop,
            ReplyCorrelator correlator,
            TokenSource source,
            InstantSource clock,
            RandomGenerator random) {
        this.loop = loop;
        this.correlator = correlator;
        this.source = source;
        this.clock = clock;
        this.random = random;
    }

    /** A connection has begun with this token, or goes on with it. */
    void taken(String current, Optional<Instant> expires) {
        token = current;
        plan++;
        expires.ifPresent(this::plan);
    }

    void stop() {
        plan++;
    }

    private void plan(Instant expires) {
        long mine = plan;
        loop.later(pause(Duration.between(clock.instant(), expires), random.nextDouble()), () -> {
            if (mine == plan) {
                refresh(mine, expires);
            }
        });
    }

    /** @param chance from 0 to 1: clients that came together do not refresh together */
    static Duration pause(Duration left, double chance) {
        if (left.isNegative()) {
            return AHEAD; // the server will end the connection, or its clock is not ours
        }
        Duration most = left.multipliedBy(Math.round(750 + 100 * chance)).dividedBy(1_000);
        Duration ahead = left.minus(AHEAD);
        Duration half = left.dividedBy(2);
        Duration latest = ahead.compareTo(half) > 0 ? ahead : half;
        Duration pause = most.compareTo(latest) < 0 ? most : latest;
        return pause.compareTo(SOONEST) > 0 ? pause : SOONEST;
    }

    private void refresh(long mine, Instant expires) {
        source.ask()
                .whenComplete((fresh, failure) -> loop.run(() -> {
                    if (mine != plan) {
                        return;
                    }
                    if (failure != null || fresh == null || fresh.equals(token)) {
                        plan(expires);
                    } else {
                        correlator.ask(
                                id -> new Command.Refresh(id, fresh), reply -> answered(mine, fresh, expires, reply));
                    }
                }));
    }

    private void answered(long mine, String fresh, Instant expires, Reply reply) {
        if (mine != plan) {
            return;
        }
        if (reply instanceof Reply.Refreshed refreshed) {
            taken(fresh, refreshed.expires());
        } else {
            plan(expires);
        }
    }
}
