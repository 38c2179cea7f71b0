package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.api.Channels;
import dev.parley.api.Transactions;
import dev.parley.jdbc.PostgresServer;
import dev.parley.protocol.Body;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.Start;
import dev.parley.settings.Settings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A team's transaction standalone, with rows of its own and messages: both or neither. */
@Timeout(120)
class TransactionsTest {
    private static final int LAST = 1_000;

    @TempDir
    private Path folder;

    enum Database {
        H2,
        POSTGRESQL;

        Map<String, String> settings() {
            return this == H2
                    ? Map.of()
                    : Map.of("parley.jdbc.url", PostgresServer.newDatabase(), "parley.jdbc.user", "postgres");
        }
    }

    @ApplicationScoped
    public static class Orders {
        @Inject
        Transactions transactions;

        void prepare() throws SQLException {
            execute("CREATE TABLE placed (number INTEGER NOT NULL)");
        }

        /** Those that can be divided by three fail, after all was written. */
        void place(int number) throws SQLException {
            transactions.run(connection -> {
                try (Statement insert = connection.createStatement()) {
                    insert.execute("INSERT INTO placed VALUES (" + number + ")");
                }
                transactions.publish("placed", new Body.Json(Integer.toString(number)));
                if (number % 3 == 0) {
                    throw new IllegalArgumentException("as the test wants it");
                }
            });
        }

        List<String> placed() throws SQLException {
            return transactions.call(connection -> {
                List<String> all = new ArrayList<>();
                try (Statement select = connection.createStatement();
                        ResultSet rows = select.executeQuery("SELECT number FROM placed ORDER BY number")) {
                    while (rows.next()) {
                        all.add(rows.getString(1));
                    }
                }
                return all;
            });
        }

        private void execute(String sql) throws SQLException {
            transactions.run(connection -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(sql);
                }
            });
        }
    }

    @ApplicationScoped
    public static class Wanting {
        @Inject
        DataSource source;
    }

    @ParameterizedTest
    @EnumSource
    void what_a_transaction_writes_and_publishes_is_there_if_and_only_if_it_commits(Database database)
            throws Exception {
        try (StandaloneServer server = start(database.settings(), Orders.class)) {
            Orders orders = server.bean(Orders.class);
            orders.prepare();
            List<String> told = new CopyOnWriteArrayList<>();
            server.bean(Channels.class)
                    .follow(Start.now("placed"), push -> told.add(((Body.Json) ((Message) push).body()).text()))
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);

            for (int number = 1; number <= 6; number++) {
                int one = number;
                if (number % 3 == 0) {
                    assertThatThrownBy(() -> orders.place(one)).isInstanceOf(IllegalArgumentException.class);
                } else {
                    orders.place(one);
                }
            }
            orders.place(7);

            await().until(() -> told.contains("7"));
            assertThat(told).containsExactly("1", "2", "4", "5", "7");
            assertThat(orders.placed()).containsExactlyElementsOf(told);
        }
    }

    @Test
    void transactions_that_wait_take_no_connection_from_the_log() throws Exception {
        try (StandaloneServer server = start(Map.of("parley.jdbc.team-connections", "8"), Orders.class)) {
            Transactions transactions = server.bean(Transactions.class);
            CountDownLatch held = new CountDownLatch(8);
            CountDownLatch mayEnd = new CountDownLatch(1);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Thread thread = new Thread(() -> {
                    try {
                        transactions.run(connection -> {
                            held.countDown();
                            mayEnd.await();
                        });
                    } catch (SQLException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
                thread.start();
                threads.add(thread);
            }
            held.await();

            Position position = server.bean(Channels.class)
                    .publish("placed", new Body.Json("1"))
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
            assertThat(position.offset()).isEqualTo(1);
            assertThatThrownBy(() -> transactions.run(connection -> {})).isInstanceOf(SQLException.class);

            mayEnd.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            transactions.run(connection -> {});
        }
    }

    @Test
    void who_wants_a_data_source_is_told_what_there_is_instead() {
        assertThatThrownBy(() -> start(Map.of(), Wanting.class))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("Wanting.source")
                .hasMessageEndingWith(
                        "For a connection and a transaction, inject " + Transactions.class.getName() + ".");
    }

    private StandaloneServer start(Map<String, String> settings, Class<?>... further) {
        Map<String, String> all =
                new HashMap<>(Map.of("parley.port", "0", "parley.host", "127.0.0.1", "parley.data", folder.toString()));
        all.putAll(settings);
        Settings read = Settings.read(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(all, "test", LAST))
                .build());
        return StandaloneServer.start(read, further);
    }
}
