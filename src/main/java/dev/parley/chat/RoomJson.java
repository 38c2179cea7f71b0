package dev.parley.chat;

import jakarta.json.spi.JsonProvider;

/**
 * JSON-P, looked up once: {@link jakarta.json.Json} looks for its provider at every call, which costs more than a
 * message.
 */
final class RoomJson {
    static final JsonProvider PROVIDER = JsonProvider.provider();

    private RoomJson() {}
}
