const DEFAULT = 'lobby';
/** Its channels' names have 200 characters at most. */
const ROOM = /^[A-Za-z0-9._~-]{1,193}$/;

/** The room that the address names after its `#`. */
export function currentRoom() {
  return normalizeRoom(decode(location.hash.slice(1))) ?? DEFAULT;
}

/**
 * User input as the name of a room; null when it cannot be one.
 *
 * @param {string} text
 */
export function normalizeRoom(text) {
  const name = text.trim().replace(/^#/, '').replace(/\s+/g, '-');
  return ROOM.test(name) ? name : null;
}

/** @param {string} room */
export const chatChannel = room => `chat.${room}`;

/**
 * The transient channel of typing marks.
 *
 * @param {string} room
 */
export const typingChannel = room => `typing.${room}`;

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
