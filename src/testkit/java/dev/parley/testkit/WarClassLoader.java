package dev.parley.testkit;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A WAR's classes from the WAR and from nowhere else, though they are on the tests' class path too; libraries from there, and
 * those that are not, from the WAR. Beans are looked for in the WAR alone.
 */
final class WarClassLoader extends URLClassLoader {
    private static final String BEANS = "META-INF/beans.xml";

    private final Path classes;

    private WarClassLoader(Path classes, List<URL> urls, ClassLoader parent) {
        super(urls.toArray(URL[]::new), parent);
        this.classes = classes;
    }

    /** @param war unpacked */
    static WarClassLoader of(Path war, ClassLoader parent) throws IOException {
        Path classes = war.resolve("WEB-INF/classes");
        List<URL> urls = new ArrayList<>(List.of(classes.toUri().toURL()));
        Path libraries = war.resolve("WEB-INF/lib");
        if (Files.isDirectory(libraries)) {
            try (Stream<Path> jars = Files.list(libraries)) {
                for (Path jar : jars.sorted().toList()) {
                    urls.add(jar.toUri().toURL());
                }
            }
        }
        return new WarClassLoader(classes, urls, parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!isOfTheWar(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            @Nullable Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    /** So is what CDI makes of one of its classes, which another server in this process may have made of its own. */
    private boolean isOfTheWar(String name) {
        int inner = name.indexOf('$');
        String outermost = inner < 0 ? name : name.substring(0, inner);
        return Files.exists(classes.resolve(outermost.replace('.', '/') + ".class"));
    }

    @Override
    public @Nullable URL getResource(String name) {
        return Files.exists(classes.resolve(name)) ? findResource(name) : super.getResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        if (name.equals(BEANS)) {
            return findResources(name);
        }
        if (Files.exists(classes.resolve(name))) {
            @Nullable URL own = findResource(name);
            return Collections.enumeration(own == null ? List.of() : List.of(own));
        }
        Enumeration<URL> shared = getParent().getResources(name);
        return shared.hasMoreElements() ? shared : findResources(name);
    }
}
