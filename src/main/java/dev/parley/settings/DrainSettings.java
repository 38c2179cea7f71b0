package dev.parley.settings;

import java.time.Duration;

/**
 * How clients are sent away before the server stops; {@code parley.drain.*}.
 *
 * @param lead {@code lead}: between saying that the server is not ready and sending the first away, so that load balancers
 *     notice; none by default
 * @param spread {@code spread}: over this time they are sent away, in batches, and told to come back within as much; 5
 *     seconds
 * @param patience {@code wait}: for the last of them to go; 5 seconds
 */
public record DrainSettings(Duration lead, Duration spread, Duration patience) {
    private static final Duration SPREAD = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    static DrainSettings read(SettingsReader reader) {
        return new DrainSettings(
                reader.duration("parley.drain.lead", Duration.ZERO),
                reader.duration("parley.drain.spread", SPREAD),
                reader.duration("parley.drain.wait", PATIENCE));
    }
}
