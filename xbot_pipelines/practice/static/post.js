// One post as X shows it: the article with its author line, text and action bar. Draws only; asks nothing of the network.

import { viewer } from "./config.js";
import { element } from "./dom.js";
import { actionBarLabel, age, countedNoun, fullTime, visibleCount } from "./numbers.js";
import { richText } from "./text.js";
import { showToast } from "./toast.js";

function initial(person) {
  return Array.from(person.name)[0].toUpperCase();
}

/** The round picture of a person: a coloured disc with an initial, since nothing is loaded from outside. */
export function avatar(person) {
  const hue = Number(BigInt(person.id) % 360n);
  const disc = element("span", { class: "disc", style: `background: hsl(${hue} 45% 45%)`, "aria-hidden": "true" }, initial(person));
  return element("div", { testid: "Tweet-User-Avatar", class: "avatar" },
    element("div", { testid: `UserAvatar-Container-${person.handle}` },
      element("a", { href: `/${person.handle}`, tabindex: "-1", "aria-label": person.name }, disc)));
}

function nameLine(post, focal) {
  const { author } = post;
  const badge = author.verified
    ? element("span", { testid: "icon-verified", class: "verified", role: "img", "aria-label": "Verified account" }, "✓") : null;
  const handle = element("a", { href: `/${author.handle}`, tabindex: "-1" }, element("span", {}, `@${author.handle}`));
  const since = age(post.createdAt);
  const time = focal ? [] : [
    element("span", { "aria-hidden": "true" }, "·"),
    element("a", { href: addressOf(post), dir: "ltr", "aria-label": since.long }, timeElement(post, since.short)),
  ];
  return element("div", { testid: "User-Name", class: "user-name" },
    element("div", {}, element("a", { href: `/${author.handle}` }, ...richText(author.name)), badge),
    element("div", {}, handle, ...time));
}

function timeElement(post, text) {
  return element("time", { datetime: post.createdAt.toISOString() }, text);
}

/** Where the post lives: `/<handle>/status/<id>`. */
export function addressOf(post) {
  return `/${post.author.handle}/status/${post.id}`;
}

function textBlock(post, focal) {
  const whole = focal && post.longText !== null;
  const more = post.longText !== null && !focal
    ? element("a", { testid: "tweet-text-show-more-link", href: addressOf(post) }, "Show more") : null;
  const text = element("div", { testid: "tweetText", lang: post.language, dir: "auto", class: "tweet-text" },
    ...richText(whole ? post.longText : post.text, post.links));
  return [text, more];
}

function counter(count) {
  const shown = visibleCount(count);
  return shown && element("span", { testid: "app-text-transition-container" }, element("span", {}, element("span", {}, shown)));
}

function action(tag, icon, count, attributes) {
  return element(tag, { class: "action", ...attributes }, element("span", { "aria-hidden": "true" }, icon), counter(count) || null);
}

function notHere() {
  showToast("That is not part of practice X.");
}

function actionBar(post, onReply) {
  const { replies, reposts, likes, bookmarks, views } = post.counts;
  const label = actionBarLabel(post.counts);
  const seen = views === null ? "View post analytics" : `${countedNoun(views, "view", "views")}. View post analytics`;
  return element("div", { role: "group", "aria-label": label, class: "actions" },
    action("button", "↩", replies, {
      testid: "reply", "aria-label": `${countedNoun(replies, "Reply", "Replies")}. Reply`, on: { click: () => onReply(post) },
      ...(post.whoCanReply && { disabled: true, "aria-disabled": "true" }),
    }),
    action("button", "⟲", reposts, {
      testid: "retweet", "aria-label": `${countedNoun(reposts, "repost", "reposts")}. Repost`, on: { click: notHere },
    }),
    action("button", "♡", likes, {
      testid: "like", "aria-label": `${countedNoun(likes, "Like", "Likes")}. Like`, on: { click: notHere },
    }),
    action("a", "▮", views, { href: `${addressOf(post)}/analytics`, "aria-label": seen }),
    action("button", "⚐", 0, {
      testid: "bookmark", "aria-label": `${countedNoun(bookmarks, "Bookmark", "Bookmarks")}. Bookmark`, on: { click: notHere },
    }));
}

function openOnClick(article, post) {
  article.addEventListener("click", (event) => {
    const selecting = getSelection().toString() !== "";
    if (!event.target.closest("a, button") && !selecting) location.assign(addressOf(post));
  });
}

/**
 * @param {Object} post  as read by shapes.js
 * @param {Object} options  `focal`: the post a status page is about; `pinned`, `promoted`, `threaded`: how it stands in its
 *   timeline; `onReply(post)`: what the reply button does
 * @returns {HTMLElement} the `article`
 */
export function postArticle(post, { focal = false, pinned = false, promoted = false, threaded = false, onReply }) {
  const context = pinned ? element("div", { testid: "socialContext", class: "context" }, "Pinned") : null;
  const advert = promoted ? element("span", { class: "context" }, "Ad") : null;
  const answers = post.answersHandle && !focal
    ? element("div", { class: "answers" }, "Replying to ", element("a", { href: `/${post.answersHandle}` }, `@${post.answersHandle}`))
    : null;
  const when = focal
    ? element("div", { class: "when" }, element("a", { href: addressOf(post) }, timeElement(post, fullTime(post.createdAt)))) : null;
  const menu = viewer && element("button", { testid: "caret", class: "caret", "aria-label": "More", on: { click: notHere } }, "···");
  const article = element("article",
    { testid: "tweet", role: "article", tabindex: focal ? "-1" : "0", class: `post${threaded ? " threaded" : ""}` },
    context,
    element("div", { class: "post-columns" },
      avatar(post.author),
      element("div", { class: "post-body" },
        element("div", { class: "post-head" }, nameLine(post, focal), advert, menu),
        answers, ...textBlock(post, focal), when, actionBar(post, onReply))));
  if (!focal) openOnClick(article, post);
  return article;
}
