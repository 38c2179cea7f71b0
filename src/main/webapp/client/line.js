import { Backoff } from './backoff.js';
import { Connection } from './connection.js';
import { Crowd } from './crowd.js';
import { httpTransport } from './http-transport.js';
import { ALL, GOOD, Ladder } from './ladder.js';
import { RetryTimer } from './retry-timer.js';
import { socketTransport } from './socket-transport.js';
/** @import { Api } from './api.js' */
/** @import { WireRecord } from './codec.js' */
/** @import { Closing } from './connection.js' */
/** @import { ParleyError } from './errors.js' */
/** @import { Ending } from './ladder.js' */
/** @import { TransportFactory, TransportName } from './transport.js' */

/**
 * What a line is made of.
 *
 * @typedef {object} Way
 * @property {URL} url of the WebSocket
 * @property {URL} base the context root
 * @property {Api} api
 * @property {Backoff} backoff
 * @property {TransportName[]} [transports]
 * @property {TransportFactory} [factory] instead of all of them
 */

/**
 * Who is told, and asked.
 *
 * @typedef {object} Told
 * @property {() => void} connecting
 * @property {(connection: Connection) => Promise<any>} introduce says who one is; the promise has the answer
 * @property {(connection: Connection, connected: any) => void} opened in the place of the one there was, if there is one
 * @property {() => any[]} starts what one that is only tried shall read, to see whether it can
 * @property {(record: WireRecord) => void} pushed
 * @property {() => void} interrupted nothing is left of the connection there was
 * @property {(error: ParleyError) => void} refused the introduction
 * @property {(closing: Closing) => void} closed
 */

/**
 * One connection, and by which way.
 *
 * @typedef {object} Link
 * @property {TransportName} name
 * @property {Connection} connection
 * @property {boolean} open
 * @property {() => void} settled of one that is tried
 */

const FIRST_CLIMB = 20_000;
const LONGEST_CLIMB = 10 * 60_000;
const SOON = 1_000;

/**
 * The connection there is, over the best way there is: when it ends, the next one; and while it is not of the best way,
 * now and then a try of the better ones, beside it, so that nothing stops while it is tried.
 */
export class Line {
  #way;
  #told;
  #ladder;
  #crowd;
  /** Of the next try, once this one has ended. */
  timer;
  /** Pauses before the next try to go up: longer with each, whatever came of it. */
  #climbs = new Backoff({ first: FIRST_CLIMB, longest: LONGEST_CLIMB });
  #pause = this.#climbs.next();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #climbing;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #good;
  /** @type {Link | null} */
  #link = null;
  /** One that is only tried. @type {Link | null} */
  #trial = null;

  /**
   * @param {Way} way
   * @param {Told} told
   */
  constructor(way, told) {
    const { url, base, transports = ALL, factory } = way;
    this.#way = way;
    this.#told = told;
    this.#ladder = new Ladder(factory ? ['websocket'] : ALL.filter(name => transports.includes(name)), url.host);
    this.#crowd = new Crowd(base.href);
    this.timer = new RetryTimer(way.backoff, () => this.connect());
    if (!this.#ladder.name) {
      throw new TypeError(`None of the transports [${transports}] is one of [${ALL}].`);
    }
  }

  /** The one there is, even before it is open. */
  get connection() {
    return this.#link?.connection ?? null;
  }

  /** The way it takes, once it is open. */
  get name() {
    return this.#link?.open ? this.#link.name : null;
  }

  connect() {
    this.timer.stop();
    this.#told.connecting();
    this.#link = this.#open(this.#ladder.name, () => {});
  }

  /** There may be another network. */
  hope() {
    this.#climbs.reset();
    this.#climb(SOON);
  }

