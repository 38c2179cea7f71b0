package orders;

import dev.parley.protocol.RefusedException;
import jakarta.json.Json;
import jakarta.websocket.Encoder;

/** Writes why an order is not taken, {@code {"refused":"…"}}; without it a client would be told in Parley's own words. */
public class RefusalEncoder implements Encoder.Text<RefusedException> {
    @Override
    public String encode(RefusedException refusal) {
        return Json.createObjectBuilder().add("refused", refusal.reason()).build().toString();
    }
}
