package dev.parley.standalone;

import com.zaxxer.hikari.HikariDataSource;
import dev.parley.jdbc.DatabaseLife;
import dev.parley.log.LogException;
import dev.parley.server.ConnectionPool;
import dev.parley.settings.SettingException;
import dev.parley.settings.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Begins another life of the database that the settings name, also while servers run on it. */
@Command(
        name = "new-life",
        description = {
            "Says that rows of the log were put back from a backup: every channel begins a new epoch with its next message,"
                    + " so that clients are told what the log has forgotten. Servers on it may run meanwhile.",
            "Not needed where PostgreSQL has failed over, or was restored with its tables, nor for the embedded database"
                    + " after a start of the server: that is noticed."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class NewLifeCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--data", paramLabel = "FOLDER", description = "Where the embedded database is; data by default.")
    private @Nullable String data;

    @Option(names = "--config", paramLabel = "FILE", description = "The file of settings, which name the database.")
    private @Nullable Path config;

    @Override
    public Integer call() {
        Logging.configure();
        CommandLine terminal = Objects.requireNonNull(spec).commandLine();
        Map<String, String> options = data == null ? Map.of() : Map.of("parley.data", data);
        try {
            Settings settings = StandaloneSettings.read(options, Optional.ofNullable(config));
            try (HikariDataSource source = ConnectionPool.of(settings.database())) {
                DatabaseLife.renew(source);
            }
            terminal.getOut()
                    .println("The log in " + settings.database().description()
                            + " begins another life: each channel begins an epoch with its next message.");
            return 0;
        } catch (SettingException | LogException e) {
            terminal.getErr().println("parley: " + e.getMessage());
            return FAILED;
        }
    }
}
