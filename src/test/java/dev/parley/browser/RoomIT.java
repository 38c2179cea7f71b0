package dev.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page: people in a room. */
@Timeout(120)
@Needs(Needs.Program.CHROMIUM)
class RoomIT {
    private static final String PLACE = "() => document.querySelector('#scroll').scrollTop";

    private static final String AT_END =
            "() => { const { scrollHeight, scrollTop, clientHeight } = document.querySelector('#scroll');"
                    + " return scrollHeight - scrollTop - clientHeight < 2; }";

    @RegisterExtension
    static final BrowserExtension browser = BrowserExtension.create();

    private final String room = UUID.randomUUID().toString();

    @Test
    void two_people_talk() {
        try (PageUser ann = browser.user();
                PageUser bob = browser.user()) {
            Window hers = ann.enter(room);
            Window his = bob.enter(room);
            hers.callOneself("Ann");
            his.callOneself("Bob");

            hers.say("Is anybody here?");
            his.message("Is anybody here?");
            his.say("I am.\nOn two lines.");

            assertThat(hers.texts(2))
                    .isEqualTo(his.texts(2))
                    .containsExactly("Is anybody here?", "I am.\nOn two lines.");
            hers.awaitMember("Bob");
            assertThat(hers.members(2)).containsExactlyInAnyOrder("Ann", "Bob");
            his.awaitMember("Ann");
            assertThat(his.members(2)).containsExactlyInAnyOrder("Ann", "Bob");
            assertThat(hers.message("I am.").locator(".name").textContent()).isEqualTo("Bob");
            hers.awaitNothingUnsent();
        }
    }

    @Test
    void ones_own_messages_are_marked() {
        try (PageUser ann = browser.user();
                PageUser bob = browser.user()) {
            Window hers = ann.enter(room);
            Window his = bob.enter(room);

            hers.say("mine");
            his.message("mine");

            assertThat(hers.message("mine").getAttribute("class")).contains("own");
            assertThat(his.message("mine").getAttribute("class")).doesNotContain("own");
        }
    }

    @Test
    void who_comes_later_sees_the_last_fifty() {
        try (PageUser ann = browser.user();
                PageUser bob = browser.user()) {
            Window hers = ann.enter(room);
            for (int i = 1; i <= 60; i++) {
                hers.say("number " + i);
            }
            hers.awaitMessages(60);

            Window his = bob.enter(room);

            assertThat(his.texts(50))
                    .isEqualTo(IntStream.rangeClosed(11, 60)
                            .mapToObj(i -> "number " + i)
                            .toList());
        }
    }

    @Test
    void who_reads_further_up_is_left_there_and_told_of_what_is_new() {
        try (PageUser ann = browser.user();
                PageUser bob = browser.user()) {
            Window hers = ann.enter(room);
            Window his = bob.enter(room);
            for (int i = 1; i <= 40; i++) {
                his.say("number " + i);
            }
            hers.awaitMessages(40);
            hers.page().hover("#scroll");
            hers.page().mouse().wheel(0, -600);
            hers.page()
                    .waitForFunction("() => document.querySelector('#scroll').scrollTop < "
                            + "document.querySelector('#scroll').scrollHeight - 1000");
            hers.awaitRest();
            Object place = hers.page().evaluate(PLACE);
            his.say("one more");
            his.say("and another");

            hers.page().waitForSelector("#newer:has-text('2 new messages')");
            hers.awaitRest();
            assertThat(hers.page().evaluate(PLACE)).isEqualTo(place);
            hers.page().click("#newer:has-text('2 new messages')");
            hers.page().waitForFunction("() => document.querySelector('#newer').hidden");
            hers.message("and another");
            hers.awaitRest();
            assertThat(hers.page().evaluate(AT_END)).isEqualTo(true);
        }
    }

    @Test
    void coming_and_going_is_told_discreetly() {
        try (PageUser ann = browser.user()) {
            Window hers = ann.enter(room);
            try (PageUser bob = browser.user()) {
                Window his = bob.enter(room);
                hers.awaitNotice(his.page().textContent("#as-name") + " joined");
                his.callOneself("Bob");
                hers.awaitMember("Bob");
                assertThat(hers.members(2)).contains("Bob");
            }
            hers.awaitNotice("Bob left");
            assertThat(hers.members(1)).doesNotContain("Bob");
        }
    }

    @Test
    void a_window_is_the_same_guest_after_a_reload_and_another_window_is_another() {
        try (PageUser ann = browser.user()) {
            Window first = ann.enter(room);
            first.callOneself("Ann");
            first.say("before");
            first.awaitMessages(1);

            Window second = ann.enter(room);
            second.say("by another");
            first.awaitMessages(2);
            first.page().reload();
            first.awaitState("live");
            first.say("after");

            assertThat(first.texts(3)).containsExactly("before", "by another", "after");
            assertThat(first.message("before").getAttribute("class")).contains("own");
            assertThat(first.message("by another").getAttribute("class")).doesNotContain("own");
            assertThat(second.message("after").locator(".name").textContent()).isEqualTo("Ann");
        }
    }

    @Test
    void another_room_is_another_conversation() {
        try (PageUser ann = browser.user()) {
            Window hers = ann.enter(room);
            hers.say("in the first");
            hers.awaitMessages(1);

            hers.page().fill("#room", "second-" + room);
            hers.page().press("#room", "Enter");
            hers.page().waitForFunction("() => !document.querySelector('#empty').hidden");
            assertThat(hers.page().url()).endsWith("#second-" + room);
            hers.say("in the second");
            assertThat(hers.texts(1)).containsExactly("in the second");

            hers.page().goBack();
            hers.message("in the first"); // the other room had one message too
            assertThat(hers.texts(1)).containsExactly("in the first");
        }
    }
}
