package dev.parley.standalone;

import com.zaxxer.hikari.HikariDataSource;
import dev.parley.server.ConnectionPool;
import dev.parley.server.Given;
import dev.parley.server.NodeThreads;
import dev.parley.server.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import javax.sql.DataSource;

/** What an application server would lend: connections to the database, and threads. */
@ApplicationScoped
public class Lent {
    @Produces
    @Given
    @Singleton
    DataSource source(Settings settings) {
        return ConnectionPool.of(settings.database());
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
}
