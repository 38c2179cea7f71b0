package dev.parley.arquillian;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;

/** Payara Micro, of {@code target/payara-micro}: a process for each deployment, since it starts with what it serves. */
final class PayaraMicroContainer extends AppServerContainer {
    private ContainerProcess process;
    private Path folder;

    PayaraMicroContainer() {
        super("payara-micro");
    }

    @Override
    void start(Path runFolder) {
        folder = runFolder;
    }

    @Override
    int deploy(Path war) throws DeploymentException {
        int port = FreePorts.take(1).get(0);
        Path before = write("before-boot.asadmin", PayaraCommands.ofMicroBeforeBoot());
        Path after = write("after-boot.asadmin", PayaraCommands.afterBoot(folder.resolve("h2")));
        List<String> command = new ArrayList<>(
                List.of(ContainerProcess.java(), "-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(PayaraCommands.MODULES);
        command.addAll(List.of(
                "-Djava.net.preferIPv4Stack=true",
                "-Djava.io.tmpdir=" + temporary(),
                "-jar",
                Folders.built("payara-micro").resolve("payara-micro.jar").toString(),
                "--nohazelcast",
                "--disablephonehome",
                "--addlibs",
                driver().toString(),
                "--port",
                Integer.toString(port),
                "--prebootcommandfile",
                before.toString(),
                "--postbootcommandfile",
                after.toString(),
                "--deploy",
                war.toString()));
        Map<String, String> environment = environment(PayaraCommands.DATA_SOURCE);
        process = ContainerProcess.start(folder, environment, command);
        AppServer.runs(process.pid());
        process.await("deploy " + war, () -> process.printed().contains("ready in"));
        if (!process.printed().contains("Deployed 1 archive(s)")) {
            process.stop();
            throw new DeploymentException(process.failure("does not deploy it").getMessage());
        }
        return port;
    }

    @Override
    void undeploy(Path war) {
        process.stop();
    }

    @Override
    void end() {
        if (process != null) {
            process.stop();
        }
    }

    private Path write(String name, String lines) throws DeploymentException {
        try {
            Files.deleteIfExists(folder.resolve("console.log"));
            return Files.writeString(folder.resolve(name), lines);
        } catch (IOException e) {
            throw new DeploymentException("The commands cannot be written", e);
        }
    }

    private Path temporary() throws DeploymentException {
        try {
            return Files.createDirectories(folder.resolve("tmp"));
        } catch (IOException e) {
            throw new DeploymentException("There is no folder for it", e);
        }
    }
}
