import { Parley } from '../client/parley.js';
import { Composer } from './composer.js';
import { CostsPanel } from './costs-panel.js';
import { byId, showText } from './dom.js';
import { takeSeat } from './guest.js';
import { MemberList } from './members.js';
import { listenForName, nameFrom } from './name.js';
import { People } from './people.js';
import { currentRoom, roomFrom } from './room-name.js';
import { Room } from './room.js';
import { Status } from './status.js';
import { wantedTransports } from './transports.js';

const seat = await takeSeat();
const { secret, name } = seat.read();
const parley = new Parley('channels', { secret, name: nameFrom(name ?? ''), transports: wantedTransports() });

const people = new People();
/** @type {Status | null} */
let status = null;
const room = new Room(parley, new MemberList(), () => status?.show());
status = new Status(parley, () => room.channel);
const composer = new Composer({
  publish: content => room.publish(content),
  wrote: something => room.wrote(something),
  turn: pages => room.turn(pages),
});
new CostsPanel(parley);
listenForName(parley, seat, people);
listenForRoom();

parley.addEventListener('open', () => seat.write({ secret: parley.secret }));
parley.onerror = ({ error }) => {
  if (error.name === 'bad-credentials' && seat.read().secret !== undefined) {
    seat.write({ secret: undefined });
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

function listenForRoom() {
  const input = byId('room', HTMLInputElement);
  const problem = byId('room-problem', HTMLElement);
  byId('room-form', HTMLFormElement).addEventListener('submit', event => {
    event.preventDefault();
    const wanted = roomFrom(input.value);
    if (wanted === null) {
      showText(problem, 'A room’s name has letters of the Latin alphabet, digits, and . _ ~ -');
      input.focus();
      return;
    }
    showText(problem, '');
    input.value = '';
    location.hash = wanted;
    people.close();
    composer.focus();
  });
  addEventListener('hashchange', () => room.enter(currentRoom()));
}
