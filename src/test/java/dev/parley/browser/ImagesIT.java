package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import dev.parley.clients.SampleImages;
import dev.parley.testing.ChaosProxy;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page: images. Up to 64 KB they come along in the message, above that from the server's content path. */
@Timeout(120)
@Needs(Needs.Program.CHROMIUM)
class ImagesIT {
    private static final int INLINE = 64 * 1024;
    private static final int SETTING = 1024 * 1024;

    @RegisterExtension
    static final BrowserExtension browser =
            BrowserExtension.with(Map.of("parley.limits.message-size", Integer.toString(SETTING)));

    @Test
    void they_arrive_and_are_shown() throws Exception {
        byte[] small = SampleImages.png(100, 1);
        byte[] large = SampleImages.jpeg(700, 2);
        assertThat(small.length).isLessThan(INLINE);
        assertThat(large.length).isGreaterThan(INLINE);
        try (PageUser ann = browser.user();
                PageUser bob = browser.user()) {
            Window hers = ann.enter("shown");
            Window his = bob.enter("shown");
            hers.choose("small.png", small);
            hers.page().waitForSelector("#attachments li");
            hers.choose("large.jpeg", large);
            hers.page().waitForFunction("() => document.querySelectorAll('#attachments li').length === 2");
            hers.send();

            for (Window window : List.of(his, hers)) {
                window.awaitMessages(2);
                assertThat(widths(window.page())).containsExactly(100, 700);
            }
            assertThat(sources(his.page()).get(0)).startsWith("blob:");
            assertThat(sources(his.page()).get(1)).startsWith(browser.page() + "api/channels/chat.shown/messages/");
            hers.awaitNothingUnsent();
        }
    }

    @Test
    void they_arrive_byte_for_byte() throws Exception {
        List<byte[]> images = List.of(
                SampleImages.png(100, 3),
                SampleImages.jpeg(150, 4),
                SampleImages.png(300, 5),
                SampleImages.jpeg(700, 6));
        // The policy keeps scripts from reading what it lets be shown; this test must read it
        Browser.NewContextOptions reading = new Browser.NewContextOptions().setBypassCSP(true);
        try (PageUser ann = browser.user();
                PageUser bob = browser.user(reading)) {
            Window hers = ann.enter("bytes");
            Window his = bob.enter("bytes");
            for (byte[] image : images) {
                hers.choose("image", image);
                hers.page().waitForSelector("#attachments li");
                hers.send();
            }
            his.awaitMessages(images.size());

            List<String> sources = sources(his.page());
            for (int i = 0; i < images.size(); i++) {
                Object read = his.page()
                        .evaluate(
                                "async url => new Uint8Array(await (await fetch(url)).arrayBuffer()).toBase64()",
                                sources.get(i));
                assertThat(Base64.getDecoder().decode((String) read)).isEqualTo(images.get(i));
            }
        }
    }

    @Test
    void one_that_takes_long_tells_how_far_it_is_and_when_it_is_stored() throws Exception {
        byte[] image = SampleImages.png(590, 10);
        assertThat(image.length).isBetween(1_000_000, SETTING);
        List<byte[]> images = List.of(image, image, image, image, image, image, image, image);
        try (ChaosProxy proxy = ChaosProxy.to(browser.page());
                PageUser ann = browser.user()) {
            Window hers = ann.enter(proxy.through(browser.page()), "slow");
            Page page = hers.page();
            for (int i = 0; i < images.size(); i++) {
                hers.choose("large " + i + ".png", images.get(i));
                page.waitForFunction("n => document.querySelectorAll('#attachments li').length === n", i + 1);
            }
            proxy.stall();
            hers.send();
            page.waitForSelector("#pending .message:first-child progress");
            assertThat(page.textContent("#pending .message:first-child .sent"))
                    .matches("([\\d.]+ [KM]B|0 bytes) of 1021 KB sent|1021 KB sent, not yet stored");
            assertThat(page.locator("#pending .message:first-child button").count())
                    .as("what may be stored cannot be taken back")
                    .isZero();
            hers.screenshot("upload");
            page.click("#pending .message:last-child button:has-text('Cancel')");
            page.waitForFunction("() => document.querySelectorAll('#pending .message').length === 7");

            proxy.pass();
            hers.awaitMessages(7);
            hers.awaitNothingUnsent();
            hers.awaitState("live");
            ann.forgiveOutage();
        }
    }

