package dev.parley.standalone;

import dev.parley.api.ChannelPolicy;
import dev.parley.api.Identities;
import dev.parley.api.PublishFilter;
import jakarta.websocket.server.ServerEndpoint;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Jars and folders that hold a team's classes and no {@code META-INF/beans.xml}, so that nothing in them is found. They are
 * told, since all else would look as if the classes were not there.
 */
public final class UnmarkedArchives {
    private static final System.Logger LOGGER = System.getLogger(UnmarkedArchives.class.getName());
    private static final String MARK = "META-INF/beans.xml";
    private static final String CLASS = ".class";
    private static final int NAMED = 3;

    /** What stands in a class that is annotated as an endpoint (JVMS, sections 4.4.7 and 4.7.16). */
    private static final List<String> ANNOTATED =
            List.of(constant(ServerEndpoint.class.descriptorString()), constant("RuntimeVisibleAnnotations"));

    /** And in one that implements what the server asks. */
    private static final List<String> IMPLEMENTED = List.of(
            constant(PublishFilter.class.getName().replace('.', '/')),
            constant(ChannelPolicy.class.getName().replace('.', '/')),
            constant(Identities.class.getName().replace('.', '/')));

    private UnmarkedArchives() {}

    /** Looks through the whole class path, on a thread of its own: that takes a moment, which nobody has to wait for. */
    static void lookLater(ClassLoader loader) {
        Thread looking = new Thread(() -> warn(classPath(loader)), "parley-unmarked");
        looking.setDaemon(true);
        looking.start();
    }

    /** The jars and folders that a loader and those above it load from. */
    public static Set<Path> classPath(ClassLoader loader) {
        Set<Path> archives = new LinkedHashSet<>();
        for (@Nullable ClassLoader next = loader; next != null; next = next.getParent()) {
            if (next instanceof URLClassLoader urls) {
                Stream.of(urls.getURLs()).flatMap(UnmarkedArchives::file).forEach(archives::add);
            }
        }
        Stream.of(System.getProperty("java.class.path", "").split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .forEach(archives::add);
        return archives;
    }

    private static Stream<Path> file(URL url) {
        return "file".equals(url.getProtocol()) ? Stream.of(Path.of(URI.create(url.toString()))) : Stream.empty();
    }

    /** Looks through some of them. */
    public static void warn(Iterable<Path> archives) {
        for (Path archive : archives) {
            List<String> classes = passedOver(archive);
            if (!classes.isEmpty()) {
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "{0} has no {1}, so nothing in it is found: {2}",
                        archive,
                        MARK,
                        summary(classes));
            }
        }
    }

    private static String summary(List<String> classes) {
        String named = String.join(", ", classes.subList(0, Math.min(NAMED, classes.size())));
        return classes.size() > NAMED ? named + " and " + (classes.size() - NAMED) + " more" : named;
    }

    /** The team's classes in it, if CDI does not look through it. */
    private static List<String> passedOver(Path archive) {
        try {
            if (Files.isDirectory(archive)) {
                return in(archive);
            }
            if (!Files.isRegularFile(archive)) {
                return List.of();
            }
            try (FileSystem jar = FileSystems.newFileSystem(archive)) {
                return in(jar.getPath("/"));
            }
        } catch (IOException | RuntimeException e) { // no archive, or none that can be read
            LOGGER.log(System.Logger.Level.DEBUG, "Not looked through: " + archive, e);
            return List.of();
        }
    }

    private static List<String> in(Path root) throws IOException {
        if (Files.exists(root.resolve(MARK))) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> classes =
                    files.filter(file -> file.toString().endsWith(CLASS)).toList();
            Stream.Builder<String> found = Stream.builder();
            for (Path file : classes) {
                String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                if (ANNOTATED.stream().allMatch(content::contains)
                        || IMPLEMENTED.stream().anyMatch(content::contains)) {
                    found.add(name(root.relativize(file)));
                }
            }
            return found.build().sorted().toList();
        }
    }

    private static String name(Path file) {
        String path = file.toString().replace(file.getFileSystem().getSeparator(), ".");
        return path.substring(0, path.length() - CLASS.length());
    }

    /** A text as it stands in a class file's pool of constants: a tag, its length in two bytes, its characters. */
    private static String constant(String text) {
        return "\u0001" + (char) (text.length() >> Byte.SIZE) + (char) (text.length() & 0xFF) + text;
    }
}
