package dev.parley.http;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What the server understands, for tools: OpenAPI 3.1 of HTTP, AsyncAPI 3 of the WebSocket. */
@Path("{description: openapi|asyncapi}.json")
@Produces(MediaType.APPLICATION_JSON)
public class DescriptionResource {
    @GET
    public Response description(@PathParam("description") String name) {
        return Response.ok(read(name + ".json"))
                .header("Cache-Control", "no-cache")
                .build();
    }

    private static byte[] read(String file) {
        try (InputStream in = DescriptionResource.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