    @Test
    void they_can_be_pasted_and_dropped() throws Exception {
        try (PageUser ann = browser.user()) {
            Window hers = ann.enter("ways");
            give(hers.page(), "#text", "paste", SampleImages.png(20, 7));
            hers.page().waitForSelector("#attachments li");
            give(hers.page(), "#conversation", "drop", SampleImages.jpeg(30, 8));
            hers.page().waitForFunction("() => document.querySelectorAll('#attachments li').length === 2");
            hers.page().fill("#text", "two images and a text");
            hers.send();

            hers.awaitMessages(3);
            assertThat(widths(hers.page())).containsExactly(20, 30);
            assertThat(hers.texts(3)).containsExactly("two images and a text");
        }
    }

    @Test
    void what_is_no_image_or_too_large_is_refused_in_a_sentence() {
        byte[] text = "not an image".getBytes(StandardCharsets.UTF_8);
        byte[] svg = "<svg xmlns='http://www.w3.org/2000/svg'/>".getBytes(StandardCharsets.UTF_8);
        byte[] huge = new byte[6 * 1024 * 1024];
        System.arraycopy(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff}, 0, huge, 0, 3);
        try (PageUser ann = browser.user()) {
            Window hers = ann.enter("refused");
            assertThat(refusal(hers, "notes.png", text))
                    .isEqualTo("“notes.png” is not an image this room takes: PNG, JPEG, GIF or WebP.");
            assertThat(refusal(hers, "drawing.svg", svg)).contains("“drawing.svg” is not an image");
            assertThat(refusal(hers, "huge.jpg", huge)).isEqualTo("“huge.jpg” has 6 MB; an image may have up to 5 MB.");
            assertThat(hers.page().isDisabled("#send")).isTrue();
        }
    }

    @Test
    void what_the_server_refuses_stays_with_the_reason_until_it_is_discarded() throws Exception {
        byte[] image = SampleImages.png(800, 9);
        assertThat(image.length).isGreaterThan(SETTING);
        try (PageUser ann = browser.user()) {
            Window hers = ann.enter("refused");
            hers.choose("large.png", image);
            hers.page().waitForSelector("#attachments li");
            hers.send();

            hers.page().waitForSelector("#pending [data-state=failed]");
            assertThat(hers.unsent().textContent()).contains("Not sent. The message is larger than this room takes.");
            hers.awaitState("live");
            hers.screenshot("refused");
            hers.page().click("#pending button:has-text('Discard')");
            hers.awaitNothingUnsent();
        }
    }

    private static String refusal(Window window, String name, byte[] bytes) {
        window.choose(name, bytes);
        window.page().waitForFunction("name => document.querySelector('#problem').textContent.includes(name)", name);
        return window.page().textContent("#problem");
    }

    /** As a browser does when an image is pasted or dropped. */
    private static void give(Page page, String target, String type, byte[] image) {
        page.evaluate("""
                ([target, type, bytes]) => {
                  const data = new DataTransfer();
                  data.items.add(new File([Uint8Array.fromBase64(bytes)], 'image.bin'));
                  const init = { bubbles: true, cancelable: true };
                  const event = type === 'paste'
                    ? new ClipboardEvent(type, { ...init, clipboardData: data })
                    : new DragEvent(type, { ...init, dataTransfer: data });
                  document.querySelector(target).dispatchEvent(event);
                }
                """, List.of(target, type, Base64.getEncoder().encodeToString(image)));
    }

    @SuppressWarnings("unchecked")
    private static List<Integer> widths(Page page) {
        page.waitForFunction("() => [...document.querySelectorAll('#messages img')].every(image => image.complete)");
        return (List<Integer>)
                page.evaluate("() => [...document.querySelectorAll('#messages img')].map(i => i.naturalWidth)");
    }

    @SuppressWarnings("unchecked")
    private static List<String> sources(Page page) {
        return (List<String>) page.evaluate("() => [...document.querySelectorAll('#messages img')].map(i => i.src)");
    }
}
