package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How the page looks and reads. Leaves screenshots in {@code target/screenshots}, to be looked at. */
@Timeout(180)
@Needs(Needs.Program.CHROMIUM)
class LooksIT {
    private static final String ROOM = "operations";

    /** Texts whose contrast with what is behind them is less than 4.5 to 1 (WCAG 2.2, 1.4.3). */
    private static final String FAINT = """
            () => {
              const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
              const channels = color => {
                context.clearRect(0, 0, 1, 1);
                context.fillStyle = color;
                context.fillRect(0, 0, 1, 1);
                return [...context.getImageData(0, 0, 1, 1).data];
              };
              const luminance = color => {
                const [r, g, b] = channels(color).map(v => v / 255)
                  .map(v => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const behind = element => {
                const color = getComputedStyle(element).backgroundColor;
                return channels(color)[3] === 255 || !element.parentElement ? color : behind(element.parentElement);
              };
              const contrast = element => {
                const [one, other] = [getComputedStyle(element).color, behind(element)].map(luminance);
                return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
              };
              const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              const faint = [];
              while (texts.nextNode()) {
                const element = texts.currentNode.parentElement;
                if (texts.currentNode.data.trim() && element.checkVisibility() && contrast(element) < 4.5) {
                  faint.push(`${texts.currentNode.data.trim()} ${contrast(element).toFixed(2)}`);
                }
              }
              return faint;
            }
            """;

    private static final String AT_END =
            "() => { const { scrollHeight, scrollTop, clientHeight } = document.querySelector('#scroll');"
                    + " return scrollHeight - scrollTop - clientHeight < 2; }";

    @RegisterExtension
    static final BrowserExtension browser = BrowserExtension.create();

    /** What Ann's browser keeps. */
    private static String memory;

    private enum Look {
        WIDE_LIGHT(1180, 800, ColorScheme.LIGHT),
        WIDE_DARK(1180, 800, ColorScheme.DARK),
        NARROW_LIGHT(390, 780, ColorScheme.LIGHT),
        NARROW_DARK(390, 780, ColorScheme.DARK),
        NARROWEST(320, 640, ColorScheme.LIGHT);

        private final int width;
        private final int height;
        private final ColorScheme scheme;

        Look(int width, int height, ColorScheme scheme) {
            this.width = width;
            this.height = height;
            this.scheme = scheme;
        }

