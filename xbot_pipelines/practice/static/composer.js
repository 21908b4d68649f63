// Writing a post: editor, toolbar, counter and button, and what becomes of it after the click. Where the composer stands
// (home, status page, dialog) is its caller's business.

import { mutate } from "./api.js";
import { viewer } from "./config.js";
import { element } from "./dom.js";
import { Editor } from "./editor.js";
import { avatar, addressOf } from "./post.js";
import { readPost } from "./shapes.js";
import { showToast } from "./toast.js";
import { Typeahead } from "./typeahead.js";
import { MAXIMUM_WEIGHT, weightedLength } from "./weight.js";

const COUNTED_FROM = 20;
const TRY_AGAIN = "Something went wrong, but don’t fret — let’s give it another shot.";
const REFUSALS = {
  185: "You've hit the daily post limit. Subscribe to Premium for higher limits.",
  186: "Your post is too long. Shorten it and try again.",
  187: "Whoops! You already said that.",
  226: "This request looks like it might be automated. To protect our users from spam and other malicious activity, we can't complete this action right now. Please try again later.",
  344: "You've hit the daily post limit. Subscribe to Premium for higher limits.",
  385: "You attempted to reply to a Post that is deleted or not visible to you.",
  433: "The original Post author restricted who can reply to this Post.",
};

/** The sentence a person reads when X does not take a post. */
function refusalText(error) {
  if (error.kind === "rate_limit") return "Sorry, you are rate limited. Please wait a few moments then try again.";
  return error.kind === "refused" ? REFUSALS[error.code] ?? error.message : TRY_AGAIN;
}

/** The variables of CreateTweet; `targetId` is the post that is answered, or null. */
function createVariables(text, targetId) {
  const reply = targetId === null ? {} : { reply: { in_reply_to_tweet_id: targetId, exclude_reply_user_ids: [] } };
  return {
    tweet_text: text,
    ...reply,
    dark_request: false,
    media: { media_entities: [], possibly_sensitive: false },
    semantic_annotation_ids: [],
  };
}

export class Composer {
  #sending = false;
  #targetId;
  #onPosted;
  #button;
  #counter = element("span", { class: "counter", "aria-live": "polite" });
  #editor;
  #typeahead;

  /**
   * @param {Object} options  `buttonTestId`: tweetButton (dialog) or tweetButtonInline; `targetId`: the post it answers, or
   *   null; `text`: what stands in it at first; `onPosted()`: called once X has taken the post. The document gets the event
   *   `posted` with `{post, targetId}` as well, for the timelines which show it.
   */
  constructor({ buttonTestId, targetId = null, text = "", onPosted = () => {} }) {
    const answering = targetId !== null;
    this.#targetId = targetId;
    this.#onPosted = onPosted;
    this.#editor = new Editor({ placeholder: answering ? "Post your reply" : "What’s happening?", onChange: () => this.#changed() });
    this.#typeahead = new Typeahead(this.#editor);
    this.#button = element("button", {
      testid: buttonTestId, class: "button primary", type: "button", on: { click: () => this.submit() },
    }, element("span", {}, answering ? "Reply" : "Post"));
    this.element = element("div", { class: "composer" }, avatar(viewer),
      element("div", { class: "composer-body" },
        element("div", { testid: "tweetTextarea_0RichTextInputContainer", class: "rich-text" }, this.#editor.element),
        this.#toolBar()));
    this.#editor.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.submit();
      }
    });
    if (text === "") this.#changed();
    else this.#editor.setText(text);
  }

  get isEmpty() { return this.#editor.text.trim() === ""; }

  get suggestionsAreOpen() { return this.#typeahead.isOpen; }

  focus() { this.#editor.focus(); }

  /** Send the post once. On success the editor empties; on refusal the text stays and a toast says why. */
  async submit() {
    if (!this.#maySend()) return;
    this.#setSending(true);
    try {
      // X keeps no white space around a post, so none is sent.
      const data = await mutate("CreateTweet", createVariables(this.#editor.text.trim(), this.#targetId));
      this.#taken(readPost(data.create_tweet?.tweet_results));
    } catch (error) {
      showToast(refusalText(error));
    } finally {
      this.#setSending(false);
    }
  }

  #taken(post) {
    if (post === null) {
      // Accepted or withheld, nobody can tell from an empty result: X's page treats it as a failure.
      showToast(TRY_AGAIN);
      return;
    }
    this.#editor.setText("");
    this.#onPosted();
    document.dispatchEvent(new CustomEvent("posted", { detail: { post, targetId: this.#targetId } }));
    showToast("Your post was sent.", addressOf(post));
  }

  #maySend() {
    return !this.#sending && !this.isEmpty && weightedLength(this.#editor.text.trim()) <= MAXIMUM_WEIGHT;
  }

  #setSending(sending) {
    this.#sending = sending;
    this.#changed();
  }

  #changed() {
    const left = MAXIMUM_WEIGHT - weightedLength(this.#editor.text.trim());
    this.#counter.textContent = left <= COUNTED_FROM ? String(left) : "";
    const blocked = !this.#maySend();
    this.#button.disabled = blocked;
    if (blocked) this.#button.setAttribute("aria-disabled", "true");
    else this.#button.removeAttribute("aria-disabled");
    this.#typeahead.update();
  }

  #toolBar() {
    const notHere = () => showToast("That is not part of practice X.");
    return element("div", { testid: "toolBar", class: "tool-bar" },
      element("nav", { "aria-label": "Media" },
        element("input", { testid: "fileInput", type: "file", multiple: true, accept: "image/jpeg,image/png,image/webp,image/gif,video/mp4", hidden: true }),
        element("button", { type: "button", "aria-label": "Add photos or video", class: "tool", on: { click: notHere } }, "▣")),
      this.#counter,
      element("button", { testid: "addButton", type: "button", "aria-label": "Add post", class: "tool", on: { click: notHere } }, "+"),
      this.#button);
  }
}
