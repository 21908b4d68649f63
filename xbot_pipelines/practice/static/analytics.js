// The analytics of one of the viewer's own posts: a dialog over the page of that post.

import { composeOver } from "./compose-dialog.js";
import { page } from "./config.js";
import { element, showLayer } from "./dom.js";
import { pageFrame } from "./layout.js";
import { exactCount } from "./numbers.js";
import { fetchActivity } from "./reads.js";
import { showStatus } from "./status.js";
import { failureNotice, missingPage } from "./walls.js";

const FIGURES = [
  ["Impressions", "Impressions"],
  ["Engagements", "Engagements"],
  ["DetailExpands", "Detail expands"],
  ["Follows", "New followers"],
  ["ProfileVisits", "Profile visits"],
  ["LinkClicks", "Link clicks"],
];

function figure(metrics, [name, text]) {
  return element("div", { class: "figure" },
    element("span", { class: "muted" }, text), element("strong", {}, exactCount(metrics.get(name) ?? 0)));
}

function openDialog(metrics) {
  const close = () => {
    remove();
    history.replaceState(null, "", `/${page.handle}/status/${page.id}`);
  };
  const dialog = element("div", { role: "dialog", "aria-modal": "true", "aria-label": "Post Analytics", class: "dialog" },
    element("div", { class: "dialog-bar" },
      element("button", { testid: "app-bar-close", type: "button", "aria-label": "Close", class: "tool", on: { click: close } }, "✕")),
    element("h2", { role: "heading" }, "Post Analytics"),
    element("div", { class: "figures" }, ...FIGURES.map((shown) => figure(metrics, shown))));
  const remove = showLayer(element("div", { class: "cover", testid: "sheetDialog" },
    element("div", { testid: "mask", class: "mask", on: { click: close } }), dialog));
}

/** Draw the post `page.id` into `root` and its figures above it; a post that is not the viewer's has no such page. */
export async function showAnalytics(root) {
  const draw = (parts) => root.replaceChildren(pageFrame("Post", parts, () => composeOver()));
  draw([]);
  let metrics;
  try {
    metrics = await fetchActivity(page.id);
  } catch (error) {
    draw([failureNotice(error, () => showAnalytics(root))]);
    return;
  }
  if (metrics === null) {
    draw([missingPage()]);
    return;
  }
  showStatus(root);
  openDialog(metrics);
}
