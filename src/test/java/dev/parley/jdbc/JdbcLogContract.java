package dev.parley.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.parley.log.LogCapacity;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Every contract of a log, on one database: a new one for each test. */
public abstract class JdbcLogContract
        implements ReadingContract,
                HistoryContract,
                HolesContract,
                LineageContract,
                KeysContract,
                TrimmingContract,
                ByteRetentionContract,
                CapacityContract,
                OutboxContract {
    private HikariDataSource source;

    /** A pool of connections to the test's database. */
    abstract HikariDataSource pool();

    @BeforeEach
    void open() {
        source = pool();
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
        return new JdbcLog(source, INLINE, LogCapacity.unlimited(), Duration.ofSeconds(20), JdbcClock.given(clock));
    }

    @Override
    public JdbcLog node(LogCapacity capacity) {
        return new JdbcLog(
                source, INLINE, capacity, Duration.ofSeconds(20), JdbcClock.given(Clock.fixed(NOON, ZoneOffset.UTC)));
    }

    @Override
    public void restartStore() {
        close();
        open();
    }
}
