package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import dev.parley.testing.TestTokens;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page and the browser client where guests are not let in. */
@Timeout(120)
@Needs(Needs.Program.CHROMIUM)
class SignInIT {
    private static final TestTokens TOKENS = new TestTokens();

    /** Of which the last third must be enough to renew it. */
    private static final int LIFE_SECONDS = 12;

    private static final int MESSAGES_A_SECOND = 4;

    @RegisterExtension
    static final BrowserExtension browser = BrowserExtension.with(folder -> Map.of(
            "parley.auth.guests",
            "false",
            "parley.auth.jwks",
            Files.writeString(folder.resolve("keys.json"), TestTokens.jwks(TestTokens.rsa()))
                    .toString(),
            "parley.auth.issuer",
            TestTokens.ISSUER,
            "parley.auth.audience",
            TestTokens.AUDIENCE,
            "parley.auth.clock-skew",
            "0s"));

    @Test
    void a_guest_is_told_to_sign_in_and_is_in_once_that_is_done() {
        try (PageUser ann = browser.user()) {
            Window hers = ann.open("lobby");
            Page page = hers.page();
            hers.awaitState("ended");
            assertThat(page.textContent("#banner")).contains("This server asks for a sign-in.");
            hers.screenshot("sign-in");

            ann.keep(cookie(TOKENS.of("ann")));
            page.click("#try-now");
            hers.awaitState("live");
            hers.say("signed in");
            hers.awaitMessages(1);
            assertThat(hers.members(1)).containsExactly("ann");
        }
    }

    @Test
    void a_token_is_renewed_before_it_expires_and_nothing_is_missed() {
        try (PageUser ann = browser.user()) {
            Page page = ann.open("lobby").page();
            page.exposeFunction("freshToken", arguments -> {
                Date end = Date.from(Instant.now().plusSeconds(LIFE_SECONDS));
                return TOKENS.signed(
                        TestTokens.rsa(),
                        TestTokens.claims("bea").expirationTime(end).build());
            });
            page.evaluate("""
                    async () => {
                      const { Parley } = await import(new URL('client/parley.js', document.baseURI));
                      const parley = new Parley('channels', { token: () => freshToken() });
                      const run = globalThis.run = { came: [], closed: 0, tokens: 0, stop: () => clearInterval(timer) };
                      const line = parley.channel('chat.renewed', { history: 10 });
                      line.onmessage = event => run.came.push(event.data.text);
                      parley.onclose = () => run.closed++;
                      let number = 0;
                      const timer = setInterval(() => line.publish({ text: `${number++}` }), 250);
                    }
                    """);
            // Two lives of a token, and more
            page.waitForFunction("messages => run.came.length >= messages", 2 * MESSAGES_A_SECOND * (LIFE_SECONDS + 1));
            page.evaluate("() => run.stop()");
            assertThat(page.evaluate("() => run.closed")).isEqualTo(0);
            assertThat(page.evaluate("() => run.came.every((text, index) => text === `${index}`)"))
                    .isEqualTo(true);
        }
    }

    private static Cookie cookie(String token) {
        return new Cookie("parley-token", token)
                .setUrl(browser.page().toString())
                .setHttpOnly(true);
    }
}
