package orders;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.websocket.DecodeException;
import jakarta.websocket.Decoder;
import java.io.StringReader;

/** Reads an order from the JSON that is stored and that clients send: {@code {"item":"tea","quantity":5}}. */
public class OrderDecoder implements Decoder.Text<Order> {
    @Override
    public boolean willDecode(String text) {
        return text.startsWith("{");
    }

    @Override
    public Order decode(String text) throws DecodeException {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            JsonObject order = reader.readObject();
            return new Order(order.getString("item"), order.getInt("quantity"));
        } catch (JsonException | NullPointerException | ClassCastException e) {
            throw new DecodeException(text, "An order has an item and a quantity.", e);
        }
    }
}
