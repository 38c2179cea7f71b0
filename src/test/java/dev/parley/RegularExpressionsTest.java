package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Java's regular expressions go back, and call themselves, once for each repetition of a group: what is long enough then takes
 * minutes, or the stack. So none of the server's repeats a group; what would need one is read by hand.
 */
class RegularExpressionsTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\\\n]|\\\\.)*+\"");
    private static final Pattern USE =
            Pattern.compile("Pattern\\s*\\.compile\\(|\\.matches\\(|\\.replaceAll\\(|\\.replaceFirst\\(|\\.split\\(");

    /** After a group, repeated without an end or more than once. */
    private static final Pattern REPEATED_GROUP = Pattern.compile("(?<!\\\\)\\)[*+{]");

    @Test
    void none_repeats_a_group() throws IOException {
        List<String> found = new ArrayList<>();
        List<String> looked = new ArrayList<>();
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            for (Path source :
                    sources.filter(file -> file.toString().endsWith(".java")).toList()) {
                for (String expression : expressions(Files.readString(source))) {
                    looked.add(expression);
                    if (REPEATED_GROUP.matcher(expression).find()) {
                        found.add(source.getFileName() + ": " + expression);
                    }
                }
            }
        }
        assertThat(looked).as("that there are").hasSizeGreaterThan(20);
        assertThat(found).isEmpty();
    }

    /** What stands in quotes in a statement that uses one, joined. */
    private static List<String> expressions(String source) {
        return USE.matcher(source)
                .results()
                .map(use -> source.substring(use.end(), source.indexOf(';', use.end())))
                .map(statement -> String.join(
                        "",
                        STRING.matcher(statement)
                                .results()
                                .map(string -> string.group()
                                        .substring(1, string.group().length() - 1))
                                .toList()))
                .filter(expression -> !expression.isEmpty())
                .toList();
    }
}
