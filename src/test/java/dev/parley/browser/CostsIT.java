package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page: what each technique costs, side by side. */
@Timeout(120)
@Needs(Needs.Program.CHROMIUM)
class CostsIT {
    private static final int REQUESTS = 0;
    private static final int MESSAGES = 3;

    @RegisterExtension
    static final BrowserExtension browser = BrowserExtension.create();

    @Test
    void they_are_measured_over_all_four_at_once() {
        try (PageUser user = browser.user()) {
            Window window = user.enter("costs");
            Page page = window.page();
            page.click("#costs-open");
            page.click("#costs-measure");
            page.waitForFunction("() => [...document.querySelectorAll('#costs-rows tr')]"
                    + ".every(row => Number(row.children[4].textContent) >= 5)"
                    + " && document.querySelectorAll('#costs-rows tr').length === 4");
            page.click("#costs-measure");
            window.screenshot("costs");

            List<List<String>> rows = page.locator("#costs-rows tr").all().stream()
                    .map(row -> row.locator("td").allTextContents())
                    .toList();
            assertThat(rows).hasSize(4);
            List<Integer> requests =
                    rows.stream().map(row -> Integer.valueOf(row.get(REQUESTS))).toList();
            assertThat(requests.get(0)).as("a WebSocket's handshake").isEqualTo(1);
            assertThat(requests).as("the simpler, the more requests").isSorted();
            assertThat(rows)
                    .allSatisfy(row ->
                            assertThat(Integer.parseInt(row.get(MESSAGES))).isBetween(5, 15));
            page.click("#costs-close");
            window.say("the room goes on");
            window.message("the room goes on").waitFor();
        }
    }
}
