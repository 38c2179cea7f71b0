package dev.parley.arquillian;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;

/** The WildFly that Maven provisioned in {@code target/wildfly}, with the data sources of its command scripts. */
final class WildFlyContainer extends AppServerContainer {
    private static final String DATA_SOURCE = "java:jboss/datasources/ParleyTest";

    /** As WildFly's own scripts have it. */
    private static final List<String> MODULES = List.of(
            "--add-exports=java.desktop/sun.awt=ALL-UNNAMED",
            "--add-exports=java.naming/com.sun.jndi.ldap=ALL-UNNAMED",
            "--add-exports=java.naming/com.sun.jndi.url.ldap=ALL-UNNAMED",
            "--add-exports=java.naming/com.sun.jndi.url.ldaps=ALL-UNNAMED",
            "--add-exports=jdk.naming.dns/com.sun.jndi.dns=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.net=ALL-UNNAMED",
            "--add-opens=java.base/java.security=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "--add-opens=java.management/javax.management=ALL-UNNAMED",
            "--add-opens=java.naming/javax.naming=ALL-UNNAMED");

    private ContainerProcess process;
    private Path deployments;
    private int port;

    WildFlyContainer() {
        super("wildfly");
    }

    @Override
    void start(Path folder) {
        Path home = Folders.built("wildfly");
        Folders.copy(home.resolve("standalone"), folder);
        writeUsers(folder.resolve("configuration"));
        deployments = folder.resolve("deployments");
        List<Integer> ports = FreePorts.take(3);
        port = ports.get(0);
        List<String> command = new ArrayList<>(List.of(ContainerProcess.java(), "-Xmx512m"));
        command.addAll(MODULES);
        command.addAll(List.of(
                "-Djava.net.preferIPv4Stack=true",
                "-Djboss.home.dir=" + home,
                "-Djboss.server.base.dir=" + folder,
                "-Djboss.bind.address=127.0.0.1",
                "-Djboss.bind.address.management=127.0.0.1",
                "-Djboss.http.port=" + port,
                "-Djboss.https.port=" + ports.get(1),
                "-Djboss.management.http.port=" + ports.get(2),
                "-jar",
                home.resolve("jboss-modules.jar").toString(),
                "-mp",
                home.resolve("modules").toString(),
                "org.jboss.as.standalone"));
        Map<String, String> environment = environment(DATA_SOURCE);
        environment.put("TEST_H2_FILE", folder.resolve("h2").resolve("parley").toString());
        process = ContainerProcess.start(folder, environment, command);
        AppServer.runs(process.pid());
        process.await("start", () -> process.printed().contains("WFLYSRV0025"));
    }

    private static void writeUsers(Path configuration) {
        try {
            for (Logins.Login login : Logins.all()) {
                append(
                        configuration.resolve("application-users.properties"),
                        login.user() + "=" + login.hashed("ApplicationRealm"));
                append(configuration.resolve("application-roles.properties"), login.user() + "=" + login.role());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void append(Path file, String line) throws IOException {
        Files.writeString(file, "\n" + line + "\n", StandardOpenOption.APPEND);
    }

    /** By the scanner of its folder, which says what became of it by files beside. */
    @Override
    int deploy(Path war) throws DeploymentException {
        String name = war.getFileName().toString();
        Path failed = deployments.resolve(name + ".failed");
        try {
            Files.deleteIfExists(failed);
            Files.deleteIfExists(deployments.resolve(name + ".undeployed"));
            Files.copy(war, deployments.resolve(name));
            Files.createFile(deployments.resolve(name + ".dodeploy"));
            process.await(
                    "deploy " + name,
                    () -> Files.exists(deployments.resolve(name + ".deployed")) || Files.exists(failed));
            if (Files.exists(failed)) {
                throw new DeploymentException(Files.readString(failed));
            }
            return port;
        } catch (IOException e) {
            throw new DeploymentException("The WAR cannot be put there", e);
        }
    }

    @Override
    void undeploy(Path war) throws DeploymentException {
        String name = war.getFileName().toString();
        try {
            if (Files.deleteIfExists(deployments.resolve(name + ".deployed"))) {
                process.await("undeploy " + name, () -> Files.exists(deployments.resolve(name + ".undeployed")));
            }
            Files.deleteIfExists(deployments.resolve(name));
        } catch (IOException e) {
            throw new DeploymentException("The WAR cannot be taken away", e);
        }
    }

    @Override
    void end() {
        process.stop();
    }
}
