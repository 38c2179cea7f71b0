// SPDX-License-Identifier: Apache-2.0
import type { Lineage, Position } from './position.js';

export type { Lineage, Position } from './position.js';

/** In fallback order, the best first. */
export type TransportName = 'websocket' | 'sse' | 'long-polling' | 'polling';

/** `idle` before the first `connect`; `waiting` for the next retry; `closed` by the server's word, or by `close` for good. */
export type ParleyState = 'idle' | 'connecting' | 'open' | 'waiting' | 'closed';

/** `waiting` for a connection, `joining`, `catching-up` with what was published before, `live`, or `closed`. */
export type ChannelState = 'waiting' | 'joining' | 'catching-up' | 'live' | 'closed';

/** A token, or a function that fetches one: called each time one is needed, and should not return one that has expired. */
export type TokenSource = string | (() => string | Promise<string>);

/** Takes a line of the debug log: what happened, and what belongs to it. */
export type Log = (what: string, details?: unknown) => void;

/** Who published, or is present. Two users may have the same name. */
export interface Member {
  user: string;
  /** For display. */
  name?: string;
}

/** What was flushed of an upload so far. That all of it was does not say that the server has it: only its reply does. */
export interface Progress {
  /** Bytes. */
  sent: number;
  /** Bytes. */
  total: number;
}

export interface ParleyOptions {
  /** For display. */
  name?: string;
  /** That makes a guest the same guest again; see `Parley.secret`. */
  secret?: string;
  /**
   * Of a user who is no guest. A function is called for each connection, and again before the token expires; with a string
   * the connection ends when it expires.
   */
  token?: TokenSource;
  /**
   * The most in flight, of each channel: 1, the default, keeps the order even when the server refuses a message for a
   * while; more are faster.
   */
  publishesUnderWay?: number;
  /** False: it connects when `connect` is called. */
  autoConnect?: boolean;
  /** Takes a debug log: each state, and what goes over the wire, without tokens and secrets. */
  log?: Log;
  /** Before reconnects. */
  backoff?: Backoff;
  /** To choose from, by default all: the best that works is used. */
  transports?: TransportName[];
  /** One of your own, instead of all of them. */
  transport?: TransportFactory;
  /** For the HTTP transports and the bytes of messages, instead of the platform's own: to add a header, to count or to log. */
  fetch?: typeof globalThis.fetch;
  /** The same for WebSocket: what is constructed with an address and a sub-protocol. The package `ws` has one. */
  WebSocket?: new (url: URL, protocol: string) => any;
}

/** Where a subscription starts: so many of the newest messages, or all after a position; from now on without either. */
export interface Start {
  history?: number;
  after?: Position;
}

export interface HistoryRange {
  /** Exclusive; without it, the newest. */
  before?: Position;
  /** By default 50. */
  limit?: number;
}

export interface History<T = any> {
  /** The oldest first. */
  messages: Message<T>[];
  /** Whether there is still something before the first one. */
  more: boolean;
}

export interface PublishOptions {
  /** Makes it idempotent: publishing again with the same one stores nothing more. */
  key?: string;
  /**
   * Gives it up: the promise fails with the signal's reason, at once. What was sent already may have been stored all the
   * same.
   */
  signal?: AbortSignal;
  /** Of bytes. */
  onprogress?: (progress: Progress) => void;
  /** The media type of bytes that are no `Blob`. */
  type?: string;
}

/** What can be published: a JSON value, or bytes. */
export type Content<T = any> = T | Blob | ArrayBuffer | ArrayBufferView;

/** One message of a channel; `T` is what its data are. */
export class Message<T = any> {
  private constructor();
  readonly channel: string;
  readonly position: Position;
  readonly from: Member;
  /** When the server took it. */
  readonly at: Date;
  /** The media type of a message of bytes, or of JSON that was too large to come along, else null. */
  readonly contentType: string | null;
  /** Of that, in bytes, else null. */
  readonly size: number | null;
  /** Where what was too large to come along is, else null. Where guests are not let in it needs the login's cookie: see `blob`. */
  readonly url: string | null;
  /** A JSON value, or a `Blob` of bytes that came along; null where they did not. */
  readonly data: T;
  /**
   * The bytes, fetched as this client where the message has only their URL, which gives most types as
   * `application/octet-stream`. Their type is whatever the publisher says: show as a page only what you trust.
   *
   * @throws ParleyError of the server
   */
  blob(): Promise<Blob>;
  /** The JSON value, fetched where the message has only its URL. */
  json(): Promise<T>;
}

/** A message. `data` is its JSON value or, where bytes came along, a `Blob`. */
export class ParleyMessageEvent<T = any> extends Event {
  constructor(message: Message<T>);
  readonly message: Message<T>;
  readonly data: T;
  readonly lastEventId: Position;
}

