package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.parley.clients.ChannelsClient;
import dev.parley.clients.SampleImages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page, when names, texts and file names try to be scripts: they stay text. */
@Timeout(120)
@Needs(Needs.Program.CHROMIUM)
class InjectionIT {
    /** All short enough to be a name. Each would set {@code owned}, or open a dialog, if it were run. */
    private static final List<String> ATTEMPTS = List.of(
            "<script>owned=1</script>",
            "<img src=x onerror=\"owned=1\">",
            "<svg onload=owned=1>",
            "\"><script>owned=1</script>",
            "'\" onmouseover=owned=1 autofocus onfocus=owned=1 x='",
            "<iframe srcdoc=\"<script>parent.owned=1</script>\">",
            "javascript:owned=1",
            "<a href=\"javascript:owned=1\">click</a>",
            "</title></textarea></style><script>owned=1</script>",
            "&lt;script&gt;owned=1&lt;/script&gt;",
            "${owned=1} {{owned=1}} #{owned=1} <%=owned=1%>",
            "<math><mi//xlink:href=\"data:x,<script>owned=1</script>\">",
            "\\u003cscript\\u003eowned=1\\u003c/script\\u003e<!--");

    /** Gives the address of a script that has been published. */
    private static final String PUBLISH = """
            async () => {
              const answer = await fetch('api/channels/files.scripts/messages', {
                method: 'POST',
                headers: { 'Content-Type': 'text/javascript' },
                body: 'globalThis.owned = 1;',
              });
              const { position } = await answer.json();
              return `/api/channels/files.scripts/messages/${position}/content`;
            }""";

    /** Ways in which a page loads a script. */
    private static final List<String> LOADING =
            List.of("url => import(url).then(() => 'loaded', () => 'refused')", """
            url => new Promise(told => {
              const script = document.createElement('script');
              script.onload = () => told('loaded');
              script.onerror = () => told('refused');
              script.src = url;
              document.head.append(script);
              script.remove();
            })""", """
            url => new Promise(told => {
              const style = document.createElement('link');
              style.rel = 'stylesheet';
              style.onload = () => told('loaded');
              style.onerror = () => told('refused');
              style.href = url;
              document.head.append(style);
            })""", """
            url => new Promise(told => {
              const worker = new Worker(url);
              worker.onmessage = () => told('loaded');
              worker.onerror = () => told('refused');
            })""");

    @RegisterExtension
    static final BrowserExtension browser = BrowserExtension.create();

    @Test
    void names_and_texts_of_others_stay_text() throws Exception {
        List<ChannelsClient> strangers = new ArrayList<>();
        try (PageUser ann = browser.user()) {
            Window hers = ann.enter("others");
            for (String attempt : ATTEMPTS) {
                ChannelsClient stranger = browser.speaker(attempt);
                strangers.add(stranger);
                stranger.subscribe("chat.others");
                stranger.publish("chat.others", attempt);
                hers.message(attempt);
                hers.awaitMember(attempt);
            }

            assertThat(hers.texts(ATTEMPTS.size())).isEqualTo(ATTEMPTS);
            assertThat(hers.page().locator("#messages .name").allTextContents()).isEqualTo(ATTEMPTS);
            assertThat(hers.page().locator("#members .name").allTextContents()).containsAll(ATTEMPTS);
            assertNothingWasRun(hers.page());
        } finally {
            for (ChannelsClient stranger : strangers) {
                stranger.close();
            }
        }
    }

