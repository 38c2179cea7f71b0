package orders;

import dev.parley.api.ChannelPolicy;
import dev.parley.api.Identity;
import jakarta.enterprise.context.ApplicationScoped;

/** The board is written by the server alone. */
@ApplicationScoped
public class BoardPolicy implements ChannelPolicy {
    @Override
    public boolean allows(Identity identity, Action action, String channel) {
        return action != Action.PUBLISH || !channel.equals(Board.CHANNEL) || identity.equals(Identity.SERVER);
    }
}
