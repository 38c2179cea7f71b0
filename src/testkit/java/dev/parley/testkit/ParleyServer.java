package dev.parley.testkit;

import dev.parley.api.Channels;
import dev.parley.client.ClientOptions;
import dev.parley.client.ParleyClient;
import dev.parley.settings.SettingException;
import dev.parley.settings.Settings;
import dev.parley.standalone.Additions;
import dev.parley.standalone.Logging;
import dev.parley.standalone.StandaloneServer;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * A standalone server in the tests' process, on any free port of the loopback address, with a log of its own in a folder
 * that goes with it. {@link ParleyTest} starts one for a class; by itself it is
 *
 * <pre>{@code
 * try (ParleyServer server = ParleyServer.start(Map.of("parley.auth.guests", "false"));
 *         TestSocket desk = server.socketAs("/orders/london", "ann", "trader")) {
 *     …
 * }
 * }</pre>
 *
 * <p>Its settings are those given, and those of {@code META-INF/microprofile-config.properties}; what the environment or
 * system properties say is for other servers. Thread-safe.
 */
public final class ParleyServer implements AutoCloseable {
    private static final String OWN_SETTINGS = "META-INF/microprofile-config.properties";
    private static final int ORDINAL = 100;

    /** Nobody who is told to come back has to be waited for, and what is too old shall be gone soon. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "parley.host", "127.0.0.1",
            "parley.port", "0",
            "parley.management.port", "0",
            "parley.drain.spread", "0s",
            "parley.drain.wait", "1s",
            "parley.log.trim-interval", "100ms");

    private final Path folder;
    private final Map<String, String> settings;
    private final List<Class<?>> classes;
    private final TestClock clock = new TestClock();
    private final TestTokens tokens;
    private StandaloneServer server;

    private ParleyServer(Path folder, Map<String, String> settings, Class<?>... classes) {
        this.folder = folder;
        this.settings = settings;
        this.classes = List.of(classes);
        this.tokens = new TestTokens(settings);
        this.server = started();
    }

    /**
     * Starts; when this returns, clients are served.
     *
     * @param settings go before those of {@code META-INF/microprofile-config.properties}
     * @param classes endpoints and beans that stand in no folder or jar with a {@code META-INF/beans.xml}
     * @throws dev.parley.standalone.StartException when it cannot
     * @throws SettingException when a setting cannot be, or one of those given is none
     */
    public static ParleyServer start(Map<String, String> settings, Class<?>... classes) {
        Logging.quietLibraries();
        Path folder = Folders.create("parley-test");
        try {
            Map<String, String> all = new HashMap<>(DEFAULTS);
            all.put("parley.data", folder.toString());
            all.putAll(settingsOfTheApplication());
            all.putAll(settings);
            TestTokens.addSecret(all);
            requireKnown(settings, read(all));
            return new ParleyServer(folder, all, classes);
        } catch (RuntimeException | Error e) {
            Folders.delete(folder);
            throw e;
        }
    }

    /** What a test asks for and does not get would make it a test of something else. */
    private static void requireKnown(Map<String, String> asked, Settings all) {
        List<String> unknown = all.unknown().stream().filter(asked::containsKey).toList();
        if (!unknown.isEmpty()) {
            throw new SettingException("There is no setting " + String.join(", nor ", unknown) + ".");
        }
    }

    private StandaloneServer started() {
        ClassLoader loader = Optional.ofNullable(Thread.currentThread().getContextClassLoader())
                .orElse(ParleyServer.class.getClassLoader());
        return StandaloneServer.start(read(settings), new Additions(classes, Optional.of(clock), loader));
    }

    /** Stops and starts on the same log, at the same port: clients are told to come back, and do. */
    public synchronized void restart() {
        settings.put("parley.port", Integer.toString(server.port()));
        server.close();
        server = started();
    }

    private static Settings read(Map<String, String> settings) {
        return Settings.read(new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(settings, "test", ORDINAL))
                .build());
    }

    private static Map<String, String> settingsOfTheApplication() {
        Map<String, String> settings = new HashMap<>();
        try {
            for (URL file : Collections.list(ParleyServer.class.getClassLoader().getResources(OWN_SETTINGS))) {
                Properties properties = new Properties();
                try (InputStream in = file.openStream()) {
                    properties.load(in);
                }
                properties.forEach((key, value) -> settings.putIfAbsent(key.toString(), value.toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return settings;
    }

    /** Where its paths begin. */
    public URI uri() {
        return server().uri();
    }

    /** The address of an endpoint, whose path begins with a slash. */
    public URI webSocket(String path) {
        return server().webSocket(path);
    }

    /** The one bean of this type: a team's own, or what is injected into those. */
    public <T> T bean(Class<T> type) {
        return server().bean(type);
    }

    /** What a channel holds. */
    public ChannelContents channel(String name) {
        return new ChannelContents(bean(Channels.class), name);
    }

    public TestClock clock() {
        return clock;
    }

    public TestTokens tokens() {
        return tokens;
    }

    /** A guest's client, which is to be closed. */
    public ParleyClient client() {
        return client(Optional.empty());
    }

    /** A user's client, which is to be closed. */
    public ParleyClient clientAs(String user, String... roles) {
        return client(Optional.of(tokens.of(user, roles)));
    }

    ParleyClient client(Optional<String> token) {
        ClientOptions options = ClientOptions.to(webSocket("/channels"));
        return new ParleyClient(token.map(text -> options.withToken(() -> text)).orElse(options));
    }

    /**
     * A guest's WebSocket to an endpoint, which is to be closed.
     *
     * @throws RefusedHandshake when the server does not open it
     */
    public TestSocket socket(String path) {
        return socket(path, Optional.empty(), List.of());
    }

    /**
     * A user's WebSocket to an endpoint, which is to be closed.
     *
     * @throws RefusedHandshake when the server does not open it
     */
    public TestSocket socketAs(String path, String user, String... roles) {
        return socket(path, Optional.of(tokens.of(user, roles)), List.of());
    }

    TestSocket socket(String path, Optional<String> token, List<String> subprotocols) {
        return TestSocket.open(webSocket(path), token, subprotocols);
    }

    /** A guest over HTTP. */
    public TestHttp http() {
        return http(Optional.empty());
    }

    /** A user over HTTP. */
    public TestHttp httpAs(String user, String... roles) {
        return http(Optional.of(tokens.of(user, roles)));
    }

    TestHttp http(Optional<String> token) {
        return new TestHttp(uri(), token);
    }

    private synchronized StandaloneServer server() {
        return server;
    }

    /** Stops, and removes the log. */
    @Override
    public void close() {
        server().close();
        Folders.delete(folder);
    }
}
