// The text field of the composer, built like Draft.js: its own model apart from the DOM, a block for each line, and
// every change made by the model after stopping the browser's own. Knows nothing of posts.

import { element } from "./dom.js";
import { EditorModel } from "./editor-model.js";

const INSERTED_LINE = new Set(["insertParagraph", "insertLineBreak"]);

export class Editor {
  #model = new EditorModel();
  #contents = element("div", { "data-contents": "true" });
  #placeholder;

  /** @param {Object} options  `placeholder` shown while empty; `onChange()` after each change of text or caret */
  constructor({ placeholder, onChange }) {
    this.onChange = onChange;
    this.#placeholder = element("div", { class: "public-DraftEditorPlaceholder-root" }, placeholder);
    this.field = element("div", {
      testid: "tweetTextarea_0", class: "public-DraftEditor-content", role: "textbox", contenteditable: "true",
      "aria-multiline": "true", "aria-label": "Post text", spellcheck: "true", tabindex: "0",
    }, this.#contents);
    this.element = element("div", { class: "DraftEditor-root" },
      this.#placeholder, element("div", { class: "DraftEditor-editorContainer" }, this.field));
    this.field.addEventListener("beforeinput", (event) => this.#beforeInput(event));
    this.field.addEventListener("compositionend", () => this.#takeFromDom());
    document.addEventListener("selectionchange", () => this.#selectionChanged());
    this.#draw();
  }

  get text() { return this.#model.text; }

  get beforeCaret() { return this.#model.beforeCaret; }

  /** Replace everything, the caret behind it. */
  setText(text) {
    this.#change(() => this.#model.replace(0, this.#model.text.length, text));
  }

  /** Put `text` in the place of the `length` characters before the caret. */
  replaceBeforeCaret(length, text) {
    this.#change(() => this.#model.replace(this.#model.start - length, this.#model.start, text));
  }

  focus() {
    this.field.focus();
    this.#showSelection();
  }

  #change(how) {
    how();
    this.#draw();
    if (document.activeElement === this.field) this.#showSelection();
    this.onChange();
  }

  #beforeInput(event) {
    // An input method composes in the DOM itself and cannot be stopped; its result is taken over when it ends.
    if (event.isComposing || event.inputType === "insertCompositionText") return;
    event.preventDefault();
    this.#readSelection();
    if (INSERTED_LINE.has(event.inputType)) this.#change(() => this.#model.insert("\n"));
    else if (event.inputType.startsWith("insert")) this.#insert(event);
    else if (event.inputType.startsWith("delete")) this.#delete(event);
  }

  #insert(event) {
    const text = event.data ?? event.dataTransfer?.getData("text/plain") ?? "";
    this.#change(() => this.#model.insert(text));
  }

  #delete(event) {
    // The browser says what it would delete: a character, a word, a line, the selection.
    const [range] = event.getTargetRanges();
    if (!range) return;
    const from = this.#offsetOf(range.startContainer, range.startOffset);
    const to = this.#offsetOf(range.endContainer, range.endOffset);
    this.#change(() => this.#model.replace(from, to, ""));
  }

  #takeFromDom() {
    const text = [...this.#contents.children].map((block) => block.textContent).join("\n");
    this.setText(text);
  }

  #selectionChanged() {
    if (document.activeElement !== this.field) return;
    const { anchor, focus } = this.#model.selection;
    this.#readSelection();
    const now = this.#model.selection;
    if (now.anchor !== anchor || now.focus !== focus) this.onChange();
  }

  #draw() {
    this.#contents.replaceChildren(...this.#model.lines.map(block));
    this.#placeholder.hidden = this.#model.text !== "";
  }

  #readSelection() {
    const selection = getSelection();
    if (!selection.anchorNode || !this.field.contains(selection.anchorNode) || !this.field.contains(selection.focusNode)) return;
    this.#model.select(
      this.#offsetOf(selection.anchorNode, selection.anchorOffset),
      this.#offsetOf(selection.focusNode, selection.focusOffset));
  }

  #showSelection() {
    const { anchor, focus } = this.#model.selection;
    getSelection().setBaseAndExtent(...this.#pointAt(anchor), ...this.#pointAt(focus));
  }

  // Where a place in the DOM is in the text: the lines before its block, and what stands before it in its block.
  #offsetOf(node, offset) {
    const blocks = [...this.#contents.children];
    const range = document.createRange();
    let before = 0;
    for (const [index, current] of blocks.entries()) {
      range.selectNodeContents(current);
      const place = range.comparePoint(node, offset);
      if (place < 0) return Math.max(0, before - 1);
      if (place === 0) {
        range.setEnd(node, offset);
        return before + range.toString().length;
      }
      before += current.textContent.length + (index < blocks.length - 1 ? 1 : 0);
    }
    return before;
  }

  #pointAt(offset) {
    let left = offset;
    for (const current of this.#contents.children) {
      const length = current.textContent.length;
      if (left <= length) {
        const leaf = current.querySelector("[data-text]");
        return leaf.firstChild ? [leaf.firstChild, left] : [leaf.parentNode, 0];
      }
      left -= length + 1;
    }
    return [this.#contents, this.#contents.childNodes.length];
  }
}

function block(line, index) {
  const key = `line${index}-0-0`;
  const leaf = line === "" ? element("br", { "data-text": "true" }) : element("span", { "data-text": "true" }, line);
  return element("div", { "data-block": "true", "data-offset-key": key },
    element("div", { "data-offset-key": key, class: "public-DraftStyleDefault-block public-DraftStyleDefault-ltr" },
      element("span", { "data-offset-key": key }, leaf)));
}
