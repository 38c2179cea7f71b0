package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the manual and the README name of the code is there. */
class ManualTest {
    private static final Path CLASSES = Path.of("src/main/java/dev/parley");
    private static final Pattern QUALIFIED = Pattern.compile("(?<![\\w./-])([a-z]+)\\.([A-Z]\\w+)");
    private static final Pattern SIMPLE = Pattern.compile("`([A-Z]\\w+)`");

    /** Said in the table of names of what is no class of the server's. */
    private static final Set<String> OTHERS = Set.of("Channel", "TransportFallback", "Outbox", "RequestSlots");

    static List<Path> pages() throws IOException {
        try (Stream<Path> manual = Files.list(Path.of("src/site/markdown"))) {
            return Stream.concat(
                            manual.filter(page -> page.toString().endsWith(".md")), Stream.of(Path.of("README.md")))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void each_class_that_a_page_names_with_its_package_is_there(Path page) throws IOException {
        Set<String> packages = packages();
        Set<String> gone = new TreeSet<>();
        QUALIFIED
                .matcher(Files.readString(page))
                .results()
                .filter(name -> packages.contains(name.group(1)))
                .filter(name -> !Files.exists(CLASSES.resolve(name.group(1)).resolve(name.group(2) + ".java")))
                .forEach(name -> gone.add(name.group()));
        assertThat(gone).isEmpty();
    }

    @Test
    void each_class_that_the_table_of_names_has_is_there() throws IOException {
        Set<String> gone = new TreeSet<>();
        SIMPLE.matcher(Files.readString(Path.of("src/site/markdown/names.md")))
                .results()
                .map(name -> name.group(1))
                .filter(name -> !OTHERS.contains(name))
                .filter(name -> packages().stream()
                        .noneMatch(
                                folder -> Files.exists(CLASSES.resolve(folder).resolve(name + ".java"))))
                .forEach(gone::add);
        assertThat(gone).isEmpty();
    }

    private static Set<String> packages() {
        try (Stream<Path> folders = Files.list(CLASSES)) {
            return folders.map(folder -> folder.getFileName().toString()).collect(TreeSet::new, Set::add, Set::addAll);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
