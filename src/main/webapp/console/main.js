import { Parley } from '../client/parley.js';
import { Composer } from './composer.js';
import { ConnectionStatus } from './connection-status.js';
import { CostsPanel } from './costs-panel.js';
import { bindNameForm, normalizeName } from './display-name.js';
import { byId, showText } from './dom.js';
import { claimGuestProfile } from './guest-profile.js';
import { MemberList } from './member-list.js';
import { currentRoom, normalizeRoom } from './room-name.js';
import { Room } from './room.js';
import { SidePanel } from './side-panel.js';
import { wantedTransports } from './transports.js';

const profile = await claimGuestProfile();
const { secret, name } = profile.read();
const parley = new Parley('channels', { secret, name: normalizeName(name ?? ''), transports: wantedTransports() });

const sidePanel = new SidePanel();
/** @type {ConnectionStatus | null} */
let status = null;
const room = new Room(parley, new MemberList(), () => status?.show());
status = new ConnectionStatus(parley, () => room.channel);
const composer = new Composer({
  publish: content => room.publish(content),
  edited: something => room.edited(something),
  scrollPages: pages => room.scrollPages(pages),
});
new CostsPanel(parley);
bindNameForm(parley, profile, sidePanel);
bindRoomForm();

parley.addEventListener('open', () => profile.write({ secret: parley.secret }));
parley.onerror = ({ error }) => {
  if (error.name === 'bad-credentials' && profile.read().secret !== undefined) {
    profile.write({ secret: undefined });
    location.reload();
  }
};
addEventListener('beforeunload', event => {
  if (parley.unacknowledged > 0) {
    event.preventDefault();
  }
});

room.enter(currentRoom());
composer.focus();

function bindRoomForm() {
  const input = byId('room', HTMLInputElement);
  const problem = byId('room-problem', HTMLElement);
  byId('room-form', HTMLFormElement).addEventListener('submit', event => {
    event.preventDefault();
    const wanted = normalizeRoom(input.value);
    if (wanted === null) {
      showText(problem, 'A room’s name has letters of the Latin alphabet, digits, and . _ ~ -');
      input.focus();
      return;
    }
    showText(problem, '');
    input.value = '';
    location.hash = wanted;
    sidePanel.close();
    composer.focus();
  });
  addEventListener('hashchange', () => room.enter(currentRoom()));
}
