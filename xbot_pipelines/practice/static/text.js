// The text of a post as DOM: emoji as images with their character in `alt`, links, #tags and @names as anchors.

import { element } from "./dom.js";

const PARTS = /(?<link>https?:\/\/\S+)|(?<![\p{L}\p{N}_])(?<name>@\w{1,15})|(?<![\p{L}\p{N}_])(?<tag>#[\p{L}\p{N}_]+)|(?<emoji>\p{RGI_Emoji})/gv;

function emojiImage(emoji) {
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><text y="16" font-size="16">${emoji}</text></svg>`;
  return element("img", {
    alt: emoji, title: emoji, draggable: "false", class: "emoji",
    src: `data:image/svg+xml,${encodeURIComponent(picture)}`,
  });
}

function linkTo(shortLink, links) {
  const known = links.find((link) => link.url === shortLink);
  return element("a", { href: shortLink, rel: "noopener noreferrer nofollow", dir: "ltr" }, known?.display_url ?? shortLink);
}

function partNode({ link, name, tag, emoji }, links) {
  if (link) return linkTo(link, links);
  if (name) return element("a", { href: `/${name.slice(1)}`, dir: "ltr" }, name);
  if (tag) return element("a", { href: `/search?${new URLSearchParams({ q: tag, src: "hashtag_click" })}`, dir: "ltr" }, tag);
  return emojiImage(emoji);
}

/**
 * @param {string} text
 * @param {Array<{url: string, display_url: string}>} links  the post's `entities.urls`
 * @returns {Array<Node>} spans, anchors and images that read as `text`
 */
export function richText(text, links = []) {
  const nodes = [];
  let position = 0;
  for (const match of text.matchAll(PARTS)) {
    if (match.index > position) nodes.push(element("span", {}, text.slice(position, match.index)));
    nodes.push(partNode(match.groups, links));
    position = match.index + match[0].length;
  }
  if (position < text.length) nodes.push(element("span", {}, text.slice(position)));
  return nodes;
}
