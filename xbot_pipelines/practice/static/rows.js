// One row of a timeline: the cell with a post, a tombstone, people to follow or a button for more inside it.

import { element } from "./dom.js";
import { avatar, postArticle } from "./post.js";

function peopleToFollow(people) {
  const cells = people.map((person) => element("div", { testid: "UserCell", class: "person" }, avatar(person),
    element("div", {}, element("a", { href: `/${person.handle}` }, element("strong", {}, person.name)),
      element("div", { class: "muted" }, `@${person.handle}`))));
  return element("aside", { "aria-label": "Who to follow", class: "people" }, element("h2", {}, "Who to follow"), ...cells);
}

function content(row, { focalId, onReply, onMore }) {
  if (row.post) return postArticle(row.post, { ...row, focal: row.post.id === focalId, onReply });
  if (row.tombstone) return element("div", { class: "tombstone" }, element("span", {}, row.tombstone));
  if (row.people) return peopleToFollow(row.people);
  return element("button", { class: "more", on: { click: () => onMore(row) } }, "Show more replies");
}

/**
 * @param {Object} row  as read by instructions.js
 * @param {Object} context  `focalId` of a status page; `onReply(post)`; `onMore(row)` fetches what a cursor row stands for
 * @returns {HTMLElement} the `cellInnerDiv`
 */
export function rowCell(row, context) {
  return element("div", { testid: "cellInnerDiv" }, element("div", {}, content(row, context)));
}
