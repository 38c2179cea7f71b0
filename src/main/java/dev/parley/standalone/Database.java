package dev.parley.standalone;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import dev.parley.log.H2File;
import dev.parley.server.DatabaseSettings;
import dev.parley.server.Given;
import dev.parley.server.NodeThreads;
import dev.parley.server.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import javax.sql.DataSource;

/** What an application server would lend: a pool of connections to the database, and threads. */
@ApplicationScoped
public class Database {
    private static final int CONNECTIONS = 8;
    private static final long WAIT_FOR_CONNECTION = 5_000;
    private static final long WAIT_FOR_VALIDATION = 2_000;

    @Produces
    @Given
    @Singleton
    DataSource source(Settings settings) {
        DatabaseSettings database = settings.database();
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

    void close(@Disposes @Given DataSource source) {
        if (source instanceof HikariDataSource pool) {
            pool.close();
        }
    }

    @Produces
    @Given
    @Singleton
    NodeThreads threads() {
        return NodeThreads.own();
    }

    private static void embedded(DatabaseSettings database, HikariConfig config) {
        try {
            Files.createDirectories(database.data());
        } catch (IOException e) {
            throw new StartException("The folder " + database.data().toAbsolutePath() + " cannot be made: " + e, e);
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
