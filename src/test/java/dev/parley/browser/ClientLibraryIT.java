package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The browser client by itself: its modules need no browser to be tried. */
@Timeout(300)
class ClientLibraryIT {
    private static final Path CLIENT =
            Path.of("src", "main", "webapp", "client").toAbsolutePath();
    private static final int LARGEST = 10 * 1024;

    @Test
    @Needs(Needs.Program.NODE)
    void it_keeps_its_place_whatever_the_server_does() throws Exception {
        // None found would be none failed
        assertThat(Npm.run(Npm.SOURCES, "node", "--test", "--test-reporter=tap"))
                .containsPattern("(?m)^# pass [1-9]\\d+$")
                .contains("# fail 0\n", "# cancelled 0\n", "# skipped 0\n", "# todo 0\n");
    }

    /** As README says. */
    @Test
    @Needs({Needs.Program.NODE, Needs.Program.NPM})
    void it_is_small() throws Exception {
        String entry = CLIENT.resolve("parley.js").toString();
        int size = Integer.parseInt(
                Npm.run(Npm.installed(), "node", "size.mjs", entry).strip());
        Figures.print("browser client: " + size + " bytes, minified and gzipped, with all transports");
        assertThat(size).isLessThan(LARGEST);
    }

    /** Whoever builds with npm has it as a package, with types. */
    @Test
    @Needs({Needs.Program.NODE, Needs.Program.NPM})
    void it_can_be_published(@TempDir Path folder) throws Exception {
        try (Stream<Path> files = Files.list(CLIENT)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Npm.run(folder, "npm", "pack", "--prefer-offline", "--silent");
        Path user = Files.createDirectories(folder.resolve("user"));
        Files.writeString(user.resolve("package.json"), "{\"type\":\"module\"}");
        Files.writeString(user.resolve("use.mjs"), """
                import { newKey, Parley } from 'parley-client';
                import { isAfter } from 'parley-client/position.js';
                console.log(typeof Parley, newKey().length, newKey() === newKey(), isAfter('e:2', 'e:1'));
                """);
        Files.writeString(user.resolve("use.ts"), """
                import {
                  type ChannelState, type Member, newKey, Parley, type ParleyOptions, type Position, type Progress,
                  type PublishOptions, type TokenSource, type TransportFactory, type TransportName,
                } from 'parley-client';
                const transports: TransportName[] = ['polling'];
                const token: TokenSource = () => 'token';
                const options: ParleyOptions = { transports, token, fetch, WebSocket };
                export const custom = (transport: TransportFactory): ParleyOptions => ({ transport });
                const publishing: PublishOptions = { key: newKey(), onprogress: ({ sent }: Progress) => sent };
                export const published = (parley: Parley): Promise<Position> =>
                  parley.channel('chat.lobby').publish({ text: 'hi' }, publishing);
                export const members = (parley: Parley): Member[] => parley.channel('chat.lobby').presence.members;
                export const state = (parley: Parley): ChannelState => parley.channel('chat.lobby').state;
                export const name: string | undefined = new Parley('channels', options).name;
                """);
        Npm.run(
                user,
                "npm",
                "install",
                "--no-audit",
                "--no-fund",
                "--offline",
                tarball(folder).toString());

        assertThat(Npm.run(user, "node", "use.mjs")).isEqualTo("function 32 false true\n");
        Npm.run(
                user,
                compiler(),
                "--noEmit",
                "--strict",
                "--module",
                "esnext",
                "--moduleResolution",
                "bundler",
                "use.ts");
        String version = tarball(folder).getFileName().toString().replaceAll("parley-client-|\\.tgz", "");
        assertThat(System.getProperty("parley.build.version").replace("-SNAPSHOT", ""))
                .isEqualTo(version);
    }

    private static Path tarball(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".tgz"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String compiler() throws Exception {
        return Npm.installed()
                .resolve(Path.of("node_modules", ".bin", "tsc"))
                .toAbsolutePath()
                .toString();
    }

    @Test
    @Needs({Needs.Program.NODE, Needs.Program.NPM})
    void its_types_hold() throws Exception {
        Npm.run(Npm.SOURCES, compiler(), "--project", "tsconfig.json");
    }
}
