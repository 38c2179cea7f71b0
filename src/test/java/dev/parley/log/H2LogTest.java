package dev.parley.log;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class H2LogTest implements ReadingContract, LookBackContract, KeysContract, TrimmingContract, OutboxContract {
    @TempDir
    Path folder;

    private HikariDataSource source;

    @BeforeEach
    void open() {
        source = Pools.h2(H2File.url(folder));
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

    @Override
    public void restartStore() {
        close();
        open();
    }
}