  /** Nothing is left of what there was; nobody is told. */
  drop() {
    clearTimeout(this.#good);
    clearTimeout(this.#climbing);
    this.timer.stop();
    this.#crowd.leave();
    const [link, trial] = [this.#link, this.#trial];
    this.#link = null;
    link?.connection.close();
    this.#give(trial);
  }

  /** The page goes away: a server that is only asked would not know for a while. */
  leave() {
    if (this.name && this.name !== 'websocket') {
      this.#way.api.leave();
    }
  }

  /**
   * @param {TransportName} name
   * @param {() => void} settled
   */
  #open(name, settled) {
    const { url, api, factory } = this.#way;
    const { quiet, patience } = this.#ladder;
    const carrier = factory ?? (name === 'websocket' ? socketTransport : httpTransport(name));
    const told = {
      opened: () => void this.#introduce(link),
      pushed: (/** @type {WireRecord} */ record) => link === this.#link && this.#told.pushed(record),
      closed: (/** @type {Closing} */ closing, /** @type {Ending} */ ending) => this.#closed(link, closing, ending),
    };
    const connection = new Connection(url, told, carrier, { quiet, patience, api });
    /** @type {Link} */
    const link = { name, connection, open: false, settled };
    return link;
  }

  /** @param {Link} link */
  async #introduce(link) {
    try {
      const connected = await this.#told.introduce(link.connection);
      if (link === this.#trial) {
        await this.#lasts(link);
      }
      this.#take(link, connected);
    } catch (error) {
      if (link === this.#link) {
        this.#told.refused(/** @type {ParleyError} */ (error));
      } else {
        this.#give(link);
      }
    }
  }

  /**
   * Whether it goes well is only seen after a while of doing what it is for.
   *
   * @param {Link} link
   */
  async #lasts(link) {
    const starts = this.#told.starts();
    if (link.name !== 'websocket' && starts.length > 0) {
      await link.connection.request('subscribe', starts);
    }
    if (link.name !== 'polling') {
      await new Promise(resolve => setTimeout(resolve, GOOD));
    }
  }

  /**
   * It is open, and from now on the one there is.
   *
   * @param {Link} link
   * @param {any} connected
   */
  #take(link, connected) {
    if (link === this.#trial) {
      const before = this.#link;
      this.#trial = null;
      this.#link = link;
      this.#told.interrupted();
      before?.connection.close();
    }
    if (link === this.#link) {
      link.open = true;
      this.#ladder.opened(link.name);
      this.#last(link);
      this.#told.opened(link.connection, connected);
      link.settled();
      this.#climb();
    }
  }

  /** @param {Link} link */
  async #last(link) {
    clearTimeout(this.#good);
    this.#good = setTimeout(() => {
      this.#way.backoff.reset();
      this.#ladder.good();
    }, GOOD);
    if (!waits(link.name)) {
      this.#crowd.leave();
    } else if (!(await this.#crowd.join()) && link === this.#link) {
      this.#try(this.#ladder.below.slice(-1));
    }
  }

  /**
   * @param {Link} link
   * @param {Closing} closing
   * @param {Ending} ending
   */
  #closed(link, closing, ending) {
    if (link !== this.#link) {
      this.#give(link);
    } else if (ending.told) {
      this.#told.closed(closing);
    } else if (link.open) {
      this.#told.closed(this.#ladder.ended(ending) ? { ...closing, within: 0 } : closing);
    } else if (this.#ladder.failed()) {
      this.connect();
    } else {
      this.#told.closed(closing);
    }
  }

  #climb(pause = this.#pause) {
    clearTimeout(this.#climbing);
    if (this.#link && this.#ladder.above.length > 0) {
      this.#climbing = setTimeout(() => this.#try(this.#ladder.above), pause);
    }
  }

  /**
   * Goes over to the first of these that works.
   *
   * @param {TransportName[]} names
   */
  async #try(names) {
    const from = this.#link;
    this.#pause = this.#climbs.next();
    for (const name of names) {
      // Even a try is one more request that waits, and one too many keeps all windows from asking anything.
      const room = !waits(name) || waits(from?.name) || (await this.#crowd.join());
      if (room && !this.#trial && from?.open && from === this.#link) {
        await new Promise(settled => (this.#trial = this.#open(name, () => settled(undefined))));
      }
      if (!waits(this.#link?.name)) {
        this.#crowd.leave();
      }
    }
    if (from === this.#link) {
      this.#climb();
    }
  }

  /** Tries it no more. @param {Link | null} link */
  #give(link) {
    if (link && link === this.#trial) {
      this.#trial = null;
      link.connection.close();
      link.settled();
    }
  }
}

/** Whether a request of it is always waiting. @param {TransportName} [name] */
function waits(name) {
  return name === 'sse' || name === 'long-polling';
}
