// The browser client, led by a test: reads a channel from its beginning over one transport, and prints each message as it
// comes: its position, and its data as JSON, or that it cannot be read. Arguments: the address of /channels, the transport,
// the channel, and how many.
import { Parley } from '../../main/webapp/client/parley.js';

const [address, transport, name, count] = process.argv.slice(2);
const parley = new Parley(address, { transports: [transport] });
const channel = parley.channel(name, { history: Number(count) });
let left = Number(count);

function came(line) {
  process.stdout.write(`${line}\n`);
  if (--left === 0) {
    parley.close();
    process.exit();
  }
}

channel.addEventListener('message', ({ message }) => came(`${message.position} ${JSON.stringify(message.data)}`));
channel.addEventListener('unreadable', ({ position }) => came(`${position} unreadable`));
for (const event of ['lost', 'forgotten', 'error']) {
  channel.addEventListener(event, ({ message = '' }) => came(`${event} ${message}`));
}
