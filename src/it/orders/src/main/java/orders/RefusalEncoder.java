package orders;

import jakarta.json.Json;
import jakarta.websocket.Encoder;

/** Writes {@code {"refused":"…"}}. */
public class RefusalEncoder implements Encoder.Text<Refusal> {
    @Override
    public String encode(Refusal refusal) {
        return Json.createObjectBuilder().add("refused", refusal.reason()).build().toString();
    }
}
