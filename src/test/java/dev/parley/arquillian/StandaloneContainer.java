package dev.parley.arquillian;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.arquillian.container.spi.client.protocol.metadata.HTTPContext;
import org.jboss.arquillian.container.spi.client.protocol.metadata.ProtocolMetaData;
import org.jboss.arquillian.container.spi.client.protocol.metadata.Servlet;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.exporter.ExplodedExporter;

/** Deploys a WAR by starting a standalone server, on any free port, of the WAR's classes and pages. */
public class StandaloneContainer implements LocalContainer {
    private static final String SETTINGS = "META-INF/microprofile-config.properties";
    private static final Pattern LEFT_OUT = Pattern.compile(
            "dev/parley/(standalone|grizzly|frames)/.*|dev/parley/server/ConnectionPool.*|META-INF/services/org\\.glassfish.*");

    private AutoCloseable server;

    @Override
    public ProtocolMetaData deploy(Archive<?> archive) throws DeploymentException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try {
            Path folder = Files.createTempDirectory("parley-war");
            File war = archive.as(ExplodedExporter.class).exportExploded(folder.toFile(), "war");
            Path classes = war.toPath().resolve("WEB-INF/classes");
            addWhatTheWarLeavesOut(classes);
            thread.setContextClassLoader(new WarClassLoader(classes, before));
            Class<?> type = thread.getContextClassLoader().loadClass("dev.parley.standalone.StandaloneServer");
            Map<String, String> settings = settings(classes.resolve(SETTINGS));
            settings.put("parley.port", "0");
            settings.put("parley.data", folder.resolve("data").toString());
            settings.put("parley.web", war.toString());
            server = (AutoCloseable) type.getMethod("start", Map.class).invoke(null, settings);
            URI uri = (URI) type.getMethod("uri").invoke(server);
            return new ProtocolMetaData()
                    .addContext(new HTTPContext(uri.getHost(), uri.getPort()).add(new Servlet("parley", "")));
        } catch (IOException | ReflectiveOperationException e) {
            throw new DeploymentException("The server of " + archive.getName() + " does not start", e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public void undeploy(Archive<?> archive) throws DeploymentException {
        try {
            server.close();
        } catch (Exception e) {
            throw new DeploymentException("The server of " + archive.getName() + " does not stop", e);
        }
    }

    /** What a server's MicroProfile Config would read of the application. */
    private static Map<String, String> settings(Path file) throws IOException {
        Properties properties = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
        }
        Map<String, String> settings = new HashMap<>();
        properties.forEach((key, value) -> settings.put(key.toString(), value.toString()));
        return settings;
    }

    private static void addWhatTheWarLeavesOut(Path classes) throws IOException {
        Path built = Path.of(System.getProperty("parley.build.directory"), "classes");
        try (Stream<Path> files = Files.walk(built)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path name = built.relativize(file);
                if (LEFT_OUT.matcher(name.toString().replace('\\', '/')).matches()) {
                    Files.createDirectories(classes.resolve(name).getParent());
                    Files.copy(file, classes.resolve(name));
                }
            }
        }
    }
}
