package dev.parley.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/** Connection pools as the standalone server has them. */
final class Pools {
    /** HikariCP drops a connection for SQLSTATE class 08 alone, and takes H2's word that a dead one is valid. */
    public static final class H2Gone implements SQLExceptionOverride {
        @java.lang.Override
        public Override adjudicate(SQLException e) {
            return H2File.isGone(e) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
        }
    }

    private Pools() {}

    static HikariDataSource h2(String url) {
        HikariConfig config = config(url, "sa");
        config.setExceptionOverrideClassName(H2Gone.class.getName());
        return new HikariDataSource(config);
    }

    static HikariDataSource postgres(String url) {
        return postgres(url, "postgres");
    }

    static HikariDataSource postgres(String url, String user) {
        return new HikariDataSource(config(url, user));
    }

    private static HikariConfig config(String url, String user) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword("");
        config.setMaximumPoolSize(8);
        config.setConnectionTimeout(5_000);
        config.setValidationTimeout(2_000);
        config.setInitializationFailTimeout(-1);
        return config;
    }
}
