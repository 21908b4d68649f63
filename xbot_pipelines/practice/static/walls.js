// Pages and notices that are not what was asked for: gone, failed, rate limited, locked, suspended, "are you human".

import { element } from "./dom.js";

const WALLS = {
  locked: ["Your account has been locked.", "What you can do: confirm that this account is yours."],
  suspended: ["Your account is suspended and is not permitted to take this action.", "You can still read, not post."],
  challenge: ["Let's confirm you are a human", "Verify your identity to continue."],
};

/** The notice of a page that does not exist; X writes it with a curly apostrophe. */
export function missingPage() {
  return element("div", { testid: "error-detail", class: "notice" },
    element("span", {}, "Hmm...this page doesn’t exist. Try searching for something else."));
}

/** What stands in the place of content that could not be fetched. `retry` fetches again. */
export function failureNotice(error, retry) {
  const text = error.kind === "rate_limit"
    ? "Rate limit exceeded. Sorry, you are rate limited. Please wait a few moments then try again."
    : "Something went wrong. Try reloading.";
  return element("div", { class: "notice" },
    element("span", {}, text), element("button", { class: "button", on: { click: retry } }, "Retry"));
}

/** A whole page that stands before everything else, by the name of its wall. */
export function wallPage(wall) {
  const [title, detail] = WALLS[wall] ?? WALLS.locked;
  return element("main", { role: "main", class: "wall" }, element("h1", {}, title), element("p", {}, detail));
}

/** A dialog nobody has met before, over everything: a client has to stop at it. */
export function unknownDialog() {
  return element("div", { class: "cover" },
    element("div", { role: "dialog", "aria-modal": "true", class: "dialog", "aria-labelledby": "unknown-title" },
      element("h1", { id: "unknown-title" }, "A new way to see your circle is here"),
      element("p", {}, "Choose how your circle is shown before you continue."),
      element("button", { class: "button" }, "Choose later")));
}
