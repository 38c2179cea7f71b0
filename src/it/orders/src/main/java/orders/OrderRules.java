package orders;

import dev.parley.api.Identity;
import dev.parley.api.PublishFilter;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.websocket.DecodeException;
import java.util.Locale;

/** What a desk takes, whichever way it comes: orders of something, of which items are written in lower case. */
@ApplicationScoped
public class OrderRules implements PublishFilter {
    @Override
    public String namespace() {
        return "orders";
    }

    @Override
    public Body filter(Identity from, String channel, Body body) {
        Order order = order(body);
        if (order.quantity() <= 0) {
            throw new RefusedException(ErrorCode.REJECTED, "An order is of one or more.");
        }
        return Body.json(
                new OrderEncoder().encode(new Order(order.item().toLowerCase(Locale.ROOT), order.quantity())));
    }

    private static Order order(Body body) {
        try {
            if (body instanceof Body.Json json) {
                return new OrderDecoder().decode(json.text());
            }
        } catch (DecodeException e) {
            throw new RefusedException(ErrorCode.REJECTED, e.getMessage());
        }
        throw new RefusedException(ErrorCode.UNSUPPORTED_TYPE, "An order is JSON.");
    }
}
