package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Identity;
import dev.parley.api.PublishFilter;
import dev.parley.protocol.Body;
import dev.parley.settings.Settings;
import dev.parley.testing.CapturedLogs;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Vetoed;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerApplicationConfig;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What of a team's jars is found, and what is passed over with a word. */
@Timeout(60)
class FoundClassesTest {
    private static final String MARK = "META-INF/beans.xml";

    private final CapturedLogs logs = new CapturedLogs();

    @TempDir
    private Path folder;

    @AfterEach
    void end() {
        logs.close();
    }

    /** Bears no annotation, as nothing in its jar does. */
    public static class Programmed extends Endpoint {
        @Override
        public void onOpen(Session session, EndpointConfig config) {
            var unused = session.getAsyncRemote().sendText("programmed");
        }
    }

    public static class Deployment implements ServerApplicationConfig {
        @Override
        public Set<ServerEndpointConfig> getEndpointConfigs(Set<Class<? extends Endpoint>> endpoints) {
            return Set.of(ServerEndpointConfig.Builder.create(Programmed.class, "/programmed")
                    .build());
        }

        @Override
        public Set<Class<?>> getAnnotatedEndpointClasses(Set<Class<?>> scanned) {
            return scanned;
        }
    }

    @ServerEndpoint("/annotated")
    public static class Annotated {
        @OnMessage
        public String answer(String text) {
            return text;
        }
    }

    public abstract static class Filter implements PublishFilter {
        @Override
        public String namespace() {
            return "orders";
        }

        @Override
        public Body filter(Identity from, String channel, Body body) {
            return body;
        }
    }

    public static class Scopeless extends Filter {}

    @Vetoed
    public static class Put extends Filter {}

    @ApplicationScoped
    public static class Scoped extends Filter {}

    @Test
    void a_jar_of_programmed_endpoints_alone_is_found() throws Exception {
        try (URLClassLoader loader = loader(jar(true, Programmed.class, Deployment.class));
                StandaloneServer server = start(loader)) {
            RecordingWebSocket client = new RecordingWebSocket(server.webSocket("/programmed"));
            assertThat(client.next()).isEqualTo("programmed");
            client.socket.abort();
        }
    }

    @Test
    void what_is_to_be_asked_and_has_no_scope_is_named() throws Exception {
        try (URLClassLoader loader = loader(jar(true, Filter.class, Scopeless.class, Put.class, Scoped.class));
                StandaloneServer server = start(loader)) {
            assertThat(server.port()).isPositive();
        }
        assertThat(warnings()).singleElement().asString().contains(Scopeless.class.getName(), "@ApplicationScoped");
    }

    @Test
    void a_jar_without_its_mark_is_named() throws Exception {
        Path unmarked = jar(false, Annotated.class, Scoped.class, Programmed.class);
        UnmarkedArchives.warn(List.of(unmarked, jar(true, Annotated.class), jar(false, Programmed.class)));
        assertThat(warnings())
                .singleElement()
                .asString()
                .contains(unmarked.toString(), MARK, Annotated.class.getName())
                .doesNotContain(Programmed.class.getName());
    }

    @Test
    void no_library_of_ours_is_named() {
        UnmarkedArchives.warn(UnmarkedArchives.classPath(StandaloneServer.class.getClassLoader()).stream()
                .filter(Files::isRegularFile)
                .toList());
        assertThat(warnings()).isEmpty();
    }

    private List<String> warnings() {
        return logs.shown().stream()
                .filter(line ->
                        line.startsWith(UnmarkedArchives.class.getName()) || line.startsWith(Discovery.class.getName()))
                .toList();
    }

    private StandaloneServer start(ClassLoader loader) {
        Settings settings = StandaloneSettings.read(
                Map.of(
                        "parley.port", "0",
                        "parley.management.port", "0",
                        "parley.drain.spread", "0s",
                        "parley.data", folder.resolve("data").toString()),
                Optional.empty());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return StandaloneServer.start(settings, Additions.from(loader));
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URLClassLoader loader(Path jar) throws Exception {
        return new TeamClassLoader(new URL[] {jar.toUri().toURL()}, List.of(), FoundClassesTest.class.getClassLoader());
    }

    private Path jar(boolean marked, Class<?>... classes) throws Exception {
        Path jar = Files.createTempFile(folder, "team", ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            if (marked) {
                out.putNextEntry(new JarEntry(MARK));
            }
            List<Class<?>> all = new ArrayList<>(List.of(classes));
            all.add(FoundClassesTest.class); // who looks at nested classes asks for that which they are in
            for (Class<?> type : all) {
                String file = type.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(file));
                try (var in = type.getClassLoader().getResourceAsStream(file)) {
                    in.transferTo(out);
                }
            }
        }
        return jar;
    }
}