    @Test
    void who_types_and_what_is_older_stays_text() throws Exception {
        try (PageUser ann = browser.user()) {
            Window hers = ann.enter("typing");
            for (String attempt : ATTEMPTS) {
                try (ChannelsClient stranger = browser.speaker(attempt)) {
                    stranger.publishJson("typing.typing", "{\"typing\":true}");
                    hers.page()
                            .waitForFunction(
                                    "name => document.querySelector('#typing').textContent === `${name} is typing`",
                                    attempt);
                    assertThat(hers.page().locator("#typing *").count()).isEqualTo(2);
                    stranger.publish("chat.typing", attempt);
                    hers.awaitTyping("");
                }
            }
            try (ChannelsClient stranger = browser.speaker("Zoe")) {
                for (int i = 1; i <= 50; i++) {
                    stranger.publish("chat.typing", "number " + i);
                }
            }
            Window later = ann.enter("typing");
            later.awaitMessages(50);
            later.page().focus("#scroll");
            later.page().keyboard().press("Home");
            assertThat(later.texts(50 + ATTEMPTS.size()).subList(0, ATTEMPTS.size()))
                    .isEqualTo(ATTEMPTS);
            for (Window window : List.of(hers, later)) {
                assertNothingWasRun(window.page());
            }
        }
    }

    @Test
    void ones_own_name_text_and_room_stay_text() {
        assertThat(ATTEMPTS).hasSize(13);
        try (PageUser ann = browser.user()) {
            Window hers = ann.enter("own");
            for (String attempt : ATTEMPTS) {
                hers.page().fill("#room", attempt);
                hers.page().press("#room", "Enter");
                hers.say(attempt);
                hers.callOneself(attempt.substring(0, Math.min(40, attempt.length())));
            }
            for (String attempt : ATTEMPTS) {
                hers.page().evaluate("hash => location.hash = hash", attempt);
                // None of them can be a room's name: the page goes where it goes without one
                hers.page().waitForFunction("() => document.querySelector('#room-title').textContent === 'lobby'");
                assertNothingWasRun(hers.page());
                hers.page().evaluate("() => location.hash = 'own'");
                hers.page().waitForFunction("() => document.querySelector('#room-title').textContent === 'own'");
            }

            assertThat(hers.texts(ATTEMPTS.size())).isEqualTo(ATTEMPTS);
            assertNothingWasRun(hers.page());
        }
    }

    @Test
    void names_of_files_stay_text() throws IOException {
        try (PageUser ann = browser.user()) {
            Window hers = ann.enter("files");
            byte[] image = SampleImages.png(8, 1);
            for (int i = 0; i < 10; i++) {
                hers.choose(ATTEMPTS.get(i), image);
                hers.page().waitForFunction("n => document.querySelectorAll('#attachments li').length === n", i + 1);
            }
            assertThat(hers.page().locator("#attachments .file-name").allTextContents())
                    .isEqualTo(ATTEMPTS.subList(0, 10));

            for (String attempt : ATTEMPTS) {
                hers.choose(attempt, new byte[] {1, 2, 3});
                hers.page()
                        .waitForFunction(
                                "name => document.querySelector('#problem').textContent.includes(name)", attempt);
            }
            assertNothingWasRun(hers.page());
        }
    }

    @Test
    void a_published_script_is_no_module_script_style_or_worker_of_a_page() throws Exception {
        try (PageUser ann = browser.user()) {
            Window hers = ann.enter("scripts");
            String url = (String) hers.page().evaluate(PUBLISH);
            assertThat(hers.page().evaluate("url => fetch(url).then(response => response.text())", url))
                    .isEqualTo("globalThis.owned = 1;");

            ann.forgiveRefusals();
            for (String attempt : LOADING) {
                assertThat(hers.page().evaluate(attempt, url)).as(attempt).isEqualTo("refused");
            }
            assertThat(hers.page().evaluate("() => typeof owned")).isEqualTo("undefined");
        }
    }

    private static void assertNothingWasRun(Page page) {
        assertThat(page.evaluate("() => typeof owned")).isEqualTo("undefined");
        assertThat(page.locator("script").count()).isEqualTo(1);
        assertThat(page.locator("iframe, math, #messages svg, #messages img, #members img, [onerror], [onload]")
                        .count())
                .isZero();
    }
}
