package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The index of the tests, in this package's {@code package-info}, against the files that are there. */
class TestIndexTest {
    private static final Path SOURCES = Path.of("src/test/java");
    private static final List<Path> TESTED = List.of(Path.of("src/main/java"), Path.of("src/testkit/java"));
    private static final Path INDEX = SOURCES.resolve("dev/parley/package-info.java");
    private static final Pattern CLASS = Pattern.compile("dev\\.parley(\\.[a-z0-9]+)*\\.[A-Z]\\w*");
    private static final Pattern PACKAGE = Pattern.compile("(?<=\\{@code )dev\\.parley\\.[a-z0-9]+(?=})");
    private static final Predicate<String> IS_TEST =
            Pattern.compile("(Test|IT)$").asPredicate();

    @Test
    void every_test_class_stands_in_the_index() throws IOException {
        assertThat(named(CLASS)).containsAll(classes(IS_TEST));
    }

    @Test
    void what_stands_in_the_index_is_there() throws IOException {
        assertThat(classes(name -> true)).containsAll(named(CLASS));
    }

    @Test
    void every_package_of_tests_alone_says_in_the_index_and_in_itself_what_it_is_for() throws IOException {
        Set<String> packages = named(PACKAGE);
        packages.removeIf(name -> isTested(Path.of(name.replace('.', '/'))));

        assertThat(packages).isEqualTo(packagesOfTestsAlone());
        assertThat(packages)
                .allSatisfy(name -> assertThat(
                                SOURCES.resolve(name.replace('.', '/')).resolve("package-info.java"))
                        .exists());
    }

    private static Set<String> named(Pattern pattern) throws IOException {
        return pattern.matcher(Files.readString(INDEX))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> classes(Predicate<String> which) throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.map(SOURCES::relativize)
                    .map(Path::toString)
                    .filter(file -> file.endsWith(".java"))
                    .map(file -> file.replace(".java", "").replace('/', '.'))
                    .filter(which)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> packagesOfTestsAlone() throws IOException {
        try (Stream<Path> folders = Files.list(SOURCES.resolve("dev/parley"))) {
            return folders.filter(Files::isDirectory)
                    .map(SOURCES::relativize)
                    .filter(folder -> !isTested(folder))
                    .map(folder -> folder.toString().replace('/', '.'))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static boolean isTested(Path folder) {
        return TESTED.stream().anyMatch(sources -> Files.exists(sources.resolve(folder)));
    }
}
