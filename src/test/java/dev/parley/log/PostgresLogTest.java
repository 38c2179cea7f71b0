package dev.parley.log;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

@Tag("postgresql")
final class PostgresLogTest
        implements ReadingContract, LookBackContract, KeysContract, TrimmingContract, OutboxContract {
    private HikariDataSource source;

    @BeforeEach
    void open() {
        source = Pools.postgres(PostgresServer.newDatabase());
        JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Override
    public DataSource source() {
        return source;
    }

    @Override
    public JdbcLog node(Clock clock) {
        return new JdbcLog(source, INLINE, Duration.ofSeconds(20), clock);
    }

    /** The server goes on, as it does in life; the pool is another. */
    @Override
    public void restartStore() {
        String url = source.getJdbcUrl();
        close();
        source = Pools.postgres(url);
    }
}
