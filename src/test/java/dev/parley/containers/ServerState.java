package dev.parley.containers;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.parley.arquillian.AppServer;
import dev.parley.protocol.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an application server's process holds, as {@code jcmd} tells it just after a full collection.
 *
 * @param threads how many there are of each name, with {@code #} for each number in it
 * @param ourThreads names of those that are called as ours are, or run code of the WAR
 * @param loaders class loaders of deployments that are not collected
 * @param connections of JDBC, to the file that the deployments share
 */
record ServerState(
        int heapMegabytes, Map<String, Long> threads, List<String> ourThreads, int loaders, int connections) {
    /**
     * Whose number says how much has come at once, and nothing of deployments: pools that keep each thread they have ever
     * made, up to their bound, and the VM's compilers, which it starts and ends as it likes. A thread of ours that hides
     * behind one of these names is found by the code that it runs.
     */
    private static final Pattern POOLS = Pattern.compile(String.join(
            "|",
            "C# CompilerThread#",
            // Payara: requests, commands of asadmin, and what forgets about those: one thread more each time, up to ten
            "http-thread-pool::.*",
            "admin-thread-pool::.*",
            "Job Cleanup Service",
            // WildFly: requests, deployments, and the services of the server itself
            "default task-#",
            "MSC service thread #-#",
            "ServerService Thread Pool -- #"));

    private static final Pattern THREAD = Pattern.compile("^\"(.*)\" #\\d+ ");

    /** Of classes that only the WAR brings; {@code arquillian} has the thread that ends the server after the tests. */
    private static final Pattern OUR_CODE =
            Pattern.compile("\\bat (dev\\.parley\\.(?!arquillian\\.)|org\\.flywaydb\\.|com\\.nimbusds\\.)");

    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    /** Now, without what is not in use. */
    static ServerState now() {
        // Each class loader that has loaded our classes keeps this enum's constants
        String classes = jcmd("GC.class_histogram");
        int loaders = instances(classes, ErrorCode.class.getName()) / ErrorCode.values().length;
        int connections = instances(classes, "org.h2.engine.SessionLocal");
        Matcher used = USED.matcher(jcmd("GC.heap_info"));
        int heap = used.find() ? Integer.parseInt(used.group(1)) / 1_024 : 0;
        // One after the other, with an empty line before each
        List<String> stacks = Arrays.stream(jcmd("Thread.print").split("\n\\s*\n", -1))
                .map(String::strip)
                .toList();
        return new ServerState(
                heap,
                stacks.stream()
                        .map(ServerState::name)
                        .filter(name -> !name.isEmpty())
                        .collect(groupingBy(name -> name.replaceAll("\\d+", "#"), TreeMap::new, counting())),
                stacks.stream()
                        .filter(stack -> name(stack).startsWith("parley-")
                                || OUR_CODE.matcher(stack).find())
                        .map(ServerState::name)
                        .toList(),
                loaders,
                connections);
    }

    /** How many threads of which name have come since, outside of the containers' pools. */
    Map<String, Long> newThreadsSince(ServerState earlier) {
        Map<String, Long> more = new TreeMap<>();
        threads.forEach((name, count) -> {
            long came = count - earlier.threads.getOrDefault(name, 0L);
            if (came > 0 && !POOLS.matcher(name).matches()) {
                more.put(name, came);
            }
        });
        return more;
    }

    /** Empty for the threads of the VM that run no Java. */
    private static String name(String stack) {
        Matcher thread = THREAD.matcher(stack);
        return thread.find() ? thread.group(1) : "";
    }

    private static int instances(String classes, String name) {
        Matcher line = Pattern.compile("\\s(\\d+)\\s+\\d+\\s+" + Pattern.quote(name) + "\\s")
                .matcher(classes);
        return line.find() ? Integer.parseInt(line.group(1)) : 0;
    }

    private static String jcmd(String command) {
        try {
            Path tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
            Process process = new ProcessBuilder(tool.toString(), Long.toString(AppServer.pid()), command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
