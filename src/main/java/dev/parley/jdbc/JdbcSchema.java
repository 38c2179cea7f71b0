package dev.parley.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.migration.JavaMigration;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/**
 * The tables of {@link JdbcLog}, and their history in {@code parley_schema_history}, beside a team's own tables and a
 * team's own Flyway.
 *
 * <p>The migrations are named here rather than searched for: Flyway's search of a class path depends on the class
 * loader's kind, and an application server has kinds of its own (WildFly's {@code vfs:}).
 */
public final class JdbcSchema {
    private static final String HISTORY = "parley_schema_history";
    private static final List<String> MIGRATIONS = List.of(
            "V1__channels_messages_keys.sql",
            "V2__outbox.sql",
            "V3__bytes_before.sql",
            "V4__secrets.sql",
            "V5__lineage.sql",
            "V6__outbox_keys.sql");

    /** Of all migrations, those in Java too. */
    static final String LATEST = "6";

    private static final String UNDEFINED_TABLE = "42P01";

    /** From this version on a migration that was begun may be begun anew. */
    private static final String FIRST_REPEATABLE = "3";

    /** What to do with the tables at start. */
    public enum Mode {
        /** Make them, or bring them up to date. */
        MIGRATE,
        /** Fail unless they are up to date: where the server's user may not change tables. */
        VALIDATE,
        /** Nothing: somebody else looks after them. */
        NONE
    }

    private JdbcSchema() {}

    /**
     * Behind a pooler it only looks whether the tables are up to date: Flyway sets the session's search path, which would
     * then be that of whoever gets the session next.
     *
     * @throws FlywayException when the tables are not, and cannot be made, as they must be
     * @throws dev.parley.log.LogException when the database cannot be asked
     */
    public static void prepare(DataSource source, Mode mode) {
        if (mode != Mode.NONE && isPooled(source)) {
            requireLatest(source);
            return;
        }
        switch (mode) {
            case MIGRATE -> migrate(flyway(source));
            case VALIDATE -> flyway(source).validate();
            case NONE -> {}
        }
    }

    private static boolean isPooled(DataSource source) {
        try (Connection connection = source.getConnection()) {
            return !JdbcConnections.isH2(connection) && TransactionPooling.standsBefore(connection);
        } catch (SQLException e) {
            throw JdbcFailures.unavailable(e);
        }
    }

    private static void requireLatest(DataSource source) {
        if (!isLatest(source)) {
            throw new FlywayException(
                    "Parley's tables are not of version " + LATEST + ", and they can be neither made nor"
                            + " changed by way of a pooler, such as pgbouncer: start once with a parley.jdbc.url that is"
                            + " PostgreSQL's own, and a user who may make tables.");
        }
    }

    private static boolean isLatest(DataSource source) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT version FROM " + HISTORY + " WHERE success ORDER BY installed_rank DESC LIMIT 1")) {
            return rows.next() && LATEST.equals(rows.getString(1));
        } catch (SQLException e) {
            if (UNDEFINED_TABLE.equals(e.getSQLState())) {
                return false;
            }
            throw JdbcFailures.unavailable(e);
        }
    }

    /** One that failed half-way, such as for want of space, is tried again where that is safe. */
    private static void migrate(Flyway flyway) {
        boolean again = Arrays.stream(flyway.info().all())
                .anyMatch(migration -> migration.getState().isFailed()
                        && migration.getVersion() != null
                        && migration.getVersion().isAtLeast(FIRST_REPEATABLE));
        if (again) {
            flyway.repair();
        }
        flyway.migrate();
    }

    /**
     * A schema that is not empty gets a baseline, or Flyway refuses to touch it. The baseline is 0: with its default, 1,
     * Flyway would take our first migration for done.
     */
    private static Flyway flyway(DataSource source) {
        return Flyway.configure(JdbcSchema.class.getClassLoader())
                .dataSource(source)
                .table(HISTORY)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .cleanDisabled(true)
                .placeholderReplacement(false)
                .resourceProvider(new Migrations())
                .javaMigrationClassProvider(List::<Class<? extends JavaMigration>>of)
                .javaMigrations(new BytesBackfill(), new H2Opening())
                .load();
    }

    /** The files beside this class. */
    private static final class Migrations implements ResourceProvider {
        @Override
        public @Nullable LoadableResource getResource(String name) {
            return MIGRATIONS.contains(name) ? new Migration(name) : null;
        }

        @Override
        public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
            List<LoadableResource> found = new ArrayList<>();
            for (String name : MIGRATIONS) {
                if (name.startsWith(prefix)) {
                    found.add(new Migration(name));
                }
            }
            return found;
        }
    }

    private static final class Migration extends LoadableResource {
        private final String name;

        Migration(String name) {
            this.name = name;
        }

        @Override
        public Reader read() {
            try (InputStream in = JdbcSchema.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new IllegalStateException(name + " is missing beside " + JdbcSchema.class.getName());
                }
                return new StringReader(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String getAbsolutePath() {
            return name;
        }

        @Override
        public String getAbsolutePathOnDisk() {
            return name;
        }

        @Override
        public String getFilename() {
            return name;
        }

        @Override
        public String getRelativePath() {
            return name;
        }
    }
}
