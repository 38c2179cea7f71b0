package dev.parley.browser;

import com.microsoft.playwright.Browser;
import dev.parley.clients.ChannelsClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A Chromium, and the server whose page it opens: for all tests of a class where the field that registers it is static,
 * else for each test anew.
 */
final class BrowserExtension implements BeforeAllCallback, BeforeEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(BrowserExtension.class);

    private final Settings settings;
    private Running running;

    /** The server's further settings, which may name files of a folder that goes with the server. */
    interface Settings {
        Map<String, String> in(Path folder) throws IOException;
    }

    private BrowserExtension(Settings settings) {
        this.settings = settings;
    }

    static BrowserExtension create() {
        return with(Map.of());
    }

    static BrowserExtension with(Map<String, String> settings) {
        return with(folder -> settings);
    }

    static BrowserExtension with(Settings settings) {
        return new BrowserExtension(settings);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        start(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        start(context);
    }

    /** A test's store shows what its class's holds, and closes only what it holds itself. */
    private void start(ExtensionContext context) {
        running = context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(Running.class, type -> Running.start(settings), Running.class);
    }

    PageServer server() {
        return running.server;
    }

    URI page() {
        return running.server.page();
    }

    /** Somebody with a browser of their own, looking at the server's page. */
    PageUser user() {
        return running.chromium.user(page());
    }

    PageUser user(Browser.NewContextOptions options) {
        return running.chromium.user(page(), options);
    }

    /** Somebody without a browser. */
    ChannelsClient speaker(String name) throws Exception {
        return running.server.speaker(name);
    }

    private record Running(Path folder, PageServer server, Chromium chromium) implements AutoCloseable {
        static Running start(Settings settings) {
            try {
                Path folder = Files.createTempDirectory("parley-browser");
                PageServer server = PageServer.start(folder.resolve("data"), settings.in(folder));
                return beside(server, folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Running beside(PageServer server, Path folder) {
            try {
                return new Running(folder, server, Chromium.start());
            } catch (RuntimeException e) {
                server.close();
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            chromium.close();
            List<Path> files;
            try (Stream<Path> found = Files.walk(folder)) {
                files = found.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }
}
