package dev.parley.browser;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import java.nio.file.Path;
import java.util.List;

/** The page in one window, as one who uses it sees it. */
final class Window {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Page page;

    Window(Page page) {
        this.page = page;
        page.setDefaultTimeout(PATIENCE_MILLIS);
    }

    Page page() {
        return page;
    }

    void awaitState(String state) {
        page.waitForFunction("state => document.querySelector('#state').dataset.state === state", state);
    }

    void say(String text) {
        page.fill("#text", text);
        page.press("#text", "Enter");
    }

    void callOneself(String name) {
        page.fill("#name", name);
        page.press("#name", "Enter");
        awaitMember(name);
        awaitState("live");
    }

    /** Chooses a file, which then waits to be sent. */
    void choose(String name, byte[] bytes) {
        page.setInputFiles("#file", new FilePayload(name, "application/octet-stream", bytes));
    }

    void send() {
        page.click("#send");
    }

    /** What was said, once there are so many messages. */
    List<String> texts(int count) {
        awaitMessages(count);
        return page.locator("#messages .text").allTextContents();
    }

    void awaitMessages(int count) {
        page.waitForFunction("count => document.querySelectorAll('#messages .message').length === count", count);
    }

    List<String> members(int count) {
        page.waitForFunction("count => document.querySelectorAll('#members li').length === count", count);
        return page.locator("#members .name").allTextContents();
    }

    /** Another's new name is told to that one's own page first. */
    void awaitMember(String name) {
        page.waitForFunction(
                "name => [...document.querySelectorAll('#members .name')].some(e => e.textContent === name)", name);
    }

    /** The last message, once it holds the text. */
    Locator message(String text) {
        Locator message = page.locator("#messages .message", new Page.LocatorOptions().setHasText(text))
                .last();
        message.waitFor();
        return message;
    }

    /** Until the page stands still: a turn of the wheel is carried out over several frames. */
    void awaitRest() {
        page.evaluate("""
                () => new Promise(done => {
                  const log = document.querySelector('#scroll');
                  const place = () => `${log.scrollTop} ${log.scrollHeight}`;
                  const look = (before, times) => {
                    if (times === 8) {
                      done();
                    } else {
                      requestAnimationFrame(() => look(place(), place() === before ? times + 1 : 0));
                    }
                  };
                  look(place(), 0);
                })
                """);
    }

    /** What the page says of who is typing. */
    void awaitTyping(String text) {
        page.waitForFunction("text => document.querySelector('#typing').textContent === text", text);
    }

    void awaitNotice(String text) {
        page.locator("#messages .notice", new Page.LocatorOptions().setHasText(text))
                .first()
                .waitFor();
    }

    Locator unsent() {
        return page.locator("#pending .message");
    }

    void awaitNothingUnsent() {
        page.waitForFunction("() => document.querySelectorAll('#pending .message').length === 0");
    }

    void screenshot(String name) {
        Path folder = Path.of(System.getProperty("parley.build.directory", "target"), "screenshots");
        page.screenshot(new Page.ScreenshotOptions().setPath(folder.resolve(name + ".png")));
    }
}
