import { byId, element, showText } from './dom.js';
import { count, memberName } from './format.js';
import { avatar, idElements } from './message-view.js';
/** @import { Member } from '../client/parley.js' */

/** The members of the room. */
export class MemberList {
  #list = byId('members', HTMLElement);
  #more = byId('members-more', HTMLElement);
  #counts = [byId('people-count', HTMLElement), byId('members-count', HTMLElement)];

  /**
   * @param {{members: Member[], count: number}} presence
   * @param {string | null} user this client
   */
  show({ members, count: all }, user) {
    const entries = members.map(member => memberEntry(member, member.user === user));
    this.#list.replaceChildren(...entries);
    this.#counts.forEach(shown => (shown.textContent = String(all)));
    const others = all - members.length;
    showText(this.#more, others > 0 ? `and ${count(others, 'other')}` : '');
  }
}

/**
 * @param {Member} member
 * @param {boolean} own
 */
function memberEntry(member, own) {
  const name = memberName(member);
  const entry = element('li', {}, avatar(member.user, name), element('span', { className: 'name', text: name, dir: 'auto' }));
  entry.append(...idElements(member));
  if (own) {
    entry.append(element('span', { className: 'you', text: 'you' }));
  }
  return entry;
}
