package dev.parley.arquillian;

import java.io.File;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.arquillian.container.spi.client.container.LifecycleException;
import org.jboss.arquillian.container.spi.client.protocol.metadata.HTTPContext;
import org.jboss.arquillian.container.spi.client.protocol.metadata.ProtocolMetaData;
import org.jboss.arquillian.container.spi.client.protocol.metadata.Servlet;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.postgresql.Driver;

/**
 * An application server that Maven brought, in a process of its own: on the loopback address alone, on free ports, and
 * tied to the test's process, so that nothing is left of it. The WAR is deployed by the server's own means.
 *
 * <p>Not the servers' own adapters for Arquillian: of those a class path bears one, they take fixed ports, one hands out
 * the machine's address, and what they have started outlives a test that is killed.
 */
abstract class AppServerContainer implements LocalContainer {
    /** What a server's own data source for these tests is called in JNDI, which differs from server to server. */
    private static final String DATA_SOURCE = "PARLEY_DATASOURCE";

    private final String name;
    private Path folder;

    AppServerContainer(String name) {
        this.name = name;
    }

    /** Starts the server. */
    abstract void start(Path runFolder) throws LifecycleException;

    /** Deploys the file, and returns the port of the server. */
    abstract int deploy(Path war) throws DeploymentException;

    abstract void undeploy(Path war) throws DeploymentException;

    abstract void end();

    @Override
    public void start() throws LifecycleException {
        folder = Folders.empty(name + "-run");
        start(folder);
    }

    @Override
    public void stop() {
        end();
    }

    @Override
    public ProtocolMetaData deploy(Archive<?> archive) throws DeploymentException {
        File file = file(archive);
        archive.as(ZipExporter.class).exportTo(file, true);
        int port = deploy(file.toPath());
        AppServer.serves(URI.create("http://127.0.0.1:" + port + "/parley/"));
        return new ProtocolMetaData()
                .addContext(new HTTPContext("127.0.0.1", port).add(new Servlet("parley", "/parley")));
    }

    @Override
    public void undeploy(Archive<?> archive) throws DeploymentException {
        undeploy(file(archive).toPath());
    }

    /** What the process of a server finds in its environment: settings of ours, and what the operator's scripts name. */
    static Map<String, String> environment(String dataSource) {
        return new HashMap<>(Map.of(
                DATA_SOURCE,
                dataSource,
                "PARLEY_JDBC_URL",
                AppServer.postgres(),
                "PARLEY_JDBC_USER",
                "postgres",
                "PARLEY_JDBC_PASSWORD",
                "postgres"));
    }

    /** The PostgreSQL driver, of the tests' own class path. */
    static Path driver() {
        try {
            return Path.of(Driver.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private File file(Archive<?> archive) {
        return folder.resolve(archive.getName()).toFile();
    }
}
