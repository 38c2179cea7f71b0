package dev.parley.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Tag;

/** At a restart the server goes on, as it does in life; the pool is another. */
@Tag("postgresql")
final class PostgresLogTest extends JdbcLogContract {
    private final String url = PostgresServer.newDatabase();

    @Override
    HikariDataSource pool() {
        return Pools.postgres(url);
    }
}
