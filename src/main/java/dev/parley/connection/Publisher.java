package dev.parley.connection;

import java.util.Optional;

/**
 * From where somebody publishes.
 *
 * @param countedAs whose publishes may be no more than so many at a time: a {@link Connection#id}, or as
 *     {@link CommandInterpreter#countedAs} says
 * @param address of the client; empty where nobody knows it, as in a container that sets a principal of its own
 */
public record Publisher(String countedAs, Optional<String> address) {
    public static Publisher of(Connection connection) {
        return new Publisher(connection.id(), connection.address());
    }
}
