package dev.parley.client;

import static dev.parley.testing.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Member;
import dev.parley.protocol.Message;
import jakarta.json.Json;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DataTest {
    @Test
    void text_comes_back_as_it_was() {
        String text = "two\nlines, \"quotes\", \u2028 and \uD83D\uDE00";
        assertThat(Data.text(message(Data.ofText(text)))).isEqualTo(text);
        assertThat(((Body.Json) Data.ofText(text)).text()).doesNotContain("\n");
    }

    @Test
    void json_comes_back_as_a_value_an_object_or_its_text() {
        Message message = message(Data.ofJson("{ \"n\" : 1.0 }"));
        assertThat(Data.jsonText(message)).isEqualTo("{\"n\":1.0}");
        assertThat(Data.object(message).getJsonNumber("n").toString()).isEqualTo("1.0");
        assertThat(Data.json(message(Data.of(Json.createValue(7))))).isEqualTo(Json.createValue(7));
    }

    @Test
    void what_is_something_else_is_told_with_its_place() {
        assertThatThrownBy(() -> Data.text(message(Data.ofJson("1"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The message k:1 of chat.lobby is not a JSON string.");
        assertThatThrownBy(() -> Data.object(message(Data.ofJson("[]"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The message k:1 of chat.lobby is not a JSON object.");
        assertThatThrownBy(() -> Data.json(message(Data.ofBytes("image/png", new byte[1]))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The message k:1 of chat.lobby is not JSON.");
    }

    @Test
    void what_is_not_json_is_malformed() {
        assertRefused(() -> Data.ofJson("nonsense"), ErrorCode.MALFORMED, "Not JSON: something is wrong at column 2.");
    }

    private static Message message(Body body) {
        return new Message(
                ClientFixture.ROOM, ClientFixture.at(1), new Member("ann", Optional.empty()), Instant.EPOCH, body);
    }
}
