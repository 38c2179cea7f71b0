package dev.parley.standalone;

import dev.parley.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server whose team's classes are those of the moment: when they change, it stops and starts with them in the same
 * process, on the same log and port. Only the team's classes are loaded anew, so it takes less than a start. Where they do
 * not start, it says why and waits for the next change.
 */
final class DevServer implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(DevServer.class.getName());

    /** Nobody else is to be spared here: all clients go at once, and are back at once. */
    private static final Map<String, String> SOON = Map.of("parley.drain.spread", "0s", "parley.drain.wait", "1s");

    private final Function<Map<String, String>, Settings> settings;
    private final WatchedClasses classes;
    private final Consumer<String> out;
    private final Map<String, String> first = new HashMap<>(SOON);

    private volatile @Nullable Generation current;
    private boolean closed;

    /** A server with the classes it was started with, and where these are. */
    private record Generation(StandaloneServer server, URLClassLoader loader, Path folder) {
        void end() {
            server.close();
            release(loader, folder);
        }
    }

    /**
     * @param settings as they are given on the command line, behind those that it is called with
     * @param out is told each start, and why there is none, a line each
     */
    DevServer(Function<Map<String, String>, Settings> settings, WatchedClasses classes, Consumer<String> out) {
        this.settings = settings;
        this.classes = classes;
        this.out = out;
    }

    /** Starts, and starts anew with each change, until this is closed or the thread is interrupted. */
    void run() throws InterruptedException {
        WatchedClasses.State state = classes.state();
        start(System.nanoTime());
        while (!isClosed()) {
            state = classes.awaitChange(state);
            long began = System.nanoTime();
            end();
            start(began);
        }
    }

    /** The server that runs; empty while there is none. */
    Optional<StandaloneServer> server() {
        return Optional.ofNullable(current).map(Generation::server);
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void start(long began) {
        if (closed) {
            return;
        }
        try {
            Generation started = generation();
            current = started;
            if (first.putIfAbsent(
                            "parley.port", Integer.toString(started.server().port()))
                    == null) {
                StartupBanner.of(started.server()).forEach(out);
            }
            UnmarkedArchives.warn(classes.roots());
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            out.accept(
                    String.format(Locale.ROOT, "Runs with the classes of %s, after %d ms", roots(), took.toMillis()));
        } catch (RuntimeException | LinkageError e) {
            LOGGER.log(System.Logger.Level.WARNING, "The server does not start with these classes", e);
            out.accept("Does not run: " + e.getMessage() + " It is tried again when the classes change.");
        }
    }

    private String roots() {
        return String.join(", ", classes.roots().stream().map(Path::toString).toList());
    }

    private Generation generation() {
        Path folder = newFolder();
        URLClassLoader loader = loader(folder);
        Thread thread = Thread.currentThread();
        @Nullable ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            StandaloneServer server = StandaloneServer.start(settings.apply(first), Additions.from(loader));
            return new Generation(server, loader, folder);
        } catch (RuntimeException | LinkageError e) {
            release(loader, folder);
            throw e;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private TeamClassLoader loader(Path folder) {
        try {
            List<Path> copies = classes.copyTo(folder);
            URL[] urls = new URL[copies.size()];
            for (int i = 0; i < urls.length; i++) {
                urls[i] = url(copies.get(i));
            }
            return new TeamClassLoader(urls, classes.roots(), DevServer.class.getClassLoader());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URL url(Path path) throws MalformedURLException {
        return path.toUri().toURL();
    }

    private synchronized void end() {
        @Nullable Generation ending = current;
        current = null;
        if (ending != null) {
            ending.end();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        end();
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory("parley-dev");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void release(URLClassLoader loader, Path folder) {
        try (loader;
                Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.WARNING, "The copy of the classes of before cannot be removed", e);
        }
    }
}
