package dev.parley.grizzly;

import java.util.Set;

/** The Jakarta REST resources, whatever runs them. */
public interface Resources {
    /** What they are below, without slashes. */
    Set<String> paths();

    /** Makes of them what a server takes: its own class of handlers. */
    <T> T as(Class<T> handler);
}
