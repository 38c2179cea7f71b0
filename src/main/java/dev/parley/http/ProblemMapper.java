package dev.parley.http;

import dev.parley.security.Refusal;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/**
 * What Jakarta REST refuses by itself (404, 405, 406, 415) as problem details, with the headers that it has given it, such
 * as {@code Allow}.
 */
@Provider
public class ProblemMapper implements ExceptionMapper<WebApplicationException> {
    private static final int FIRST_ERROR = 400;

    @Override
    public Response toResponse(WebApplicationException failure) {
        Response answer = failure.getResponse();
        int status = answer.getStatus();
        if (status < FIRST_ERROR || answer.hasEntity()) {
            return answer;
        }
        Problem problem = Problem.of(new Refusal(status, sentence(status)));
        Response.ResponseBuilder told = Response.fromResponse(answer).entity(problem.body());
        problem.headers().forEach(told::header);
        return told.build();
    }

    private static String sentence(int status) {
        return switch (status) {
            case 404 -> "There is nothing at this address.";
            case 405 -> "The header Allow says which methods are taken here.";
            case 406 -> "What is here is of no type that the header Accept names.";
            case 415 -> "A body of this type is not taken here.";
            default -> "The request cannot be answered.";
        };
    }
}
