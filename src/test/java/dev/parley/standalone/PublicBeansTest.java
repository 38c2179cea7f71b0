package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Channels;
import dev.parley.api.Revocations;
import dev.parley.api.Transactions;
import dev.parley.channel.HubChannels;
import dev.parley.endpoint.ChannelSessions;
import dev.parley.server.ChannelRevocations;
import dev.parley.testkit.ParleyServer;
import dev.parley.testkit.ParleyTest;
import dev.parley.websocket.WebSocketSessions;
import org.junit.jupiter.api.Test;

/** What a team injects by a public type is one bean, and the one that the server has by its class. */
@ParleyTest
class PublicBeansTest {
    @Test
    void what_a_team_injects_is_what_the_server_uses(ParleyServer server) {
        assertThat(server.bean(Channels.class)).isSameAs(server.bean(HubChannels.class));
        assertThat(server.bean(ChannelSessions.class)).isSameAs(server.bean(WebSocketSessions.class));
        assertThat(server.bean(Revocations.class)).isSameAs(server.bean(ChannelRevocations.class));
        assertThat(server.bean(Transactions.class)).isSameAs(server.bean(Transactions.class));
    }
}
