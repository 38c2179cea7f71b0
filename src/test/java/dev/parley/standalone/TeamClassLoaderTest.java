package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a team's classes come from when they are on the class path as well. */
class TeamClassLoaderTest {
    private static final String NAME = TeamClassLoaderTest.class.getName() + "$Team";

    @TempDir
    private Path folder;

    /** In the part of a team. */
    static final class Team {}

    @Test
    void they_and_their_beans_come_from_the_copy_and_all_else_from_where_it_is() throws Exception {
        Path watched = classes("watched");
        Path copy = classes("copy");
        ClassLoader around = TeamClassLoaderTest.class.getClassLoader();
        try (URLClassLoader parent = new URLClassLoader(urls(watched), around);
                TeamClassLoader loader = new TeamClassLoader(urls(copy), List.of(watched), parent)) {
            assertThat(loader.loadClass(NAME).getClassLoader()).isSameAs(loader);
            assertThat(loader.loadClass(NAME)).isSameAs(loader.loadClass(NAME)).isNotSameAs(Team.class);
            assertThat(loader.loadClass(TeamClassLoaderTest.class.getName())).isSameAs(TeamClassLoaderTest.class);
            assertThat(Collections.list(loader.getResources("META-INF/beans.xml")))
                    .contains(url(copy.resolve("META-INF/beans.xml")))
                    .doesNotContain(url(watched.resolve("META-INF/beans.xml")))
                    .containsAll(Collections.list(around.getResources("META-INF/beans.xml")));
        }
    }

    private Path classes(String name) throws Exception {
        Path root = folder.resolve(name);
        String file = NAME.replace('.', '/') + ".class";
        Files.createDirectories(root.resolve("META-INF"));
        Files.createFile(root.resolve("META-INF/beans.xml"));
        Files.createDirectories(root.resolve(file).getParent());
        try (var in = TeamClassLoaderTest.class.getClassLoader().getResourceAsStream(file)) {
            Files.copy(in, root.resolve(file));
        }
        return root;
    }

    private static URL[] urls(Path root) throws Exception {
        return new URL[] {url(root)};
    }

    private static URL url(Path path) throws Exception {
        return path.toUri().toURL();
    }
}
