package dev.parley.testkit;

import dev.parley.standalone.UnmarkedArchives;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Folders of a build, such as {@code target/classes}, in which nothing is found: that is told once. */
final class UnmarkedFolders {
    private static final Set<Path> LOOKED_AT = ConcurrentHashMap.newKeySet();

    private UnmarkedFolders() {}

    /** Looks through those on the class path; the tests' own classes are given by hand, so theirs needs no file. */
    static void warn(Class<?> test) {
        @Nullable Path own = folder(test);
        UnmarkedArchives.warn(UnmarkedArchives.classPath(test.getClassLoader()).stream()
                .map(Path::toAbsolutePath)
                .filter(path -> Files.isDirectory(path) && !path.equals(own) && LOOKED_AT.add(path))
                .toList());
    }

    private static @Nullable Path folder(Class<?> test) {
        @Nullable CodeSource source = test.getProtectionDomain().getCodeSource();
        try {
            return source == null ? null : Path.of(source.getLocation().toURI());
        } catch (URISyntaxException | IllegalArgumentException e) { // it is of no folder
            return null;
        }
    }
}
