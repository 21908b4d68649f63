// The compose dialog over a page: the composer in a modal, the post it answers, and leaving it with unsent text.
// The composer of the page behind stays mounted, as on X: there are two text fields in the document then.

import { page, viewer } from "./config.js";
import { Composer } from "./composer.js";
import { element, showLayer } from "./dom.js";
import { postArticle } from "./post.js";
import { fetchPost } from "./reads.js";
import { missingPage } from "./walls.js";

function confirmDiscard(onDiscard) {
  const close = () => remove();
  const sheet = element("div", { class: "cover" },
    element("div", { role: "alertdialog", "aria-modal": "true", testid: "confirmationSheetDialog", class: "dialog sheet" },
      element("h1", {}, "Discard post?"),
      element("p", {}, "This can’t be undone and you’ll lose your draft."),
      element("button", { testid: "confirmationSheetConfirm", class: "button danger", on: { click: () => { close(); onDiscard(); } } }, "Discard"),
      element("button", { testid: "confirmationSheetCancel", class: "button", on: { click: close } }, "Cancel")));
  const remove = showLayer(sheet);
}

async function answeredPost(id) {
  try {
    const post = await fetchPost(id);
    return post?.author ? postArticle(post, { onReply: () => {} }) : missingPage();
  } catch {
    // The editor works without the post above it: X refuses the answer itself when the post is gone.
    return missingPage();
  }
}

function openDialog({ targetId, text, onClosed }) {
  const close = () => { remove(); onClosed(); };
  const composer = new Composer({ buttonTestId: "tweetButton", targetId, text, onPosted: close });
  const leave = () => (composer.isEmpty ? close() : confirmDiscard(close));
  const answered = element("div", { class: "answered" });
  const dialog = element("div", { role: "dialog", "aria-modal": "true", "aria-label": "Compose post", class: "dialog compose" },
    element("div", { class: "dialog-bar" },
      element("button", { testid: "app-bar-close", type: "button", "aria-label": "Close", class: "tool", on: { click: leave } }, "✕")),
    answered, composer.element);
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
  });
  const layer = element("div", { class: "cover", testid: "sheetDialog" },
    element("div", { testid: "mask", class: "mask", on: { click: leave } }), dialog);
  const remove = showLayer(layer);
  composer.focus();
  if (targetId !== null) answeredPost(targetId).then((article) => answered.append(article));
}

/**
 * Open the dialog over the page that is shown; the address becomes the one of the dialog until it closes.
 * @param {string|null} targetId  the post to answer
 */
export function composeOver(targetId = null) {
  if (viewer === null) {
    location.assign("/login");
    return;
  }
  const behind = location.pathname + location.search;
  history.pushState(null, "", targetId === null ? "/compose/post" : `/compose/post?in_reply_to=${targetId}`);
  openDialog({ targetId, text: "", onClosed: () => history.replaceState(null, "", behind) });
}

/** Open the dialog which this page's own address asks for (/compose/post, /intent/post); home lies behind it. */
export function composeAsAddressed() {
  const asked = new URLSearchParams(location.search);
  openDialog({
    targetId: page.inReplyTo ?? asked.get("in_reply_to"),
    text: intentText(asked),
    onClosed: () => history.replaceState(null, "", "/home"),
  });
}

// The parameters of /intent/post: text, url, hashtags (with commas between), via.
function intentText(asked) {
  const tags = (asked.get("hashtags") ?? "").split(",").filter(Boolean).map((tag) => `#${tag}`);
  const via = asked.get("via");
  return [asked.get("text"), asked.get("url"), ...tags, via && `via @${via}`].filter(Boolean).join(" ");
}
