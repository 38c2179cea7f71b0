import { count } from './format.js';

/** Messages for the user, by the error and disconnect names of the wire. */

/** @type {Record<string, string>} */
const ERRORS = {
  'malformed': 'The server could not read this message.',
  'invalid-name': 'A name has a character that it may not have, or is too long.',
  'bad-credentials': 'The server does not know you any more.',
  'not-allowed': 'You may not do this here.',
  'not-found': 'This is no longer there.',
  'key-reused': 'Another message was already sent in the place of this one.',
  'too-large': 'The message is larger than this room takes.',
  'unsupported-type': 'This room takes PNG, JPEG, GIF and WebP images only.',
  'rejected': 'The room does not take this message.',
  'too-many-commands': 'That was too much at once.',
  'too-many-subscriptions': 'You are in too many rooms at once.',
  'too-many-publishes': 'That was too much at once.',
  'too-many-channels': 'The server has too many rooms open just now.',
  'internal': 'The server made a mistake.',
  'unavailable': 'The server cannot store messages just now.',
  'log-full': 'The server has no room for further messages just now.',
  'connection-lost': 'The connection ended.',
  'closed': 'The conversation is over.',
};

/** @type {Record<string, string>} */
const CLOSES = {
  'closed': 'The server ended the conversation.',
  'unsupported-data': 'The server could not read what this page sent.',
  'too-large': 'A message was larger than the server takes.',
  'bad-credentials': 'This server asks for a sign-in. Sign in there, then connect again.',
  'token-expired': 'Your sign-in has expired. Sign in again, then connect again.',
  'revoked': 'Your sign-in has been withdrawn.',
  'wrong-issuer': 'This server does not take the sign-in that this browser has.',
  'wrong-audience': 'This server does not take the sign-in that this browser has.',
  'algorithm-not-allowed': 'This server does not take the sign-in that this browser has.',
  'bad-signature': 'This server does not take the sign-in that this browser has.',
  'not-allowed': 'You may not use this server.',
  'invalid-name': 'The server does not take this name.',
  'no-sub-protocol': 'The server does not speak the language of this page.',
  'bad-request': 'There can be no room of this name.',
};

/** A retry would fail again. */
const PERMANENT = new Set(['malformed', 'invalid-name', 'key-reused', 'too-large', 'unsupported-type', 'rejected']);

/** @param {{name: string}} error */
export function isPermanent({ name }) {
  return PERMANENT.has(name);
}

/** @param {{name: string, message: string}} error */
export function errorMessage({ name, message }) {
  return ERRORS[name] ?? (message || 'Something went wrong.');
}

/** @param {number} messages past their retention */
export function expiredMessage(messages) {
  return `${count(messages, 'message')} can no longer be had: the server keeps only the newest.`;
}

/** Stored, and then lost by the server's own log. */
export const FORGOTTEN = 'The server has forgotten this message.';

/** @param {string} name the reason of a final close */
export function closeMessage(name) {
  return CLOSES[name] ?? 'The server ended the conversation.';
}
