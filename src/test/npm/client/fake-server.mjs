// A server and the proxy before it, in place of the browser's own `fetch` and `WebSocket`. Its clock is the test's.

const STATUS = { 'bad-credentials': 401, 'token-expired': 401, 'unavailable': 503, 'not-found': 404 };

/**
 * What the proxy does: `upgrade` 'stripped', 'unanswered' or 'mute'; `buffers` streams; `idle` milliseconds of silence
 * that it cuts; `longest` milliseconds that an answer may take; `takes` gives the milliseconds that a publish takes;
 * `losesAnswers` counts publishes that are not answered; `away`: nothing can be reached; `foreign`: the page's origin is not
 * listed, so it may read no answer; `token` that whoever asks for bytes must show.
 */
export class FakeServer {
  obstacles = {};
  asked = [];
  sockets = 0;
  refusal = null;
  #logs = new Map();
  #waiting = new Set();
  #contents = new Map();
  #before = {};

  install() {
    const server = this;
    this.#before = { fetch: globalThis.fetch, WebSocket: globalThis.WebSocket };
    globalThis.fetch = (url, options) => this.#fetch(new URL(url), options);
    globalThis.WebSocket = class extends FakeSocket {
      constructor() {
        super(server);
      }
    };
  }

  uninstall() {
    Object.assign(globalThis, this.#before);
  }

  /** How often a path was asked for, by its beginning. */
  count(path) {
    return this.asked.filter(one => one.path.startsWith(path)).length;
  }

  /** A message of bytes, of which a reader by HTTP is told the address. */
  publishBytes(channel, type, bytes) {
    const position = this.publish(channel, null);
    const { message } = this.log(channel).at(-1);
    delete message.data;
    const content = `api/channels/${channel}/messages/${position}/content`;
    this.#contents.set(`channels/${channel}/messages/${position}/content`, bytes);
    Object.assign(message, { type, size: bytes.length, content });
    return position;
  }

  publish(channel, data, key) {
    const log = this.log(channel);
    const known = key === undefined ? undefined : log.find(message => message.key === key);
    if (known) {
      return known.message.position;
    }
    const position = `e:${log.length + 1}`;
    const message = { channel, position, from: { user: 'guest-2' }, at: '2026-11-22T07:21:00.123Z', data };
    log.push({ key, message });
    [...this.#waiting].forEach(wake => wake());
    return position;
  }

  log(channel) {
    return this.#logs.get(channel) ?? this.#logs.set(channel, []).get(channel);
  }

  after(channel, position) {
    return this.log(channel).slice(Number(position.split(':')[1])).map(({ message }) => message);
  }

  start({ channel, after, history = 0 }) {
    const { length } = this.log(channel);
    return after || `e:${Math.max(0, length - history)}`;
  }

  head(channel) {
    return `e:${this.log(channel).length}`;
  }

  /** Calls whenever something is published. */
  watch(wake) {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }

  #fetch(url, { method = 'GET', headers = {}, body, signal, mode } = {}) {
    const path = url.pathname.replace(/^.*\/api\//, '');
    this.asked.push({ method, path, url, headers, body });
    return new Promise((resolve, reject) => {
      const fail = () => reject(new TypeError('Failed to fetch'));
      if (signal?.aborted) {
        fail();
        return;
      }
      const { away, longest, foreign } = this.obstacles;
      signal?.addEventListener('abort', fail);
      if (longest) {
        setTimeout(fail, longest);
      }
      setTimeout(async () => {
        if (away || (foreign && mode !== 'no-cors')) {
          fail();
        } else if (this.refusal && method === 'GET' && path !== 'connection') {
          resolve(problem(this.refusal));
        } else if (path === 'events') {
          this.#events(url.searchParams, signal, resolve);
        } else {
          const answer = await this.#answer(method, path, url.searchParams, headers, body);
          if (!this.obstacles.away) {
            resolve(answer);
          }
        }
      }, 1);
    });
  }

  async #answer(method, path, query, headers, body) {
    const [, channel] = path.match(/^channels\/([^/]+)\/messages/) ?? [];
    if (path === 'connection') {
      return json({ connection: 'secret-1.part', user: 'guest-1', secret: 'secret-1' }, { 'Parley-Connection': 'secret-1.part' });
    }
    if (method === 'POST') {
      const data = JSON.parse(await body.text());
      await new Promise(resolve => setTimeout(resolve, this.obstacles.takes?.() ?? 0));
      const position = this.publish(channel, data, headers['Idempotency-Key']);
      if (this.obstacles.losesAnswers-- > 0) {
        return new Promise(() => {});
      }
      return json({ channel, position });
    }
    if (path === 'messages') {
      return json(await this.#read(query));
    }
    if (this.#contents.has(path)) {
      const { token } = this.obstacles;
      return token && headers.Authorization !== `Bearer ${token}`
        ? problem('bad-credentials')
        : new Response(this.#contents.get(path));
    }
    return problem('not-found');
  }

  async #read(query) {
    const starts = startsOf(query).map(start => ({ channel: start.channel, position: this.start(start) }));
    const news = () => starts.flatMap(({ channel, position }) => this.after(channel, position));
    if (news().length === 0 && query.get('wait') !== '0') {
      await new Promise(resolve => {
        const timer = setTimeout(resolve, 1_000 * Number(query.get('wait')));
        const unwatch = this.watch(() => {
          if (news().length > 0) {
            clearTimeout(timer);
            unwatch();
            resolve();
          }
        });
      });
    }
    const messages = news();
    const channels = starts.map(({ channel }) =>
      ({ channel, position: this.head(channel), head: this.head(channel), recovered: true }));
    return { channels, messages };
  }

  #events(query, signal, resolve) {
    const { longest, idle, buffers } = this.obstacles;
    if (buffers) {
      return;
    }
    const starts = startsOf(query);
    const places = new Map(starts.map(start => [start.channel, this.start(start)]));
    let stream;
    let silence;
    let beat;
    const body = new ReadableStream({ start: controller => (stream = controller) });
    const end = () => {
      clearTimeout(silence);
      clearInterval(beat);
      unwatch();
      try {
        stream.error(new TypeError('network error'));
      } catch {
        // It has ended.
      }
    };
    const send = text => {
      stream.enqueue(new TextEncoder().encode(text));
      clearTimeout(silence);
      silence = idle && setTimeout(end, idle);
    };
    const pump = () => {
      for (const [channel, position] of places) {
        this.after(channel, position).forEach(message => send(`data: ${JSON.stringify(message)}\n\n`));
        places.set(channel, this.head(channel));
      }
    };
    const unwatch = this.watch(pump);
    signal.addEventListener('abort', end);
    if (longest) {
      setTimeout(end, longest);
    }
    beat = setInterval(() => send(':\n'), 1_000 * Number(query.get('heartbeat')));
    const channels = [...places].map(([channel, position]) =>
      ({ channel, position, head: this.head(channel), recovered: true }));
    send(`retry: 2000\n\nevent: subscribed\ndata: ${JSON.stringify({ channels })}\n\n`);
    pump();
    resolve(new Response(body, { headers: { 'Content-Type': 'text/event-stream' } }));
  }
}

class FakeSocket {
  bufferedAmount = 0;
  #server;
  #places = new Map();
  #open = true;
  #silence;
  #unwatch = () => {};

