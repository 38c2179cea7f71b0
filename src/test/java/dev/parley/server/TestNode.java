package dev.parley.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.parley.api.ChannelPolicy;
import dev.parley.api.Identity;
import dev.parley.api.Transactions;
import dev.parley.jdbc.H2File;
import dev.parley.jdbc.JdbcLog;
import dev.parley.log.Head;
import dev.parley.protocol.Body;
import dev.parley.protocol.Position;
import dev.parley.security.Guests;
import dev.parley.settings.Settings;
import dev.parley.settings.ThreadSettings;
import dev.parley.testing.WireClient;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A whole node on H2 in a folder, with clients on scripted transports instead of a network. */
final class TestNode implements AutoCloseable {
    private static final int INLINE = 64 * 1024;
    private static final int LAST = 1_000;

    private final HikariDataSource source;
    private final Node node;

    TestNode(Path folder, Map<String, String> settings) {
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(H2File.url(folder));
        pool.setUsername("sa");
        pool.setPassword("");
        pool.setMaximumPoolSize(8);
        source = new HikariDataSource(pool);
        var config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", LAST))
                .build();
        node = new Node(
                Settings.read(config),
                new Node.Parts(
                        source,
                        false,
                        NodeExecutors.own(ThreadSettings.DEFAULTS),
                        new Guests(),
                        ChannelPolicy.OPEN,
                        List.of()));
    }

    Node node() {
        return node;
    }

    Transactions transactions() {
        return node.transactions(new LocalTransactions(source));
    }

    WireClient client() {
        return new WireClient(node.connections());
    }

    CompletionStage<Position> publish(String channel, Optional<String> key, String json) {
        return node.channels().publish(Identity.SERVER, channel, key, new Body.Json(json));
    }

    /** A connection of a team's own, that commits when it is told to. */
    Connection transaction() throws SQLException {
        Connection connection = source.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    /** What the database says, asked without the node. */
    Head head(String channel) {
        return new JdbcLog(source, INLINE).heads(List.of(channel)).getOrDefault(channel, Head.NONE);
    }

    @Override
    public void close() {
        node.close();
        source.close();
    }
}
