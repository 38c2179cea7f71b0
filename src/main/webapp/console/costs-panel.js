import { byId, element, showText } from './dom.js';
import { size } from './format.js';
import { median, MESSAGES, TransportCosts } from './transport-costs.js';
import { TRANSPORTS } from './transports.js';
/** @import { Parley } from '../client/parley.js' */
/** @import { Cost } from './transport-costs.js' */

const NONE = '–';
const COLUMNS = ['Requests', 'Sent', 'Received', 'Messages', 'Typical delay', 'Longest delay'];

/** The dialog that compares what each transport costs, measured over this network. */
export class CostsPanel {
  #dialog = byId('costs', HTMLDialogElement);
  #rows = byId('costs-rows', HTMLElement);
  #progress = byId('costs-progress', HTMLElement);
  #measure = byId('costs-measure', HTMLButtonElement);
  #parley;
  /** @type {TransportCosts | null} */
  #costs = null;

  /** @param {Parley} parley */
  constructor(parley) {
    this.#parley = parley;
    byId('costs-open', HTMLButtonElement).addEventListener('click', () => this.#dialog.showModal());
    byId('costs-close', HTMLButtonElement).addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('close', () => this.#stop());
    this.#measure.addEventListener('click', () => this.#toggle());
    this.#show();
  }

  #toggle() {
    if (this.#measuring) {
      this.#stop();
    } else {
      this.#costs = new TransportCosts(this.#parley, () => this.#show());
      this.#show();
    }
  }

  get #measuring() {
    return this.#costs !== null && !this.#costs.over;
  }

  #stop() {
    if (this.#measuring) {
      this.#costs?.stop();
    }
  }

  #show() {
    const published = this.#costs?.published ?? 0;
    this.#measure.textContent = this.#measuring ? 'Stop' : this.#costs ? 'Measure again' : 'Measure';
    const waiting = this.#parley.state === 'open' ? '' : ' There is no connection now.';
    showText(this.#progress, this.#costs ? `${published} of ${MESSAGES} messages published.${waiting}` : '');
    const names = Object.entries(TRANSPORTS);
    this.#rows.replaceChildren(...names.map(([name, title]) =>
      row(title, this.#costs?.costs.find(({ transport }) => transport === name))));
  }
}

/**
 * @param {string} title
 * @param {Cost} [cost]
 */
function row(title, cost) {
  const { requests = 0, sent = 0, received = 0, delays = [] } = cost ?? {};
  const typical = median(delays);
  const figures = [
    cost ? String(requests) : NONE,
    cost ? size(sent) : NONE,
    cost ? size(received) : NONE,
    cost ? String(delays.length) : NONE,
    typical === undefined ? NONE : milliseconds(typical),
    typical === undefined ? NONE : milliseconds(Math.max(...delays)),
  ];
  return element('tr', {},
    element('th', { text: title, attributes: { scope: 'row' } }),
    ...figures.map((text, index) => element('td', { text, attributes: { 'data-column': COLUMNS[index] } })));
}

/** @param {number} time */
function milliseconds(time) {
  return `${Math.max(Math.round(time), 1)} ms`;
}