        Browser.NewContextOptions options() {
            return new Browser.NewContextOptions()
                    .setViewportSize(width, height)
                    .setColorScheme(scheme)
                    // A colour on its way to another one is not what is looked at
                    .setReducedMotion(ReducedMotion.REDUCE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void every_text_can_be_read_and_nothing_stands_out(Look look) throws IOException {
        String name = look.name().toLowerCase(Locale.ROOT).replace('_', '-');
        try (PageUser ann = browser.user(look.options().setStorageState(memory))) {
            Window hers = ann.enter(ROOM);
            hers.awaitMessages(7);
            hers.page().waitForFunction("() => [...document.images].every(image => image.complete)");
            hers.page().waitForFunction(AT_END);
            hers.screenshot(name);
            assertFits(hers.page());
            assertThat(hers.page().evaluate(AT_END))
                    .as("the newest is in sight")
                    .isEqualTo(true);

            boolean narrow = look.width < 800;
            assertThat(hers.page().isVisible("#people-button")).isEqualTo(narrow);
            if (narrow) {
                hers.page().click("#people-button");
                hers.screenshot(name + "-people");
                assertFits(hers.page());
                hers.page().keyboard().press("Escape");
            }
            hers.choose("forecast.png", chart());
            hers.page().waitForSelector("#attachments li");
            hers.choose("notes.txt", new byte[20]);
            hers.page().waitForSelector("#problem:not([hidden])");
            hers.page().fill("#text", "a word ".repeat(520));
            hers.screenshot(name + "-writing");
            assertFits(hers.page());
        }
    }

    @Test
    void all_that_can_be_done_has_a_role_and_a_name() {
        try (PageUser ann = browser.user()) {
            Window hers = ann.enter(ROOM);
            hers.awaitMessages(7);
            Page page = hers.page();
            for (Map.Entry<AriaRole, String> part : List.of(
                    Map.entry(AriaRole.LOG, "Messages"),
                    Map.entry(AriaRole.TEXTBOX, "Message"),
                    Map.entry(AriaRole.BUTTON, "Send"),
                    Map.entry(AriaRole.BUTTON, "Add an image"),
                    Map.entry(AriaRole.TEXTBOX, "Your name"),
                    Map.entry(AriaRole.TEXTBOX, "Name of the room"),
                    Map.entry(AriaRole.HEADING, "Room " + ROOM),
                    Map.entry(AriaRole.COMPLEMENTARY, "People and settings"),
                    Map.entry(AriaRole.FORM, "Write a message"))) {
                Page.GetByRoleOptions named =
                        new Page.GetByRoleOptions().setName(part.getValue()).setExact(true);
                assertThat(page.getByRole(part.getKey(), named).count())
                        .as("%s", part)
                        .isEqualTo(1);
            }
            assertThat(page.getByRole(AriaRole.STATUS).first().textContent()).isEqualTo("Live");
            assertThat(page.locator("h1").count()).isEqualTo(1);
            assertThat(page.getAttribute("html", "lang")).isEqualTo("en");
            assertThat(page.locator("#messages img").count()).isEqualTo(1);
            assertThat(page.getAttribute("#messages img", "alt")).matches("Image from Bertrand, PNG, \\d+ KB");
            assertThat(page.getAttribute("#scroll", "aria-busy")).isEqualTo("false");
        }
    }

    @Test
    void the_keyboard_reaches_everything() {
        try (PageUser ann = browser.user()) {
            Window hers = ann.enter("keyboard");
            Page page = hers.page();
            page.focus("#scroll");
            List<String> reached = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                page.keyboard().press("Tab");
                reached.add((String)
                        page.evaluate("() => document.activeElement.id || document.activeElement.textContent"));
            }
            assertThat(reached).containsExactly("choose-name", "add-image", "text", "name", "Save", "room", "Enter");

            page.focus("#text");
            page.keyboard().type("one line");
            page.keyboard().press("Shift+Enter");
            page.keyboard().type("and another");
            page.keyboard().press("Enter");
            assertThat(hers.texts(1)).containsExactly("one line\nand another");
            assertThat(page.inputValue("#text")).isEmpty();
        }
    }

    private static void assertFits(Page page) {
        assertThat((List<?>) page.evaluate(FAINT))
                .as("texts of too little contrast")
                .isEmpty();
        assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
                .as("nothing to scroll sideways")
                .isEqualTo(true);
        assertThat((List<?>) page.evaluate("""
                        () => [...document.querySelectorAll('button')].filter(button => button.checkVisibility())
                          .filter(button => button.getBoundingClientRect().height < 24)
                          .map(button => button.textContent)
                        """))
                .as("buttons too small to hit (WCAG 2.2, 2.5.8)")
                .isEmpty();
    }

    /** Something to look at. */
    @BeforeAll
    static void converse() throws IOException {
        try (PageUser ann = browser.user();
                PageUser bob = browser.user()) {
            Window hers = ann.enter(ROOM);
            Window his = bob.enter(ROOM);
            hers.callOneself("Ann Okafor");
            his.callOneself("Bertrand");
            hers.say("Good morning. Has the overnight run finished?");
            his.message("overnight");
            his.say("It has, at a quarter past four.\nNothing was lost, and nothing came twice.");
            his.choose("throughput.png", chart());
            his.page().waitForSelector("#attachments li");
            his.send();
            hers.awaitMessages(3);
            hers.say("Thank you. That is better than last week by a third.");
            hers.say("One question: is https://status.example.org/runs/2026-11-22/"
                    + "throughput-and-latency-by-channel-and-by-node the page that I should send to the board?");
            his.message("board");
            his.say("Yes.");
            hers.message("Yes.");
            hers.say("שלום לכולם, תודה");
            his.awaitMessages(7);
            memory = ann.memory();
        }
    }

    /** Bars that grow, as PNG. */
    private static byte[] chart() throws IOException {
        BufferedImage image = new BufferedImage(720, 360, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setColor(new Color(0xf7f9f8));
        graphics.fillRect(0, 0, 720, 360);
        graphics.setColor(new Color(0xd5dddb));
        for (int y = 60; y < 330; y += 60) {
            graphics.drawLine(40, y, 690, y);
        }
        for (int i = 0; i < 16; i++) {
            int height = (int) (90 + 9 * i + 35 * Math.sin(i * 1.3));
            graphics.setColor(new Color(i < 10 ? 0x9cc7bf : 0x0d5f5c));
            graphics.fillRoundRect(50 + 40 * i, 320 - height, 26, height, 6, 6);
        }
        graphics.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }
}
