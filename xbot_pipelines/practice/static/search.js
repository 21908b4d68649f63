// The search page: the query on top, the tabs of its two products, and what was found.

import { composeOver } from "./compose-dialog.js";
import { page } from "./config.js";
import { element } from "./dom.js";
import { pageFrame } from "./layout.js";
import { fetchSearchPage } from "./reads.js";
import { rowCell } from "./rows.js";
import { Timeline } from "./timeline.js";

function tabs() {
  const address = (extra) => `/search?${new URLSearchParams({ q: page.query, src: "typed_query", ...extra })}`;
  const tab = (text, product, extra) => element("a", {
    role: "tab", href: address(extra), "aria-selected": String(product === page.product), class: "tab",
  }, text);
  return element("nav", { role: "navigation", "aria-label": "Search timelines" },
    element("div", { role: "tablist", class: "tabs" }, tab("Top", "Top", {}), tab("Latest", "Latest", { f: "live" })));
}

function nothingFound() {
  return element("div", { testid: "emptyState", class: "notice" },
    element("strong", {}, `No results for “${page.query}”`),
    element("span", {}, "Try searching for something else."));
}

/** Draw what `page.query` finds into `root`; it goes on loading while the reader scrolls. */
export function showSearch(root) {
  const below = element("div");
  const timeline = new Timeline({
    label: "Search timeline",
    fetchPage: async (cursor) => {
      const reading = await fetchSearchPage(page.query, page.product, cursor);
      if (cursor === null && reading.rows.length === 0) below.replaceChildren(nothingFound());
      return reading;
    },
    drawRow: (row) => rowCell(row, { onReply: (post) => composeOver(post.id) }),
  });
  root.replaceChildren(pageFrame("Search", [tabs(), timeline.element, below], () => composeOver()));
  timeline.start();
}