  constructor(server) {
    this.#server = server;
    server.sockets++;
    const { upgrade, away, foreign } = server.obstacles;
    if (upgrade !== 'unanswered') {
      setTimeout(() => (upgrade === 'stripped' || away || foreign ? this.#end() : this.#begin()), 1);
    }
  }

  send(text) {
    if (this.#server.obstacles.upgrade !== 'mute') {
      setTimeout(() => this.#open && this.#carryOut(JSON.parse(text)), 1);
    }
  }

  close() {
    this.#open = false;
    clearTimeout(this.#silence);
    this.#unwatch();
  }

  #begin() {
    this.#unwatch = this.#server.watch(() => this.#pump());
    this.#heard();
    this.onopen();
  }

  #heard() {
    const { idle } = this.#server.obstacles;
    clearTimeout(this.#silence);
    this.#silence = idle && setTimeout(() => this.#end(), idle);
  }

  #end() {
    if (this.#open) {
      this.close();
      this.onclose({ code: 1006, reason: '' });
    }
  }

  #carryOut({ id, connect, subscribe, publish, ping }) {
    const server = this.#server;
    if (connect) {
      this.#say({ id, connected: { user: 'guest-1', secret: 'secret-1' } });
    } else if (subscribe) {
      const subscribed = subscribe.map(start => {
        const { channel } = start;
        this.#places.set(channel, server.start(start));
        return { channel, position: server.start(start), head: server.head(channel), recovered: true };
      });
      this.#say({ id, subscribed });
      this.#pump();
    } else if (publish) {
      this.#say({ id, published: { position: server.publish(publish.channel, publish.data, publish.key) } });
    } else if (ping) {
      this.#say({ id, pong: {} });
    } else {
      this.#say({ id, error: { code: 403, name: 'not-allowed' } });
    }
  }

  #pump() {
    if (this.#open && !this.#server.obstacles.away) {
      for (const [channel, position] of this.#places) {
        this.#server.after(channel, position).forEach(message => this.#say(message));
        this.#places.set(channel, this.#server.head(channel));
      }
    }
  }

  #say(record) {
    this.#heard();
    this.onmessage({ data: JSON.stringify(record) });
  }
}

function startsOf(query) {
  const [afters, histories] = [query.getAll('after'), query.getAll('history')];
  return query.getAll('channel').map((channel, index) =>
    ({ channel, after: afters[index], history: Number(histories[index] ?? 0) }));
}

function json(value, headers = {}) {
  return new Response(JSON.stringify(value), { headers: { 'Content-Type': 'application/json', ...headers } });
}

function problem(name) {
  const body = JSON.stringify({ name, detail: name, retry: name === 'unavailable' });
  return new Response(body, { status: STATUS[name] });
}
