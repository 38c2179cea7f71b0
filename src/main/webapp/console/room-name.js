const DEFAULT = 'lobby';
/** As long as the longer of its channels' names lets it be: 200. */
const ROOM = /^[A-Za-z0-9._~-]{1,193}$/;

/** The room that the address names after its `#`. */
export function currentRoom() {
  return roomFrom(decode(location.hash.slice(1))) ?? DEFAULT;
}

/**
 * What somebody wrote, as the name of a room; null when it cannot be one.
 *
 * @param {string} text
 */
export function roomFrom(text) {
  const name = text.trim().replace(/^#/, '').replace(/\s+/g, '-');
  return ROOM.test(name) ? name : null;
}

/** @param {string} room */
export const channelOf = room => `chat.${room}`;

/**
 * Where it is told who is writing.
 *
 * @param {string} room
 */
export const typingOf = room => `typing.${room}`;

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
