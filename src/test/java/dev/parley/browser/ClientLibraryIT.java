package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The browser client by itself: its modules need no browser to be tried. */
@Timeout(300)
class ClientLibraryIT {
    private static final Path CLIENT =
            Path.of("src", "main", "webapp", "client").toAbsolutePath();
    private static final int LARGEST = 10 * 1024;
    private static final int LARGEST_IN_ALL = 15 * 1024 + 512;

    @Test
    @Needs(Needs.Program.NODE)
    void it_keeps_its_place_whatever_the_server_does() throws Exception {
        // None found would be none failed
        assertThat(Npm.run(Npm.SOURCES, "node", "--test", "--test-reporter=tap"))
                .containsPattern("(?m)^# pass [1-9]\\d+$")
                .contains("# fail 0\n", "# cancelled 0\n", "# skipped 0\n", "# todo 0\n");
    }

    /**
     * As README says. What a page needs before its WebSocket opens is what everybody waits for. The rest is loaded where it
     * is used, in modules of their own, which compress worse than one would: so the second number is for what is in them,
     * not for how they are cut.
     */
    @Test
    @Needs({Needs.Program.NODE, Needs.Program.NPM})
    void it_is_small() throws Exception {
        String entry = CLIENT.resolve("parley.js").toString();
        String[] sizes =
                Npm.run(Npm.installed(), "node", "size.mjs", entry).strip().split(" ", -1);
        Figures.print("browser client, minified and gzipped: " + sizes[0] + " bytes for a WebSocket, " + sizes[1]
                + " with all transports and all that is loaded on demand");
        assertThat(Integer.parseInt(sizes[0])).isLessThan(LARGEST);
        assertThat(Integer.parseInt(sizes[1])).isLessThan(LARGEST_IN_ALL);
    }

    /** Whoever builds with npm has it as a package, with types. */
    @Test
    @Needs({Needs.Program.NODE, Needs.Program.NPM})
    void it_can_be_published(@TempDir Path folder) throws Exception {
        Path user = install(folder);
        Files.writeString(user.resolve("use.mjs"), """
                import { newKey, Parley } from 'parley-client';
                import { isAfter } from 'parley-client/position.js';
                console.log(typeof Parley, newKey().length, newKey() === newKey(), isAfter('e:2', 'e:1'));
                """);

        assertThat(Npm.run(user, "node", "use.mjs")).isEqualTo("function 32 false true\n");
        String version = tarball(folder).getFileName().toString().replaceAll("parley-client-|\\.tgz", "");
        assertThat(System.getProperty("parley.build.version").replace("-SNAPSHOT", ""))
                .isEqualTo(version);
        Path installed = user.resolve(Path.of("node_modules", "parley-client"));
        assertThat(installed.resolve("README.md")).content().contains("SPDX-License-Identifier: Apache-2.0");
        assertThat(installed.resolve("package.json")).content().contains("\"license\": \"Apache-2.0\"");
    }

    /** Whichever way a user's compiler looks for them: also as compilers before 2023 do. */
    @ParameterizedTest
    @CsvSource({"typescript, bundler, esnext", "typescript, nodenext, nodenext", "typescript-node10, node10, es2022"})
    @Needs({Needs.Program.NODE, Needs.Program.NPM})
    void its_types_are_found_and_strict(String compiler, String resolution, String module, @TempDir Path folder)
            throws Exception {
        Path user = install(folder);
        Files.copy(Npm.SOURCES.resolve(Path.of("types", "use.ts")), user.resolve("use.ts"));
        List<String> command =
                List.of("--noEmit", "--strict", "--target", "es2022", "--lib", "ES2022,DOM,DOM.Iterable");
        List<String> where = List.of("--moduleResolution", resolution, "--module", module, "use.ts");
        Npm.run(
                user,
                Stream.of(List.of("node", compiler(compiler)), command, where)
                        .flatMap(List::stream)
                        .toArray(String[]::new));
    }

    /** @return the folder of somebody who has installed what was packed in {@code folder} */
    private static Path install(Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(CLIENT)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = folder.resolve(CLIENT.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        Npm.run(folder, "npm", "pack", "--silent");
        Path user = Files.createDirectories(folder.resolve("user"));
        Files.writeString(user.resolve("package.json"), "{\"type\":\"module\"}");
        Npm.run(
                user,
                "npm",
                "install",
                "--no-audit",
                "--no-fund",
                "--offline",
                tarball(folder).toString());
        return user;
    }

    private static Path tarball(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".tgz"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String compiler(String name) throws Exception {
        return Npm.installed()
                .resolve(Path.of("node_modules", name, "bin", "tsc"))
                .toAbsolutePath()
                .toString();
    }

    @Test
    @Needs({Needs.Program.NODE, Needs.Program.NPM})
    void its_types_hold() throws Exception {
        Npm.run(Npm.SOURCES, "node", compiler("typescript"), "--project", "tsconfig.json");
    }
}
