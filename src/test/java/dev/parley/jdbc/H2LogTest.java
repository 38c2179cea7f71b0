package dev.parley.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.parley.log.LogCapacity;
import dev.parley.log.Outcome;
import dev.parley.log.Retention;
import dev.parley.log.SpaceLimits;
import dev.parley.protocol.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class H2LogTest extends JdbcLogContract {
    @TempDir
    Path folder;

    @Override
    HikariDataSource pool() {
        return Pools.h2(H2File.url(folder));
    }

    @Test
    void a_disk_with_less_free_space_than_is_to_be_left_is_full_and_one_with_more_is_not() throws Exception {
        long free = Files.getFileStore(folder).getUsableSpace();
        LogCapacity tooLittle = new LogCapacity(new SpaceLimits(Long.MAX_VALUE, 2 * free, "parley"));
        LogCapacity enough = new LogCapacity(new SpaceLimits(Long.MAX_VALUE, free / 2, "parley"));
        for (LogCapacity capacity : List.of(tooLittle, enough)) {
            node(capacity).trim(LogContract.retentions(new Retention(10, Duration.ofDays(1))));
        }

        assertThat(tooLittle.full())
                .hasValueSatisfying(reason -> assertThat(reason).contains("parley.log.free-space"));
        assertThat(enough.full()).isEmpty();
        assertThat(node(tooLittle).append(List.of(LogContract.text("room", 1))))
                .singleElement()
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.LOG_FULL));
    }
}
