package dev.parley.testkit;

import java.net.URI;
import java.net.http.HttpResponse;

/** The server has refused to open a WebSocket. */
public final class RefusedHandshake extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    RefusedHandshake(URI uri, HttpResponse<?> answer) {
        super("The handshake with " + uri + " was refused with " + answer.statusCode() + ": " + answer.body());
        this.status = answer.statusCode();
    }

    /** The status of the answer, such as 401. */
    public int status() {
        return status;
    }
}
