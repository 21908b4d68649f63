// Suggestions for #tags and @names while typing. Its trap is X's own: an invisible backdrop lies over the whole page
// while it is open, and Enter and Tab take the first suggestion instead of doing what they usually do.

import { hasFault } from "./config.js";
import { element, showLayer } from "./dom.js";

const TAG_OR_NAME = /(?:^|[^\p{L}\p{N}_])([#@][\p{L}\p{N}_]+)$/u;
const ANY_WORD = /([#@]?[\p{L}\p{N}_]{2,})$/u;
const TOKEN = hasFault("typeahead") ? ANY_WORD : TAG_OR_NAME;
const TAG_ENDINGS = ["tips", "daily", "matters"];
const NAME_ENDINGS = ["_daily", "_coach", "HQ"];

/** What would be offered for `token`: longer words that begin with it. Pure. */
function suggestionsFor(token) {
  return (token.startsWith("@") ? NAME_ENDINGS : TAG_ENDINGS).map((ending) => token + ending);
}

export class Typeahead {
  #editor;
  #token = null;
  #dismissed = null;
  #close = () => {};

  /** @param {Editor} editor  the field whose text it watches; call `update` after each of its changes */
  constructor(editor) {
    this.#editor = editor;
    editor.field.addEventListener("keydown", (event) => this.#keyDown(event), { capture: true });
    editor.field.addEventListener("blur", () => this.close());
  }

  get isOpen() { return this.#token !== null; }

  /** Open, change or close according to the word before the caret. */
  update() {
    const token = TOKEN.exec(this.#editor.beforeCaret)?.[1] ?? null;
    if (token === this.#token || (token !== null && token === this.#dismissed)) return;
    this.close();
    this.#dismissed = null;
    if (token !== null && document.activeElement === this.#editor.field) this.#open(token);
  }

  close() {
    this.#dismissed = this.#token;
    this.#token = null;
    this.#close();
    this.#close = () => {};
  }

  #open(token) {
    this.#token = token;
    const options = suggestionsFor(token).map((suggestion) => element("div", { role: "option" },
      element("button", { testid: "TypeaheadListItem", tabindex: "-1", on: { click: () => this.#accept(suggestion) } }, suggestion)));
    const place = this.#editor.field.getBoundingClientRect();
    const list = element("div", {
      role: "listbox", "aria-label": "Suggestions", class: "typeahead", style: `left: ${place.left}px; top: ${place.bottom + 4}px`,
    }, ...options);
    const backdrop = element("div", { class: "typeahead-backdrop", on: { click: () => this.close() } });
    const layer = element("div", { on: { mousedown: keepFocus } }, backdrop, list);
    this.#close = showLayer(layer);
  }

  #accept(suggestion) {
    const { length } = this.#token;
    this.close();
    this.#editor.replaceBeforeCaret(length, `${suggestion} `);
  }

  #keyDown(event) {
    if (!this.isOpen) return;
    if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") {
      stop(event);
      this.#accept(suggestionsFor(this.#token)[0]);
    } else if (event.key === "Escape") {
      stop(event);
      this.close();
    } else if (event.key === " ") {
      this.close();
    }
  }
}

function keepFocus(event) {
  event.preventDefault();
}

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}
