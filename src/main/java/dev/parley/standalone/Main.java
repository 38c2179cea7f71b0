package dev.parley.standalone;

import dev.parley.settings.SettingException;
import dev.parley.settings.Settings;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Starts the server and runs until it is told to stop, by SIGTERM or Ctrl-C. */
@Command(
        name = "parley",
        description = "The real-time server for Jakarta EE: channels over WebSocket.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        subcommands = {DevCommand.class, DrainCommand.class, LogCommand.class},
        footer = {
            "",
            "Every setting is also a system property (-Dparley.port=9000), an environment variable (PARLEY_PORT=9000)"
                    + " or a line of config/parley.properties; an option goes before them all."
        })
public final class Main implements Callable<Integer> {
    private static final int CANNOT_START = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ServerOptions options = new ServerOptions();

    private Main() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    /** The same within a process that goes on, which is told what goes wrong; gives the exit code. */
    public static int run(PrintWriter errors, String... args) {
        return new CommandLine(new Main()).setErr(errors).execute(args);
    }

    @Override
    public Integer call() throws InterruptedException {
        Logging.configure();
        PrintWriter out = terminal().getOut();
        try {
            Settings settings = options.settings();
            StandaloneServer server = StandaloneServer.start(settings);
            StartupBanner.of(server).forEach(out::println);
            out.flush();
            UnmarkedArchives.lookLater(Main.class.getClassLoader());
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
