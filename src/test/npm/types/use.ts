// A program of a user of the package, in TypeScript: it must compile as strictly as theirs do.
import {
  Backoff, type Channel, type ChannelEventMap, type ChannelState, type Content, type History, type HistoryRange, type Lineage,
  type Log, LostEvent, type Member, type MemberEvent, type Message, newKey, Parley, type ParleyCloseEvent, ParleyError,
  type ParleyErrorEvent, type ParleyEventMap, type ParleyMessageEvent, type ParleyOptions, type ParleyState, type Position,
  type Presence, type PresenceEventMap, type Progress, type PublishOptions, type RecoveredEvent, type Start,
  type Subscription, type TokenSource, type Transport, type TransportEvent, type TransportFactory, type TransportListener,
  type TransportName, type TransportOptions, type WireRecord,
} from 'parley-client';
// @ts-expect-error internal
import { Emitter } from 'parley-client';
// @ts-expect-error internal
import { moved } from 'parley-client/position.js';
import { isAfter, isFirst } from 'parley-client/position.js';

interface Order { item: string; count: number }

const transports: TransportName[] = ['polling'];
const token: TokenSource = () => 'token';
const log: Log = (what, details) => console.debug(what, details);
const options: ParleyOptions = { transports, token, log, fetch, WebSocket, autoConnect: false, backoff: new Backoff({ first: 1 }) };
export const custom = (transport: TransportFactory): ParleyOptions => ({ transport });
const publishing: PublishOptions = { key: newKey(), onprogress: ({ sent }: Progress) => sent };

export function typed(parley: Parley): void {
  const orders = parley.subscribe<Order>('orders.london', { history: 50 });
  orders.addEventListener('message', event => {
    const count: number = event.data.count;
    const sender: string | undefined = event.message.from.name;
    void [count, sender];
  });
  orders.addEventListener('lost', ({ after, before }) => void ([after, before] satisfies (Position | null)[]));
  orders.addEventListener('recovered', ({ messages }) => messages.toFixed(), { once: true });
  orders.onerror = ({ error }) => error.retry && error.pause.toFixed();
  orders.presence.addEventListener('join', ({ member }) => member.user.length);
  parley.addEventListener('close', ({ reconnect, retryAt }) => reconnect && retryAt?.toFixed());
  parley.addEventListener('transport', ({ transport, before }) => [transport, before]);
  parley.addEventListener('error', ({ error }) => error instanceof ParleyError && error.code.toFixed());
  parley.addEventListener('forgotten', event => event instanceof LostEvent && event.channel.length);
  parley.addEventListener('unreadable', ({ channel, position }) => [channel, position]);
  parley.removeEventListener('statechange', () => {});
  void orders.publish({ item: 'tea', count: 1 }, publishing);
  void orders.publish(new Blob(['x']));
  void orders.history({ limit: 1 }).then(({ messages, more }) => more && messages[0].data.item.length);
  // @ts-expect-error an order has an item
  void orders.publish({ count: 1 });
  // @ts-expect-error no such event of this name has data
  orders.addEventListener('lost', event => event.data);
  // @ts-expect-error an order has no price
  orders.onmessage = ({ data }) => data.price;
  // @ts-expect-error internal
  orders.take;
  // @ts-expect-error internal
  parley.channel('a').pushed;
  const first: boolean = isFirst('e:1') && isAfter('e:2', 'e:1');
  orders.close();
  parley.connect();
  parley.close();
  first.valueOf();
}
export const published = (parley: Parley): Promise<Position> => parley.channel('chat.lobby').publish({ text: 'hi' }, publishing);
export const members = (parley: Parley): Member[] => parley.channel('chat.lobby').presence.members;
export const state = (parley: Parley): [ChannelState, ParleyState] => [parley.channel('chat.lobby').state, parley.state];
export const name: string | undefined = new Parley('channels', options).name;
export type All = [Channel, ChannelEventMap, Content, History, HistoryRange, Lineage, MemberEvent, Message, ParleyCloseEvent,
  ParleyErrorEvent, ParleyEventMap, ParleyMessageEvent, Presence, PresenceEventMap, RecoveredEvent, Start, Subscription,
  Transport, TransportEvent, TransportListener, TransportOptions, WireRecord];
