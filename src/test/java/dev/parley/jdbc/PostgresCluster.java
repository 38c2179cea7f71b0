package dev.parley.jdbc;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Several PostgreSQL of which one is the primary: standbys stream from it, or are cut off, it can be killed, and another one
 * takes over. Its URL names them all, so that a client finds whichever is the primary.
 *
 * <pre>{@code
 * int standby = cluster.addStandby();
 * cluster.cut(standby);
 * cluster.killPrimary();
 * cluster.promote(standby); // without what came after the cut
 * }</pre>
 */
public final class PostgresCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String DATABASE = "parley";
    private static final String MAINTENANCE = "postgres";
    private static final Set<String> OF_THE_PROCESS = Set.of("postmaster.pid", "postmaster.opts", "epg-lock");
    /** What a backup leaves out: a standby fetches what it needs of the log, and has slots of its own. */
    private static final Set<String> EMPTY = Set.of("pg_wal", "pg_replslot", "pg_stat_tmp", "pg_subtrans", "pg_notify");

    private final Path folder;
    private final List<Server> servers = new ArrayList<>();
    private int primary;

    private static final class Server {
        private final int port;
        private Path data;
        private EmbeddedPostgres running;

        Server(int port) {
            this.port = port;
        }
    }

    private PostgresCluster(Path folder) {
        this.folder = folder;
    }

    /** A primary, and room for two more. */
    public static PostgresCluster start(Path folder) throws IOException, SQLException {
        PostgresCluster cluster = new PostgresCluster(folder);
        Set<Integer> ports = new HashSet<>();
        while (ports.size() < 3) {
            ports.add(PostgresServer.steadyPort());
        }
        ports.forEach(port -> cluster.servers.add(new Server(port)));
        Server first = cluster.servers.get(0);
        first.data = cluster.newFolder();
        cluster.run(first);
        ask(first, "CREATE DATABASE " + DATABASE);
        return cluster;
    }

    public String url() {
        return url(DATABASE);
    }

    /** Of another database. */
    public String url(String database) {
        String hosts =
                servers.stream().map(server -> "127.0.0.1:" + server.port).collect(Collectors.joining(","));
        return "jdbc:postgresql://" + hosts + "/" + database
                + "?targetServerType=primary&hostRecheckSeconds=0&connectTimeout=5&loginTimeout=10"
                + "&tcpKeepAlive=true&reWriteBatchedInserts=true";
    }

    /** One that has all that the primary has when this returns, and goes on streaming. */
    public int addStandby() throws IOException, SQLException {
        int free = free();
        Server standby = servers.get(free);
        standby.data = backup();
        configure(
                standby.data,
                "primary_conninfo = 'host=127.0.0.1 port=" + primary().port + " user=postgres application_name=standby"
                        + free + "'\nsynchronous_standby_names = ''\n");
        Files.createFile(standby.data.resolve("standby.signal"));
        run(standby);
        await().atMost(PATIENCE).until(() -> isStreaming(free));
        return free;
    }

    /** From now on nothing is acknowledged that this standby does not have. */
    public void waitFor(int standby) throws SQLException {
        ask(primary(), "ALTER SYSTEM SET synchronous_standby_names = 'standby" + standby + "'");
        ask(primary(), "SELECT pg_reload_conf()");
        await().atMost(PATIENCE)
                .until(() -> "sync"
                        .equals(ask(
                                primary(),
                                "SELECT max(sync_state) FROM pg_stat_replication WHERE application_name = 'standby"
                                        + standby + "'")));
    }

    /** What comes from now on it does not have. */
    public void cut(int standby) throws SQLException {
        ask(servers.get(standby), "ALTER SYSTEM SET primary_conninfo = ''");
        ask(servers.get(standby), "SELECT pg_reload_conf()");
        await().atMost(PATIENCE).until(() -> !isStreaming(standby));
    }

    /** As a crash: every process of it at once, and no word to its clients or its standbys. */
    public void killPrimary() throws IOException, InterruptedException {
        kill(primary());
    }

    /** It is the primary from now on. */
    public void promote(int standby) throws SQLException {
        ask(servers.get(standby), "SELECT pg_promote(true, 60)");
        primary = standby;
    }

    /** How far the primary's log has come, as a target of {@link #recoverTo}. */
    public String place() throws SQLException {
        return ask(primary(), "SELECT pg_current_wal_flush_lsn()::text");
    }

    /** The primary's files, from which it may be recovered later. */
    public Path backup() throws IOException, SQLException {
        Path copy = newFolder();
        try (Connection connection = connect(primary());
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_backup_start('copy', true)");
            copy(primary().data, copy);
            try (ResultSet result = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
                result.next();
                Files.writeString(copy.resolve("backup_label"), result.getString(1));
            }
        }
        return copy;
    }

    /**
     * Recovery to a point in time: the primary, which is down, is replaced by a backup and what its log says up to a place.
     */
    public void recoverTo(String place, Path backup) throws IOException, SQLException {
        Path archive = primary().data.resolve("pg_wal");
        int free = free();
        Server recovered = servers.get(free);
        recovered.data = backup;
        configure(
                backup,
                "restore_command = 'cp \"" + archive.toAbsolutePath() + "/%f\" \"%p\"'\n" + "recovery_target_lsn = '"
                        + place + "'\nrecovery_target_action = 'promote'\n");
        Files.createFile(backup.resolve("recovery.signal"));
        run(recovered);
        await().atMost(PATIENCE).until(() -> "f".equals(ask(recovered, "SELECT pg_is_in_recovery()")));
        primary = free;
    }

    /** An empty one takes the place of the primary, which is down; it knows nothing of any other and has no database yet. */
    public void replaceByEmpty() throws IOException {
        int free = free();
        servers.get(free).data = newFolder();
        run(servers.get(free));
        primary = free;
    }

    /** A new database of the primary, filled under another name, so that nobody finds it before. */
    public void newDatabase(Filling filling) throws SQLException, IOException {
        ask(primary(), "CREATE DATABASE filling");
        filling.fill(url("filling"));
        ask(primary(), "ALTER DATABASE filling RENAME TO " + DATABASE);
    }

    /** Leaves no connection behind. */
    public interface Filling {
        void fill(String url) throws SQLException, IOException;
    }

    @Override
    public void close() throws IOException {
        for (Server server : servers) {
            if (server.running != null) {
                server.running.close();
            }
        }
    }

    private Server primary() {
        return servers.get(primary);
    }

    private int free() {
        for (int i = 0; i < servers.size(); i++) {
            if (servers.get(i).running == null && i != primary) {
                return i;
            }
        }
        throw new IllegalStateException("all are running");
    }

    private boolean isStreaming(int standby) throws SQLException {
        return !"0"
                .equals(ask(
                        primary(),
                        "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name = 'standby"
                                + standby + "'"));
    }

    private void run(Server server) throws IOException {
        server.running = PostgresServer.durable()
                .setPort(server.port)
                .setDataDirectory(server.data)
                .setCleanDataDirectory(false)
                .setServerConfig("wal_keep_size", "1GB")
                .setOverrideWorkingDirectory(folder.resolve("work").toFile())
                .start();
    }

    private static void kill(Server server) throws IOException, InterruptedException {
        String pid = Files.readAllLines(server.data.resolve("postmaster.pid")).get(0);
        ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        // So that it takes no client meanwhile whose process would outlive it
        new ProcessBuilder("kill", "-STOP", pid).start().waitFor();
        List<ProcessHandle> all = postmaster.descendants().toList();
        postmaster.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
        postmaster.onExit().join();
        server.running.close();
        server.running = null;
    }

    private static String ask(Server server, String sql) throws SQLException {
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet result = statement.getResultSet()) {
                result.next();
                return result.getString(1);
            }
        }
    }

    private static Connection connect(Server server) throws SQLException {
        return DriverManager.getConnection(PostgresServer.url(server.port, MAINTENANCE), "postgres", "");
    }

    private Path newFolder() throws IOException {
        return Files.createTempDirectory(folder, "postgres");
    }

    /** The last setting of a name counts. */
    private static void configure(Path data, String settings) throws IOException {
        Files.writeString(data.resolve("postgresql.auto.conf"), settings, StandardOpenOption.APPEND);
    }

    /** While the server goes on writing: a file may go meanwhile. */
    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path found, BasicFileAttributes attributes) throws IOException {
                Path copy = to.resolve(from.relativize(found).toString());
                if (!Files.exists(copy)) {
                    Files.createDirectory(
                            copy, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path found, BasicFileAttributes attributes) throws IOException {
                Path name = from.relativize(found);
                if (!OF_THE_PROCESS.contains(name.toString())
                        && !EMPTY.contains(name.getName(0).toString())) {
                    try {
                        Files.copy(found, to.resolve(name.toString()));
                    } catch (NoSuchFileException e) {
                        // gone meanwhile
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path found, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
    }
}
