package dev.parley.browser;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The browser client by itself: its modules need no browser to be tried. */
@Timeout(300)
class ClientLibraryIT {
    @Test
    @Needs(Needs.Program.NODE)
    void itKeepsItsPlaceWhateverTheServerDoes() throws Exception {
        Npm.run(Npm.SOURCES, "node", "--test");
    }

    @Test
    @Needs({Needs.Program.NODE, Needs.Program.NPM})
    void itsTypesHold() throws Exception {
        Path packages = Npm.installed();
        Path compiler = packages.resolve(Path.of("node_modules", ".bin", "tsc")).toAbsolutePath();
        Npm.run(Npm.SOURCES, compiler.toString(), "--project", "tsconfig.json");
    }
}
