// The short message at the bottom of the page that comes and goes.

import { hasFault } from "./config.js";
import { element, showLayer } from "./dom.js";

const SHOWN_MILLISECONDS = hasFault("toast_vanishes") ? 30 : 6000;

/**
 * Show a message for some seconds.
 * @param {string} message
 * @param {string|null} address  where its "View" link leads. The link is aria-hidden, as on X: role locators miss it.
 */
export function showToast(message, address = null) {
  if (hasFault("toast_never")) return;
  const view = address && element("div", { "aria-hidden": "true" }, element("a", { href: address }, "View"));
  const toast = element("div", { role: "alert", testid: "toast", class: "toast" }, element("span", {}, message), view);
  const remove = showLayer(toast);
  setTimeout(remove, SHOWN_MILLISECONDS);
}
