package orders;

import dev.parley.api.Channels;
import dev.parley.api.RequestCaller;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import jakarta.inject.Inject;
import jakarta.websocket.DecodeException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Takes orders over HTTP, in the name of who sends them. What is refused is answered with problem details. */
@Path("desks/{desk}/orders")
public class DeskResource {
    @Inject
    Channels channels;

    @Inject
    RequestCaller caller;

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public CompletionStage<String> place(@PathParam("desk") String desk, String text) {
        Body order = Body.json(new OrderEncoder().encode(order(text)));
        return channels.publish(caller.identity(), "orders." + desk, Optional.empty(), order)
                .thenApply(position -> "placed at " + position);
    }

    private static Order order(String text) {
        try {
            return new OrderDecoder().decode(text);
        } catch (DecodeException e) {
            throw new RefusedException(ErrorCode.MALFORMED, e.getMessage());
        }
    }
}
