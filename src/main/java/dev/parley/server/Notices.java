package dev.parley.server;

import java.util.List;

/** A bean that has something to tell whoever starts the server, such as that the log is not durable. */
@FunctionalInterface
public interface Notices {
    /** One line each; asked once, after the start. */
    List<String> notices();
}
