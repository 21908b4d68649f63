// The bar about cookies which a browser meets on its very first visit.

import { cookie } from "./config.js";
import { element, showLayer } from "./dom.js";

const YEAR_SECONDS = 31_536_000;

/** Show the bar unless this browser has answered it before. */
export function showCookieBarOnce() {
  if (cookie("seen") !== null) return;
  const dismiss = () => {
    document.cookie = `seen=1; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
    remove();
  };
  const choice = (text) => element("button", { class: "button", on: { click: dismiss } }, text);
  const remove = showLayer(element("div", { testid: "BottomBar", class: "cookie-bar" },
    element("span", {}, "Practice X uses cookies as the real site does: one to keep you logged in."),
    choice("Accept all cookies"), choice("Refuse non-essential cookies")));
}
