package dev.parley.security;

/** A connection's place among those the server may have. */
@FunctionalInterface
public interface ConnectionPermit {
    /** Gives the place back; a second time does nothing, so that every path on which a connection may end can say so. */
    void release();
}