/** The connection ended. With `reconnect` it reconnects by itself, at `retryAt` (milliseconds since 1970). */
export class ParleyCloseEvent extends Event {
  constructor(disconnect: { code: number; name: string; reconnect: boolean }, retryAt: number | null);
  readonly code: number;
  readonly reason: string;
  readonly reconnect: boolean;
  readonly retryAt: number | null;
}

/** An error that belongs to no call. */
export class ParleyErrorEvent extends Event {
  constructor(error: ParleyError);
  readonly error: ParleyError;
  readonly message: string;
}

/** A member joined or left. */
export class MemberEvent extends Event {
  constructor(type: 'join' | 'leave', member: Member);
  readonly member: Member;
}

/**
 * Messages that the log has no more. `lost` are those past their retention, which will never be delivered; without `after`
 * and `before` it is not known which: the log was begun anew. `forgotten` are those that were delivered, or acknowledged,
 * and that the log itself does not know: its database has failed over to one without them, or was restored. What follows
 * comes right after `after`.
 */
export class LostEvent extends Event {
  constructor(type: 'lost' | 'forgotten', channel: string, range?: { after?: Position; before?: Position });
  readonly channel: string;
  /** Exclusive. */
  readonly after: Position | null;
  /** Exclusive. */
  readonly before: Position | null;
}

/** A message that cannot be read; the next one is delivered as ever. */
export class UnreadableEvent extends Event {
  constructor(channel: string, position: Position);
  readonly channel: string;
  readonly position: Position;
}

/** After an interruption all that was published meanwhile was delivered: so many `messages`. */
export class RecoveredEvent extends Event {
  constructor(channel: string, messages: number);
  readonly channel: string;
  readonly messages: number;
}

/** The transport has changed. */
export class TransportEvent extends Event {
  constructor(transport: TransportName, before: TransportName | null);
  readonly transport: TransportName;
  readonly before: TransportName | null;
}

/** What the server refused, or why a connection ended: `code` and `name` are the wire's. */
export class ParleyError extends Error {
  constructor(wire: { code?: number; name?: string; message?: string; retry?: boolean; pause?: number });
  readonly code: number;
  /** Whether the same may succeed later. */
  readonly retry: boolean;
  /** Milliseconds to wait before a retry, as the server asks. */
  readonly pause: number;
}

/** Exponential backoff with jitter: each delay is about twice the one before, and half of it is random. */
export class Backoff {
  /** Both in milliseconds, by default 500 and 30,000. */
  constructor(options?: { first?: number; longest?: number });
  /** The next delay in milliseconds. */
  next(): number;
  reset(): void;
}

/** A random idempotency key, to publish with. */
export function newKey(): string;

