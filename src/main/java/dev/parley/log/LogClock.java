package dev.parley.log;

import java.time.InstantSource;
import java.util.Optional;

/**
 * What tells a log the time: by it messages and keys are stamped, and their age is judged. Between two looks at where the
 * time comes from it goes on evenly, whatever becomes of the machine's clock. Thread-safe; asking costs nothing.
 */
public interface LogClock extends InstantSource {

    /**
     * Why no age can be judged just now; empty when all is well.
     *
     * <p>The hard case: a clock that stands eight days ahead. By it all history of a week is too old, and would be gone
     * within seconds, for everybody. While there is a doubt nothing is removed for its age.
     */
    Optional<Doubt> doubt();

    /**
     * A clock that is not to be gone by.
     *
     * @param reason for an operator: what was found, and how it goes on
     * @param foreign whether this node alone is wrong, so that clients had better go to another
     */
    record Doubt(String reason, boolean foreign) {}
}
