import { write } from '../../../main/webapp/client/codec.js';

// What the tests of the browser client put in the place of a server.

/** A transport whose other end is in the test's hands. */
export class FakeTransport {
  sent = [];
  closed = false;
  buffered = 0;

  constructor(listener) {
    this.listener = listener;
  }

  static all = [];

  static factory = (url, listener) => {
    const transport = new FakeTransport(listener);
    FakeTransport.all.push(transport);
    return transport;
  };

  static get last() {
    return FakeTransport.all[FakeTransport.all.length - 1];
  }

  send(command, bytes) {
    this.sent.push(JSON.parse(JSON.stringify(command)));
    if (bytes) {
      this.sent.push(write(command, bytes));
    }
  }

  close() {
    this.closed = true;
  }

  /** The last command of this name. */
  command(name) {
    return this.sent.filter(command => name in command).at(-1);
  }

  commands(name) {
    return this.sent.filter(command => name in command);
  }

  async push(...records) {
    this.listener.received(records);
    await settled();
  }

  async reply(name, reply, body) {
    await this.push({ id: this.command(name).id, [reply]: body });
  }

  async drop(code = 1006) {
    this.listener.closed({ code, reason: '' });
    await settled();
  }

  /** Opens, and answers the client's introduction. */
  async open(user = 'guest-1') {
    this.listener.opened();
    await settled();
    await this.reply('connect', 'connected', { connection: 'c1', user, secret: 'secret-1' });
  }

  /** Answers the subscription to the one channel there is. */
  async subscribe(position, head, more = {}) {
    const [{ channel }] = this.command('subscribe').subscribe;
    await this.reply('subscribe', 'subscribed', [{ channel, position, head, recovered: true, ...more }]);
  }
}

/** Until every promise that can be settled is. */
export function settled() {
  return new Promise(resolve => setImmediate(resolve));
}

export function message(offset, text = `m${offset}`, epoch = 'e') {
  return {
    channel: 'chat.lobby',
    position: `${epoch}:${offset}`,
    from: { user: 'guest-2', name: 'Bob' },
    at: '2026-11-22T07:21:00.123Z',
    data: { text },
  };
}