/** An `EventTarget` whose events are known by their names. */
declare class Emitter<Events> extends EventTarget {
  addEventListener<K extends keyof Events & string>(
    type: K,
    listener: ((event: Events[K]) => void) | { handleEvent(event: Events[K]): void } | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof Events & string>(
    type: K,
    listener: ((event: Events[K]) => void) | { handleEvent(event: Events[K]): void } | null,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void;
}

export interface ChannelEventMap<T = any> {
  message: ParleyMessageEvent<T>;
  unreadable: UnreadableEvent;
  lost: LostEvent;
  forgotten: LostEvent;
  recovered: RecoveredEvent;
  error: ParleyErrorEvent;
  statechange: Event;
}

export interface ParleyEventMap {
  open: Event;
  close: ParleyCloseEvent;
  transport: TransportEvent;
  message: ParleyMessageEvent;
  unreadable: UnreadableEvent;
  lost: LostEvent;
  forgotten: LostEvent;
  recovered: RecoveredEvent;
  error: ParleyErrorEvent;
  statechange: Event;
}

export interface PresenceEventMap {
  change: Event;
  join: MemberEvent;
  leave: MemberEvent;
}

/**
 * Who is on a channel. `change` comes when the list has changed, and `join` and `leave` when one member came or went while
 * this client was there to see it.
 */
export class Presence extends Emitter<PresenceEventMap> {
  private constructor();
  onchange: ((event: Event) => void) | null;
  onjoin: ((event: MemberEvent) => void) | null;
  onleave: ((event: MemberEvent) => void) | null;
  /** Those known, the longest present first. A channel with very many members does not name them all. */
  get members(): Member[];
  /** Of all members. */
  get count(): number;
}

/** What a channel and one owner's hold on it have in common. */
declare class Cursor<T> extends Emitter<ChannelEventMap<T>> {
  protected constructor();
  onmessage: ((event: ParleyMessageEvent<T>) => void) | null;
  onunreadable: ((event: UnreadableEvent) => void) | null;
  onlost: ((event: LostEvent) => void) | null;
  onforgotten: ((event: LostEvent) => void) | null;
  onrecovered: ((event: RecoveredEvent) => void) | null;
  onerror: ((event: ParleyErrorEvent) => void) | null;
  onstatechange: ((event: Event) => void) | null;
  get name(): string;
  get state(): ChannelState;
  /** Where a later client would go on: hand it to `channel` as `after`. */
  get position(): Position | null;
  /** By which positions of several epochs are compared: see `isAfter` of `position.js`. */
  get lineage(): Lineage;
  get presence(): Presence;
  /**
   * The promise has the position once the message is committed, however many connections that takes; what is published
   * first is stored first.
   */
  publish(content: Content<T>, options?: PublishOptions): Promise<Position>;
  /** Publishes a JSON value at most once, over the current connection: for what is worth nothing later, as a typing mark. */
  tell(content: T): Promise<Position>;
  /** What was published earlier, whether this client is on the channel or not. */
  history(range?: HistoryRange): Promise<History<T>>;
}

/**
 * A subscription: this client's cursor over a channel. Each message is delivered once and in order, however often the
 * connection is lost meanwhile.
 */
export class Channel<T = any> extends Cursor<T> {
  private constructor();
  /** Unsubscribes, whoever shares it. */
  close(): void;
}

/** One owner's hold on a channel that several share: each has its own handlers and its own end. */
export class Subscription<T = any> extends Cursor<T> {
  private constructor();
  /** Ends this owner's hold: nothing comes here any more, and the others notice nothing. */
  close(): void;
}

/** The client: it stays connected to a Parley server by reconnecting and, over HTTP, by fallback transports. */
export class Parley extends Emitter<ParleyEventMap> {
  /**
   * Connects at once, unless `autoConnect` is false.
   *
   * @param url of the endpoint, relative to the page or to the script of a worker
   */
  constructor(url: string | URL, options?: ParleyOptions);
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: ParleyMessageEvent) => void) | null;
  onunreadable: ((event: UnreadableEvent) => void) | null;
  onclose: ((event: ParleyCloseEvent) => void) | null;
  onerror: ((event: ParleyErrorEvent) => void) | null;
  ontransport: ((event: TransportEvent) => void) | null;
  onrecovered: ((event: RecoveredEvent) => void) | null;
  onlost: ((event: LostEvent) => void) | null;
  onforgotten: ((event: LostEvent) => void) | null;
  onstatechange: ((event: Event) => void) | null;
  get state(): ParleyState;
  /** This client's user id; null before the first `open`. */
  get user(): string | null;
  get name(): string | undefined;
  /** Keep it, and hand it to the next `Parley`, to be the same guest again. Undefined for a user who is no guest. */
  get secret(): string | undefined;
  /** The current one, or the last; null before the first `open`. */
  get transport(): TransportName | null;
  /** When the next retry is due, in milliseconds since 1970; null when none is. */
  get retryAt(): number | null;
  /** How many published messages are not acknowledged yet. */
  get unacknowledged(): number;
  /**
   * Connects, where the options said not to by itself, or where the server has ended it.
   *
   * @throws ParleyError `closed` after `close`
   */
  connect(): void;
  /** Subscribes. A second call returns the same one, and its `close` ends it for all; `start` is the first call's. */
  channel<T = any>(name: string, start?: Start): Channel<T>;
  /** Subscribes for one owner: the channel is shared, and ends with the last. */
  subscribe<T = any>(name: string, start?: Start): Subscription<T>;
  /** Reconnects at once instead of after the backoff, also where the server has ended it. After `close` it does nothing. */
  retry(): void;
  /** Changes the display name. The name is part of the handshake, so it reconnects. */
  rename(name: string | undefined): void;
  /** Disconnects for good, and closes all channels. Publishes that are not acknowledged fail. */
  close(): void;
}

/** One line of the wire, read: see the server's AsyncAPI description. */
export type WireRecord = Record<string, any> & { bytes?: Uint8Array };

/** Carries one connection: commands go in, replies and pushes come out. */
export interface Transport {
  /** Only between `opened` and `closed`. */
  send(command: Record<string, unknown>, bytes?: Blob): void;
  /** No callback after this; what was sent may still arrive. */
  close(code?: number, reason?: string): void;
  /** Bytes of what was sent that have not left yet. */
  readonly buffered: number;
}

/** The callbacks of a transport: `opened` once, then `received`; `closed` once, whatever went before. */
export interface TransportListener {
  opened(): void;
  /** With no records where there was only a heartbeat. */
  received(records: WireRecord[]): void;
  closed(closing: { code: number; reason: string }): void;
}

export interface TransportOptions {
  /** The heartbeat's interval: milliseconds without traffic before a ping. */
  quiet: number;
  /** The connect timeout: milliseconds until something must have been received. */
  patience: number;
}

export type TransportFactory = (url: URL, listener: TransportListener, options: TransportOptions) => Transport;
