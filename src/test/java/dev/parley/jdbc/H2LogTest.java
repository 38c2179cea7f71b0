package dev.parley.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class H2LogTest extends JdbcLogContract {
    @TempDir
    Path folder;

    @Override
    HikariDataSource pool() {
        return Pools.h2(H2File.url(folder));
    }
}
