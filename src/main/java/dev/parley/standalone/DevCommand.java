package dev.parley.standalone;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the server while a team writes its classes. */
@Command(
        name = "dev",
        description = {
            "Runs the server with classes of yours, and takes them anew whenever they have changed: what your editor or"
                    + " 'mvn compile' has written is there a moment later, on the same log, and clients come back by"
                    + " themselves. Until Ctrl-C.",
            "Your jar must not be in the folder lib as well."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class DevCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Option(
            names = "--classes",
            paramLabel = "FOLDER|JAR",
            description = "What is watched, once for each; target/classes by default.",
            defaultValue = "target/classes")
    private List<Path> classes = List.of();

    @Override
    public Integer call() throws InterruptedException {
        Logging.configure();
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        DevServer server = new DevServer(options::settings, new WatchedClasses(classes), line -> {
            out.println(line);
            out.flush();
        });
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "parley-stop"));
        server.run();
        return 0;
    }
}
