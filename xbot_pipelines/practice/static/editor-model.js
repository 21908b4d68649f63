// What an editor holds: a string and a selection in it. Pure; the DOM is only ever a picture of it (editor.js).

export class EditorModel {
  #text = "";
  #anchor = 0;
  #focus = 0;

  get text() { return this.#text; }

  /** Offsets into `text`, in UTF-16 units; anchor is where the selection began, focus is the caret. */
  get selection() { return { anchor: this.#anchor, focus: this.#focus }; }

  get start() { return Math.min(this.#anchor, this.#focus); }

  get end() { return Math.max(this.#anchor, this.#focus); }

  get beforeCaret() { return this.#text.slice(0, this.start); }

  get lines() { return this.#text.split("\n"); }

  select(anchor, focus = anchor) {
    const inside = (offset) => Math.max(0, Math.min(offset, this.#text.length));
    this.#anchor = inside(anchor);
    this.#focus = inside(focus);
  }

  /** Put `text` in the place of the selection and the caret behind it. */
  insert(text) {
    this.replace(this.start, this.end, text.replace(/\r\n?/g, "\n"));
  }

  /** Put `text` in the place of [from, to) and the caret behind it. */
  replace(from, to, text) {
    this.#text = this.#text.slice(0, from) + text + this.#text.slice(to);
    this.select(from + text.length);
  }
}
