package dev.parley.arquillian;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.arquillian.container.spi.client.container.LifecycleException;

/** The full Payara that Maven unpacked to {@code target/payara}, with a domain of its own, driven by {@code asadmin}. */
final class PayaraContainer extends AppServerContainer {
    private static final String HTTP = "http-listener-1";
    private static final String ADMIN = "admin-listener";

    /** Payara adds its own broker where there is none, on all addresses. */
    private static final String NO_BROKER = "<jms-service type=\"REMOTE\" default-jms-host=\"default_JMS_host\">"
            + "<jms-host name=\"default_JMS_host\" host=\"127.0.0.1\"/></jms-service>";

    private static final String TELNET = "<jvm-options>-Dosgi.shell.telnet.ip=";
    private static final Pattern PORT = Pattern.compile("port=\"(\\d+)\"");

    private Path folder;
    private Map<String, String> environment;
    private int port;
    private int adminPort;
    private int commands;

    PayaraContainer() {
        super("payara");
    }

    @Override
    void start(Path runFolder) throws LifecycleException {
        folder = runFolder;
        Path domain = folder.resolve("domains").resolve("domain1");
        Folders.copy(home().resolve("glassfish/domains/domain1"), domain);
        List<Integer> ports = FreePorts.take(12);
        port = ports.get(0);
        adminPort = ports.get(1);
        environment = environment(PayaraCommands.DATA_SOURCE);
        configure(domain.resolve("config/domain.xml"), ports.subList(2, ports.size()));
        Path before = folder.resolve("before-boot.asadmin");
        Path after = folder.resolve("after-boot.asadmin");
        try {
            Files.writeString(before, PayaraCommands.beforeBoot());
            Files.writeString(after, PayaraCommands.afterBoot(folder.resolve("h2")));
            Files.copy(driver(), domain.resolve("lib/postgresql.jar"));
            asadmin(
                    "start-domain",
                    "--domaindir",
                    folder.resolve("domains").toString(),
                    "--prebootcommandfile",
                    before.toString(),
                    "--postbootcommandfile",
                    after.toString(),
                    "domain1");
            AppServer.runs(Long.parseLong(
                    Files.readString(domain.resolve("config/pid")).strip()));
        } catch (IOException | IllegalStateException e) {
            throw new LifecycleException("Payara does not start", e);
        }
    }

    @Override
    int deploy(Path war) throws DeploymentException {
        try {
            asadmin("--port", Integer.toString(adminPort), "deploy", "--name", name(war), war.toString());
            return port;
        } catch (IllegalStateException e) {
            throw new DeploymentException("The WAR cannot be deployed", e);
        }
    }

    @Override
    void undeploy(Path war) throws DeploymentException {
        try {
            asadmin("--port", Integer.toString(adminPort), "undeploy", name(war));
        } catch (IllegalStateException e) {
            throw new DeploymentException("The WAR cannot be taken away", e);
        }
    }

    @Override
    void end() {
        Optional<ProcessHandle> server = ProcessHandle.of(AppServer.pid());
        try {
            asadmin("stop-domain", "--domaindir", folder.resolve("domains").toString(), "domain1");
        } finally {
            server.ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static String name(Path war) {
        return war.getFileName().toString().replaceFirst("\\.war$", "");
    }

    private static Path home() {
        return Folders.built("payara").resolve("payara6");
    }

    /** Runs one of the server's own commands to its end; fails with what it printed. */
    private void asadmin(String... words) {
        Path place = folder.resolve("command" + ++commands);
        try {
            Files.createDirectories(place);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command = new ArrayList<>(List.of(
                ContainerProcess.java(),
                "-jar",
                home().resolve("glassfish/lib/client/appserver-cli.jar").toString()));
        command.addAll(List.of(words));
        ContainerProcess process = ContainerProcess.start(place, environment, command);
        if (process.awaitEnd() != 0) {
            throw process.failure("does not do " + String.join(" ", words));
        }
    }

    /** Every listener on the loopback address, and on a port of its own that was free just now. */
    private void configure(Path file, List<Integer> free) {
        List<Integer> left = new ArrayList<>(free);
        try {
            List<String> lines = new ArrayList<>();
            for (String line : Files.readAllLines(file)) {
                lines.add(line(line, left));
            }
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String line(String line, List<Integer> left) {
        Matcher given = PORT.matcher(line);
        String changed = line.replace("address=\"0.0.0.0\"", "address=\"127.0.0.1\"")
                .replaceFirst("<network-listener (?!.*address=)", "<network-listener address=\"127.0.0.1\" ")
                .replace(
                        "<hazelcast-config-specific-configuration",
                        "<hazelcast-config-specific-configuration enabled=\"false\"")
                .replace("<config name=\"server-config\">", "<config name=\"server-config\">" + NO_BROKER)
                // Of its default data source, whose H2 lets other processes in
                .replace(TELNET, "<jvm-options>-Dh2.bindAddress=127.0.0.1</jvm-options>" + TELNET)
                .replace("telnet.port=6666", "telnet.port=" + 0);
        if (!given.find()) {
            return changed;
        }
        int chosen = line.contains("name=\"" + HTTP) ? port : line.contains("name=\"" + ADMIN) ? adminPort : 0;
        return chosen == 0 && left.isEmpty()
                ? changed
                : changed.replace(given.group(), "port=\"" + (chosen == 0 ? left.remove(0) : chosen) + '"');
    }
}
