package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The page, when the server goes away and comes back. */
@Timeout(180)
@Needs(Needs.Program.CHROMIUM)
class RestartIT {
    private static final String ROOM = "lobby";

    @RegisterExtension
    final BrowserExtension browser = BrowserExtension.create();

    @Test
    void both_windows_come_back_by_themselves_and_nothing_is_lost_or_doubled() {
        try (PageUser ann = browser.user();
                PageUser bob = browser.user()) {
            Window hers = ann.enter(ROOM);
            Window his = bob.enter(ROOM);
            List<String> said = new ArrayList<>();
            say(hers, said, "before, Ann");
            say(his, said, "before, Bob");
            hers.awaitMessages(2);

            browser.server().stop();
            hers.awaitState("offline");
            his.awaitState("offline");
            for (int i = 1; i <= 3; i++) {
                say(hers, said, "meanwhile, Ann " + i);
                say(his, said, "meanwhile, Bob " + i);
            }
            assertThat(hers.unsent().count()).isEqualTo(3);
            browser.server().start();

            assertThat(hers.texts(8)).containsExactlyInAnyOrderElementsOf(said);
            assertThat(his.texts(8)).isEqualTo(hers.texts(8));
            assertThat(hers.texts(8).stream().filter(text -> text.startsWith("meanwhile, Ann")))
                    .isSorted();
            hers.awaitNothingUnsent();
            his.awaitNothingUnsent();
            hers.awaitState("live");

            say(his, said, "after, Bob");
            assertThat(hers.texts(9)).last().isEqualTo("after, Bob");
            ann.forgiveOutage();
            bob.forgiveOutage();
        }
    }

    @Test
    void the_page_says_how_things_stand_and_tries_at_once_when_asked() {
        try (PageUser ann = browser.user()) {
            Window hers = ann.enter(ROOM);
            hers.callOneself("Ann");
            browser.server().stop();
            hers.awaitState("offline");
            hers.say("into the void");
            Page page = hers.page();

            page.waitForFunction("() => /Next try in \\d+ s/.test(document.querySelector('#banner').textContent)");
            assertThat(page.textContent("#banner"))
                    .contains("The server cannot be reached.")
                    .contains("1 message will be sent when it is back.");
            assertThat(hers.unsent().textContent()).contains("into the void", "Waiting for the connection");
            hers.screenshot("offline");

            // Long enough that the server is there before the page would try again by itself
            page.waitForFunction(
                    "() => /Next try in ([7-9]|\\d\\d) s/.test(document.querySelector('#banner').textContent)");
            browser.server().start();
            page.click("#try-now");
            hers.awaitState("live");
            assertThat(page.isVisible("#banner")).isFalse();
            assertThat(hers.texts(1)).containsExactly("into the void");
            ann.forgiveOutage();
        }
    }

    @Test
    void who_had_no_network_is_back_as_soon_as_there_is_one_and_has_what_was_missed() throws Exception {
        try (PageUser ann = browser.user();
                PageUser bob = browser.user()) {
            Window hers = ann.enter(ROOM);
            Window his = bob.enter(ROOM);
            ann.hasNetwork(false);
            hers.awaitState("offline");
            assertThat(hers.page().textContent("#banner")).contains("This device has no network.");
            for (int i = 1; i <= 70; i++) {
                his.say("number " + i);
            }
            his.awaitMessages(70);
            hers.say("meanwhile");

            ann.hasNetwork(true);
            hers.awaitState("live");

            assertThat(hers.texts(71)).isEqualTo(his.texts(71)).last().isEqualTo("meanwhile");
            ann.forgiveOutage();
        }
    }

    @Test
    void a_log_that_was_begun_anew_is_told_plainly(@TempDir Path other) {
        try (PageUser ann = browser.user()) {
            Window hers = ann.enter(ROOM);
            hers.say("in the old log");
            hers.awaitMessages(1);

            browser.server().restartOn(other);
            hers.awaitState("live");
            hers.say("in the new log");

            assertThat(hers.texts(2)).containsExactly("in the old log", "in the new log");
            hers.awaitNotice("The history on the server is not the one that was here before.");
            ann.forgiveOutage();
        }
    }

    private static void say(Window window, List<String> said, String text) {
        window.say(text);
        said.add(text);
    }
}
