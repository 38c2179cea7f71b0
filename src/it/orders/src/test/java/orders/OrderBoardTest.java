package orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.testkit.As;
import dev.parley.testkit.At;
import dev.parley.testkit.ParleyServer;
import dev.parley.testkit.ParleyTest;
import dev.parley.testkit.TestClock;
import dev.parley.testkit.TestHttp;
import dev.parley.testkit.TestSocket;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The order board, on a server of its own. */
@ParleyTest(settings = "parley.channels.orders.history-age=8h")
class OrderBoardTest {
    private static final String TEA = "{\"item\":\"tea\",\"quantity\":5}";

    @Test
    void orders_go_to_everybody_at_the_desk(
            @As("ann") @At("/orders/london") TestSocket ann,
            @At("/orders/london") TestSocket guest,
            ParleyServer server) {
        ann.send("{\"item\":\"Tea\",\"quantity\":5}");

        server.channel("orders.london").awaitExactly(TEA);
        ann.send("{\"item\":\"Tea\",\"quantity\":6}");
        ann.awaitText("{\"item\":\"tea\",\"quantity\":6}");
        guest.awaitText("{\"item\":\"tea\",\"quantity\":6}");
        assertEquals(
                "ann", server.channel("orders.london").await(2).get(1).from().user());
    }

    @Test
    void who_places_a_bad_order_is_told_so(@At("/orders/paris") TestSocket desk, TestHttp http, ParleyServer server) {
        desk.send("{\"item\":\"tea\",\"quantity\":0}");
        assertEquals("{\"refused\":\"An order is of one or more.\"}", desk.text());

        HttpResponse<String> answer = http.publish("orders.paris", "{\"item\":\"tea\",\"quantity\":-1}");
        assertEquals(422, answer.statusCode());
        assertTrue(answer.body().contains("An order is of one or more."), answer.body());
        server.channel("orders.paris").awaitEmpty();
    }

    @Test
    void the_board_counts_and_nobody_else_writes_on_it(@As("ann") TestHttp ann, ParleyServer server) {
        assertEquals(403, ann.publish("board", "{}").statusCode());
        assertEquals(201, ann.publish("orders.rome", TEA).statusCode());

        server.channel("board").await(1);
        assertTrue(server.channel("board").json().stream().anyMatch(line -> line.contains("orders.rome")));
    }

    @Test
    void yesterdays_orders_are_gone(ParleyServer server, TestClock clock) {
        server.channel("orders.oslo").publish(TEA);
        server.channel("orders.oslo").awaitExactly(TEA);

        clock.advance(Duration.ofDays(1));

        server.channel("orders.oslo").awaitEmpty();
    }
}
