package dev.parley.protocol;

import java.util.Optional;

/**
 * Who published a message, or is present on a channel.
 *
 * @param user the server's word for who it is; see {@link Names#isUser}
 * @param name for display only, chosen by the user; two users may have the same
 */
public record Member(String user, Optional<String> name) {}
