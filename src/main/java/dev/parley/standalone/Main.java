package dev.parley.standalone;

import dev.parley.settings.SettingException;
import dev.parley.settings.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts the server and runs until it is told to stop, by SIGTERM or Ctrl-C. */
@Command(
        name = "parley",
        description = "The real-time server for Jakarta EE: channels over WebSocket.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        subcommands = DrainCommand.class,
        footer = {
            "",
            "Every setting is also a system property (-Dparley.port=9000), an environment variable (PARLEY_PORT=9000)"
                    + " or a line of config/parley.properties; an option goes before them all."
        })
public final class Main implements Callable<Integer> {
    private static final int CANNOT_START = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "The address to listen on; 127.0.0.1 by default.")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "NUMBER", description = "The port; 8080 by default, 0 is any free one.")
    private @Nullable String port;

    @Option(names = "--data", paramLabel = "FOLDER", description = "Where the embedded database is; data by default.")
    private @Nullable String data;

    @Option(names = "--config", paramLabel = "FILE", description = "The file of settings.")
    private @Nullable Path config;

    private Main() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        Logging.configure();
        PrintWriter out = terminal().getOut();
        try {
            Settings settings = StandaloneSettings.read(options(), Optional.ofNullable(config));
            StandaloneServer server = StandaloneServer.start(settings);
            StartupBanner.of(server).forEach(out::println);
            out.flush();
            runUntilStopped(server);
            return 0;
        } catch (SettingException | StartException e) {
            terminal().getErr().println("parley: " + e.getMessage());
            return CANNOT_START;
        }
    }

    private CommandLine terminal() {
        return Objects.requireNonNull(spec).commandLine();
    }

    private Map<String, String> options() {
        Map<String, String> options = new HashMap<>();
        put(options, "parley.host", host);
        put(options, "parley.port", port);
        put(options, "parley.data", data);
        return options;
    }

    private static void put(Map<String, String> options, String key, @Nullable String value) {
        if (value != null) {
            options.put(key, value);
        }
    }

    /** The virtual machine ends once every shutdown hook has: so the server stops in one. */
    private static void runUntilStopped(StandaloneServer server) throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            server.close();
                            stopped.countDown();
                        },
                        "parley-stop"));
        stopped.await();
    }
}
