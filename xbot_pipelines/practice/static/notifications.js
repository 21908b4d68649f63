// The mentions: the posts that name the viewer, and the answers to the viewer's posts.

import { composeOver } from "./compose-dialog.js";
import { element } from "./dom.js";
import { pageFrame } from "./layout.js";
import { fetchMentionsPage } from "./reads.js";
import { rowCell } from "./rows.js";
import { Timeline } from "./timeline.js";

function tabs() {
  const tab = element("a", { role: "tab", href: "/notifications/mentions", "aria-selected": "true", class: "tab" }, "Mentions");
  return element("nav", { role: "navigation", "aria-label": "Notifications timelines" },
    element("div", { role: "tablist", class: "tabs" }, tab));
}

function nothingYet() {
  return element("div", { testid: "emptyState", class: "notice" },
    element("strong", {}, "Join the conversation"),
    element("span", {}, "When someone on X mentions you in a post or reply, you’ll find it here."));
}

/** Draw who wrote to the viewer into `root`; it goes on loading while the reader scrolls. */
export function showNotifications(root) {
  const below = element("div");
  const timeline = new Timeline({
    label: "Notifications",
    fetchPage: async (cursor) => {
      const reading = await fetchMentionsPage(cursor);
      if (cursor === null && reading.rows.length === 0) below.replaceChildren(nothingYet());
      return reading;
    },
    drawRow: (row) => rowCell(row, { onReply: (post) => composeOver(post.id) }),
  });
  root.replaceChildren(pageFrame("Notifications", [tabs(), timeline.element, below], () => composeOver()));
  timeline.start();
}
