package dev.parley.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A team's classes from copies of where they are watched, and from nowhere else: where those folders and jars are on the class
 * path too, as in a run by Maven, what is there is of the start, and would be found twice.
 */
final class TeamClassLoader extends URLClassLoader {
    private final List<String> watched;

    /** @param watched the folders and jars that the URLs are copies of */
    TeamClassLoader(URL[] urls, List<Path> watched, ClassLoader parent) {
        super("team", urls, parent);
        this.watched = watched.stream()
                .map(TeamClassLoader::address)
                .flatMap(root -> Stream.of(root + "/", root + "!"))
                .toList();
    }

    /** As class loaders write it, without a slash at its end. */
    private static String address(Path root) {
        try {
            String address = root.toAbsolutePath().normalize().toUri().toURL().toString();
            return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (findResource(name.replace('.', '/') + ".class") == null) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            @Nullable Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Override
    public @Nullable URL getResource(String name) {
        @Nullable URL own = findResource(name);
        return own == null ? super.getResource(name) : own;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> shared = Collections.list(getParent().getResources(name));
        return Collections.enumeration(Stream.concat(
                        Collections.list(findResources(name)).stream(),
                        shared.stream().filter(url -> watched.stream().noneMatch(url.toString()::contains)))
                .toList());
    }
}
