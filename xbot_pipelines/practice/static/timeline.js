// A timeline that loads while the reader scrolls and keeps only the rows near the viewport in the document.
// Knows rows, heights and cursors; what a row looks like is the caller's `drawRow`.

import { element } from "./dom.js";
import { failureNotice } from "./walls.js";

const MOUNTED_ROWS = 60;
const GUESSED_HEIGHT = 130;
// More would ask for a second page before anybody has scrolled.
const PRELOAD_VIEWPORTS = 1;

export class Timeline {
  #rows = [];
  #mounted = new Map();
  #seenCursors = new Set();
  #cursor = null;
  #ended = false;
  #loading = false;
  #refreshPlanned = false;
  #above = element("div", { class: "spacer" });
  #below = element("div", { class: "spacer" });
  #foot = element("div");

  /**
   * @param {Object} options  `label` for screen readers; `fetchPage(cursor)` answers what instructions.js reads, null is the
   *   first page; `drawRow(row)` makes the cell of a row
   */
  constructor({ label, fetchPage, drawRow }) {
    this.fetchPage = fetchPage;
    this.drawRow = drawRow;
    this.list = element("div", { "aria-label": `Timeline: ${label}` }, this.#above, this.#below);
    this.element = element("section", { role: "region", class: "timeline" }, this.list, this.#foot);
  }

  /** Load the first page and follow the reader's scrolling from now on. Resolves when the first page is drawn. */
  async start() {
    addEventListener("scroll", () => this.#planRefresh(), { passive: true });
    addEventListener("resize", () => this.#planRefresh(), { passive: true });
    await this.#loadNext();
  }

  /** Put new rows on top, as X does with a post of one's own. */
  prepend(rows) {
    this.#rows.unshift(...rows.map(withHeight));
    this.#refresh();
  }

  /** Put `rows` in the place of `row`. */
  replace(row, rows) {
    this.#unmount(row);
    this.#rows.splice(this.#rows.indexOf(row), 1, ...rows.map(withHeight));
    this.#refresh();
  }

  /** Put new rows right behind the last row for which `matches(row)` holds; at the end when there is none. */
  insertBehind(matches, rows) {
    const place = this.#rows.findLastIndex(matches);
    this.#rows.splice(place === -1 ? this.#rows.length : place + 1, 0, ...rows.map(withHeight));
    this.#refresh();
  }

  async #loadNext() {
    this.#loading = true;
    this.#foot.replaceChildren(element("div", { role: "progressbar", class: "progress", "aria-label": "Loading" }));
    try {
      this.#take(await this.fetchPage(this.#cursor));
      this.#foot.replaceChildren();
      this.#loading = false;
    } catch (error) {
      this.#foot.replaceChildren(failureNotice(error, () => this.#loadNext()));
    }
    this.#refresh();
  }

  #take({ rows, bottomCursor, ended }) {
    // A pinned post comes twice, and a new post may move others to the next page: each entry is shown once.
    const known = new Set(this.#rows.map((row) => row.key));
    for (const row of rows) {
      if (known.has(row.key)) continue;
      known.add(row.key);
      this.#rows.push(withHeight(row));
    }
    // A cursor that comes back is the end too: following it would load the same page for ever.
    this.#ended = ended || this.#seenCursors.has(bottomCursor);
    this.#seenCursors.add(bottomCursor);
    this.#cursor = bottomCursor;
  }

  #planRefresh() {
    if (this.#refreshPlanned) return;
    this.#refreshPlanned = true;
    requestAnimationFrame(() => {
      this.#refreshPlanned = false;
      this.#refresh();
    });
  }

  #refresh() {
    this.#mountWindow(this.#firstOfWindow());
    const toEnd = this.list.getBoundingClientRect().bottom - innerHeight;
    if (!this.#ended && !this.#loading && toEnd < innerHeight * PRELOAD_VIEWPORTS) this.#loadNext();
  }

  #firstOfWindow() {
    const middle = innerHeight / 2 - this.list.getBoundingClientRect().top;
    let offset = 0;
    let index = 0;
    while (index < this.#rows.length && offset + this.#rows[index].height < middle) {
      offset += this.#rows[index].height;
      index += 1;
    }
    return Math.max(0, Math.min(index - MOUNTED_ROWS / 2, this.#rows.length - MOUNTED_ROWS));
  }

  #mountWindow(first) {
    const wanted = this.#rows.slice(first, first + MOUNTED_ROWS);
    const keep = new Set(wanted);
    [...this.#mounted.keys()].filter((row) => !keep.has(row)).forEach((row) => this.#unmount(row));
    let next = this.#below;
    for (const row of wanted.toReversed()) {
      if (!this.#mounted.has(row)) this.#mount(row, next);
      next = this.#mounted.get(row);
    }
    wanted.forEach((row) => { row.height = this.#mounted.get(row).offsetHeight; });
    this.#above.style.height = `${total(this.#rows.slice(0, first))}px`;
    this.#below.style.height = `${total(this.#rows.slice(first + MOUNTED_ROWS))}px`;
  }

  #mount(row, next) {
    const cell = this.drawRow(row);
    this.list.insertBefore(cell, next);
    this.#mounted.set(row, cell);
  }

  #unmount(row) {
    this.#mounted.get(row)?.remove();
    this.#mounted.delete(row);
  }
}

function withHeight(row) {
  return { ...row, height: GUESSED_HEIGHT };
}

function total(rows) {
  return rows.reduce((sum, row) => sum + row.height, 0);
}
