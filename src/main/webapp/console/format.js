/** @import { Member } from '../client/parley.js' */

const TIME = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const NUMBER = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const KILO = 1024;
const SHORT_ID = 4;

/** @param {Date} at */
export const time = at => TIME.format(at);

/** @param {Date} at */
export const fullTime = at => FULL.format(at);

/**
 * @param {Date} at
 * @param {Date} [now]
 */
export function day(at, now = new Date()) {
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (sameDay(at, now)) {
    return 'Today';
  }
  return sameDay(at, yesterday) ? 'Yesterday' : DAY.format(at);
}

/**
 * @param {Date} one
 * @param {Date} other
 */
export function sameDay(one, other) {
  return one.toDateString() === other.toDateString();
}

/** @param {number} bytes */
export function size(bytes) {
  if (bytes < KILO) {
    return `${bytes} bytes`;
  }
  const kilobytes = bytes / KILO;
  return kilobytes < KILO ? `${Math.round(kilobytes)} KB` : `${NUMBER.format(kilobytes / KILO)} MB`;
}

/**
 * @param {number} number
 * @param {string} one
 * @param {string} [many]
 */
export function count(number, one, many = `${one}s`) {
  return `${NUMBER.format(number)} ${number === 1 ? one : many}`;
}

/**
 * How a member is called on the page.
 *
 * @param {Member} member
 */
export function memberName({ user, name }) {
  if (name) {
    return name;
  }
  return user.startsWith('guest-') ? `Guest ${user.slice(6, 6 + SHORT_ID)}` : user;
}

/**
 * What tells a member from others who have chosen the same name, or one that looks like it: the user, or that it is a
 * guest, and which; empty where that is the name already.
 *
 * @param {Member} member
 */
export function memberId({ user, name }) {
  if (!name || name === user) {
    return '';
  }
  return user.startsWith('guest-') ? `guest ${user.slice(6, 6 + SHORT_ID)}` : user;
}

/**
 * The letter that stands for a member.
 *
 * @param {string} name
 */
export function initial(name) {
  const [first = '?'] = name.trim();
  return first.toLocaleUpperCase();
}

/**
 * One of eight colours, always the same for a user.
 *
 * @param {string} user
 */
export function hue(user) {
  let sum = 0;
  for (const character of user) {
    sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  }
  return `hue-${sum % 8}`;
}
