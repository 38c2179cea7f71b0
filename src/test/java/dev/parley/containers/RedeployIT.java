package dev.parley.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.arquillian.AppServer;
import dev.parley.arquillian.Wars;
import dev.parley.e2e.TestClient;
import dev.parley.protocol.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a deployment leaves behind in its server's process when it is taken away: nothing. */
@ExtendWith(ArquillianExtension.class)
@Tag("not-on-standalone") // a process of its own each time, as Payara Micro
@Tag("not-on-payara-micro")
@Timeout(400)
class RedeployIT {
    private static final int ROUNDS = 10;

    /** A server may hold on to one deployment for a while, as in a cache; with eleven taken away, no more than that one. */
    private static final int KEPT = 1;

    private static final String PARLEY = "parley";
    private static final Pattern USED = Pattern.compile("used (\\d+)K");
    private static final Pattern OURS = Pattern.compile("^\"(parley-[^\"]*)\"", Pattern.MULTILINE);

    /** Each class loader that has loaded our classes keeps this enum's constants. */
    private static final Pattern CONSTANTS =
            Pattern.compile("\\s(\\d+)\\s+\\d+\\s+" + Pattern.quote(ErrorCode.class.getName()) + "\\s");

    @ArquillianResource
    private Deployer deployer;

    /** @param loaders class loaders of deployments that are not collected */
    private record Process(int heapMegabytes, int threads, List<String> ourThreads, int loaders, int connections) {
        static Process now() {
            String classes = jcmd("GC.class_histogram");
            Matcher constants = CONSTANTS.matcher(classes);
            int found = constants.find() ? Integer.parseInt(constants.group(1)) : 0;
            String threads = jcmd("Thread.print");
            Matcher used = USED.matcher(jcmd("GC.heap_info"));
            int heap = used.find() ? Integer.parseInt(used.group(1)) / 1_024 : 0;
            return new Process(
                    heap,
                    (int) threads.lines().filter(line -> line.startsWith("\"")).count(),
                    OURS.matcher(threads).results().map(match -> match.group(1)).toList(),
                    found / ErrorCode.values().length,
                    connections(classes));
        }

        /** Of JDBC, to the file that the deployments share. */
        private static int connections(String classes) {
            Matcher sessions = Pattern.compile("\\s(\\d+)\\s+\\d+\\s+org\\.h2\\.engine\\.SessionLocal\\s")
                    .matcher(classes);
            return sessions.find() ? Integer.parseInt(sessions.group(1)) : 0;
        }
    }

    @Deployment(name = PARLEY, managed = false, testable = false)
    static WebArchive war() {
        return Wars.with(Map.of("parley.auth.secret", "0123456789abcdef0123456789abcdef"));
    }

    @Test
    void tenDeploymentsLeaveNoThreadNoClassLoaderAndNoConnection() {
        List<Process> after = new ArrayList<>();
        redeploy();
        for (int i = 0; i < ROUNDS; i++) {
            redeploy();
            after.add(Process.now());
        }

        await().untilAsserted(() -> {
            Process now = Process.now();
            assertThat(now.ourThreads()).isEmpty();
            assertThat(now.loaders()).isLessThanOrEqualTo(KEPT);
        });
        after.add(Process.now());
        Process first = after.get(0);
        Process last = after.get(ROUNDS);
        print(after);
        assertThat(last.threads()).isLessThanOrEqualTo(first.threads() + 5);
        assertThat(last.connections()).isLessThanOrEqualTo(first.connections());
        assertThat(last.heapMegabytes()).isLessThan(first.heapMegabytes() + 20);
    }

    /** With work done and clients there when it is taken away. */
    private void redeploy() {
        deployer.deploy(PARLEY);
        URI uri = AppServer.uri();
        TestClient channels = TestClient.open(uri);
        TestClient room = TestClient.open(uri, "/chat/lobby");
        TestClient echo = TestClient.open(uri, "/echo");
        channels.subscribe("room");
        channels.publish("room", "k" + System.nanoTime(), "1");
        channels.awaitPushes(1);
        room.awaitPushes(1);
        deployer.undeploy(PARLEY);
        for (TestClient client : List.of(channels, room, echo)) {
            assertThat(client.awaitClosing().code()).isIn(1001, 1012);
            client.close();
        }
    }

    @SuppressWarnings("SystemOut") // for whoever reads the report
    private static void print(List<Process> processes) {
        processes.forEach(System.out::println);
    }

    private static String jcmd(String command) {
        try {
            Path tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
            java.lang.Process process = new ProcessBuilder(tool.toString(), Long.toString(AppServer.pid()), command)
                    .redirectError(ProcessBuilder.Redirect.to(new File("/dev/null")))
                    .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
