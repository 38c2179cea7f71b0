package orders;

import jakarta.json.Json;
import jakarta.websocket.Encoder;

/** Writes an order as JSON. */
public class OrderEncoder implements Encoder.Text<Order> {
    @Override
    public String encode(Order order) {
        return Json.createObjectBuilder()
                .add("item", order.item())
                .add("quantity", order.quantity())
                .build()
                .toString();
    }
}
