package dev.parley.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import dev.parley.log.H2File;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;

/**
 * Connections to the database where no application server lends a data source: HikariCP, which only the standalone
 * server brings.
 */
public final class ConnectionPool {
    private static final int CONNECTIONS = 8;
    private static final long WAIT_FOR_CONNECTION = 5_000;
    private static final long WAIT_FOR_VALIDATION = 2_000;

    private ConnectionPool() {}

    /** Opens no connection yet: a database that is away is found out when it is used. */
    public static HikariDataSource of(DatabaseSettings database) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("parley");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(WAIT_FOR_CONNECTION);
        config.setValidationTimeout(WAIT_FOR_VALIDATION);
        config.setInitializationFailTimeout(-1);
        if (database.url().isPresent()) {
            config.setJdbcUrl(database.url().get());
            database.user().ifPresent(config::setUsername);
            database.password().ifPresent(config::setPassword);
        } else {
            embedded(database, config);
        }
        if (config.getJdbcUrl().startsWith("jdbc:h2:")) {
            config.setExceptionOverrideClassName(H2Gone.class.getName());
        }
        return new HikariDataSource(config);
    }

    private static void embedded(DatabaseSettings database, HikariConfig config) {
        try {
            Files.createDirectories(database.data());
        } catch (IOException e) {
            throw new SettingException("parley.data", database.data().toString(), "a folder that can be made");
        }
        config.setJdbcUrl(H2File.url(database.data()));
        config.setUsername("sa");
        config.setPassword("");
    }

    /** HikariCP drops a connection for SQLSTATE class 08 alone, and takes H2's word that a dead one is valid. */
    public static final class H2Gone implements SQLExceptionOverride {
        @java.lang.Override
        public Override adjudicate(SQLException e) {
            return H2File.isGone(e) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
        }
    }
}
