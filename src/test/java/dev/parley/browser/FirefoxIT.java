package dev.parley.browser;

import dev.parley.clients.SampleImages;
import dev.parley.testing.Figures;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page in Firefox. Playwright drives only a Firefox of its own; so Node does, over WebDriver BiDi. */
@Timeout(300)
@Needs({Needs.Program.FIREFOX, Needs.Program.NODE, Needs.Program.NPM})
class FirefoxIT {
    @Test
    void two_windows_talk_and_one_is_forced_onto_polling(@TempDir Path folder) throws Exception {
        Path image = Files.write(folder.resolve("image.jpeg"), SampleImages.jpeg(700, 1));
        Path packages = Npm.installed();
        try (PageServer server = PageServer.start(folder.resolve("data"))) {
            String firefox = Needs.Program.FIREFOX.path();
            String page = server.page().toString();
            Figures.print(Npm.run(packages, "node", "firefox.mjs", firefox, page, image.toString())
                    .strip());
        }
    }
}
