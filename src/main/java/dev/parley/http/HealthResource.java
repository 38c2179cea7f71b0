package dev.parley.http;

import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;

/**
 * For an operator's probes, in the form of MicroProfile Health: alive is a process that answers, ready is one that can
 * store and deliver. One that is not ready is sent no clients, but not killed for it: a database that is away comes back.
 */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public class HealthResource {
    private static final int UNAVAILABLE = 503;

    @Inject
    Lifecycle node;

    @GET
    @Path("live")
    public Response live() {
        return answer(List.of());
    }

    @GET
    @Path("ready")
    public Response ready() {
        return answer(node.checks());
    }

    private static Response answer(List<Lifecycle.Check> checks) {
        boolean up = checks.stream().allMatch(Lifecycle.Check::up);
        JsonArrayBuilder array = Json.createArrayBuilder();
        checks.forEach(check -> array.add(json(check)));
        JsonObject body = Json.createObjectBuilder()
                .add("status", status(up))
                .add("checks", array)
                .build();
        return Response.status(up ? Response.Status.OK.getStatusCode() : UNAVAILABLE)
                .header("Cache-Control", "no-store")
                .entity(body.toString())
                .build();
    }

    private static JsonObjectBuilder json(Lifecycle.Check check) {
        JsonObjectBuilder json =
                Json.createObjectBuilder().add("name", check.name()).add("status", status(check.up()));
        return check.reason().isEmpty()
                ? json
                : json.add("data", Json.createObjectBuilder().add("reason", check.reason()));
    }

    private static String status(boolean up) {
        return up ? "UP" : "DOWN";
    }
}
