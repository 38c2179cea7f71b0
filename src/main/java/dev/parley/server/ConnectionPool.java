package dev.parley.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import dev.parley.jdbc.H2File;
import dev.parley.settings.DatabaseSettings;
import dev.parley.settings.SettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/**
 * The pool of connections to the database that the settings name, where no application server lends a data source:
 * HikariCP, which only the standalone server brings. Not in the WAR.
 */
public final class ConnectionPool {
    /** The writer, the trimmer and four readers, and room for a connection that is being replaced. */
    private static final int CONNECTIONS = 8;

    private static final Duration WAIT = Duration.ofSeconds(5);
    private static final Duration VALIDATION = Duration.ofSeconds(2);

    /** A firewall or a pooler that drops what is silent hears of idle connections, and they of it. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

    private static final String H2 = "jdbc:h2:";
    private static final String POSTGRES = "jdbc:postgresql:";

    /** Many rows a statement; a server that is gone is found out; what a message says does not get into our log. */
    private static final Map<String, String> POSTGRES_PROPERTIES = Map.of(
            "reWriteBatchedInserts", "true",
            "tcpKeepAlive", "true",
            "connectTimeout", "5",
            "loginTimeout", "5",
            "logServerErrorDetail", "false");

    /** HikariCP drops a connection for SQLSTATE class 08 alone, and takes H2's word that a dead one is valid. */
    public static final class H2Gone implements SQLExceptionOverride {
        @java.lang.Override
        public Override adjudicate(SQLException e) {
            return H2File.isGone(e) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
        }
    }

    private ConnectionPool() {}

    /** Nothing is opened yet. */
    public static HikariDataSource of(DatabaseSettings settings) {
        return of(settings, CONNECTIONS);
    }

    /** The same for one connection, to look whether the database is there. */
    public static HikariDataSource ofOne(DatabaseSettings settings) {
        return of(settings, 1);
    }

    /** Those of a team's own transactions, apart from the log's; none is there before it is needed. */
    public static HikariDataSource ofTeam(DatabaseSettings settings) {
        HikariConfig config = config(settings, settings.teamConnections());
        config.setPoolName("parley-team");
        config.setMinimumIdle(0);
        return open(config);
    }

    private static HikariDataSource of(DatabaseSettings settings, int connections) {
        return open(config(settings, connections));
    }

    private static HikariConfig config(DatabaseSettings settings, int connections) {
        settings.dataSource().ifPresent(name -> {
            throw new SettingException("parley.datasource is for an application server; standalone, parley.jdbc.url"
                    + " names the database.");
        });
        String url = settings.url().orElseGet(() -> file(settings.data()));
        HikariConfig config = new HikariConfig();
        config.setPoolName("parley-database");
        config.setJdbcUrl(url);
        config.setUsername(settings.user().orElse(url.startsWith(H2) ? "sa" : null));
        config.setPassword(settings.password().orElse(""));
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(WAIT.toMillis());
        config.setValidationTimeout(VALIDATION.toMillis());
        config.setKeepaliveTime(KEEP_ALIVE.toMillis());
        config.setInitializationFailTimeout(-1);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        if (url.startsWith(POSTGRES)) {
            POSTGRES_PROPERTIES.forEach(config::addDataSourceProperty);
        }
        if (url.startsWith(H2)) {
            config.setExceptionOverrideClassName(H2Gone.class.getName());
        }
        return config;
    }

    private static HikariDataSource open(HikariConfig config) {
        try {
            return new HikariDataSource(config);
        } catch (RuntimeException e) { // no driver takes such a URL
            throw new SettingException(
                    "parley.jdbc.url is '" + config.getJdbcUrl().replaceFirst("[?;].*", "")
                            + "', for which there is no driver here; H2 and PostgreSQL have one.");
        }
    }

    private static String file(Path folder) {
        try {
            return H2File.url(Files.createDirectories(folder));
        } catch (IOException | IllegalArgumentException e) {
            throw new SettingException("The folder parley.data, " + folder + ", cannot be used: " + e.getMessage());
        }
    }
}
