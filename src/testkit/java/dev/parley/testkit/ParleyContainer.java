package dev.parley.testkit;

import dev.parley.client.ParleyClient;
import dev.parley.standalone.Logging;
import dev.parley.standalone.StandaloneServer;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.arquillian.container.spi.client.container.ContainerConfiguration;
import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.arquillian.container.spi.client.protocol.ProtocolDescription;
import org.jboss.arquillian.container.spi.client.protocol.metadata.HTTPContext;
import org.jboss.arquillian.container.spi.client.protocol.metadata.ProtocolMetaData;
import org.jboss.arquillian.container.spi.client.protocol.metadata.Servlet;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.exporter.ExplodedExporter;
import org.jspecify.annotations.Nullable;

/**
 * Deploys a WAR, a team's own that lies over Parley's, without an application server: starts a standalone server of the
 * WAR's classes, libraries, pages and settings, on any free port and with an empty log. Tests run as its clients
 * ({@code @Deployment(testable = false)}); several WARs at once are several servers.
 *
 * <p>Arquillian takes it when nothing is said, or when {@code -Darquillian.launch} is {@code standalone}; with any other
 * value that adapter is taken which is on the class path then.
 */
public final class ParleyContainer implements DeployableContainer<ParleyContainer.NoConfiguration> {
    private static final String SETTINGS = "META-INF/microprofile-config.properties";

    /** Of a jar itself, not of what is in it. */
    private static final Pattern OF_THE_JAR = Pattern.compile("META-INF/(MANIFEST\\.MF|maven/.*)");

    private final Map<String, Deployed> deployed = new HashMap<>();

    /** There is nothing to be said of it in {@code arquillian.xml}. */
    public static final class NoConfiguration implements ContainerConfiguration {
        @Override
        public void validate() {}
    }

    /** A server, its classes, and where they and its log are. */
    private record Deployed(AutoCloseable server, WarClassLoader loader, Path folder) {}

    @Override
    public Class<NoConfiguration> getConfigurationClass() {
        return NoConfiguration.class;
    }

    @Override
    public ProtocolDescription getDefaultProtocol() {
        return new ProtocolDescription("Local");
    }

    @Override
    public ProtocolMetaData deploy(Archive<?> archive) throws DeploymentException {
        Logging.quietLibraries();
        Thread thread = Thread.currentThread();
        @Nullable ClassLoader before = thread.getContextClassLoader();
        try {
            Path folder = Folders.create("parley-war");
            File war = archive.as(ExplodedExporter.class).exportExploded(folder.toFile(), "war");
            Path classes = war.toPath().resolve("WEB-INF/classes");
            addWhatTheWarLeavesOut(classes);
            WarClassLoader loader = WarClassLoader.of(war.toPath(), ParleyContainer.class.getClassLoader());
            thread.setContextClassLoader(loader);
            AutoCloseable server = start(loader, settings(folder, war.toPath()));
            deployed.put(archive.getName(), new Deployed(server, loader, folder));
            URI uri = (URI) server.getClass().getMethod("uri").invoke(server);
            return new ProtocolMetaData()
                    .addContext(new HTTPContext(uri.getHost(), uri.getPort()).add(new Servlet("parley", "")));
        } catch (IOException | ReflectiveOperationException e) {
            throw new DeploymentException("The server of " + archive.getName() + " does not start", e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** The WAR has classes of its own, so the server is another class than the test's. */
    private static AutoCloseable start(ClassLoader loader, Map<String, String> settings)
            throws ReflectiveOperationException {
        return (AutoCloseable) loader.loadClass(StandaloneServer.class.getName())
                .getMethod("start", Map.class)
                .invoke(null, settings);
    }

    @Override
    public void undeploy(Archive<?> archive) throws DeploymentException {
        @Nullable Deployed gone = deployed.remove(archive.getName());
        if (gone == null) {
            return;
        }
        try {
            gone.server().close();
            gone.loader().close();
            Folders.delete(gone.folder());
        } catch (Exception e) {
            throw new DeploymentException("The server of " + archive.getName() + " does not stop", e);
        }
    }

    /** What a server's MicroProfile Config would read of the application, and where the rest is. */
    private static Map<String, String> settings(Path folder, Path war) throws IOException {
        Properties properties = new Properties();
        Path file = war.resolve("WEB-INF/classes").resolve(SETTINGS);
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
        }
        Map<String, String> settings = new HashMap<>();
        properties.forEach((key, value) -> settings.put(key.toString(), value.toString()));
        settings.put("parley.port", "0");
        settings.put("parley.data", folder.resolve("data").toString());
        settings.put("parley.web", war.toString());
        return settings;
    }

    /** The standalone server, which no application server needs; and all of Parley, where the WAR lies over nothing. */
    private static void addWhatTheWarLeavesOut(Path classes) throws IOException, DeploymentException {
        for (Path source : Set.copyOf(List.of(sourceOf(StandaloneServer.class), sourceOf(ParleyClient.class)))) {
            if (Files.isDirectory(source)) {
                addMissing(source, classes);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(source)) {
                    addMissing(jar.getPath("/"), classes);
                }
            }
        }
    }

    private static Path sourceOf(Class<?> type) throws DeploymentException {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new DeploymentException("Nobody knows where " + type + " is from", e);
        }
    }

    private static void addMissing(Path source, Path classes) throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = source.relativize(file).toString().replace('\\', '/');
                Path target = classes.resolve(name);
                if (!OF_THE_JAR.matcher(name).matches() && !Files.exists(target)) {
                    Files.createDirectories(target.resolveSibling("."));
                    Files.copy(file, target);
                }
            }
        }
    }
}
