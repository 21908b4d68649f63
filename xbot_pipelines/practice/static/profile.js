// A person's page: who they are, their counts, and their posts or replies.

import { composeOver } from "./compose-dialog.js";
import { page, viewer } from "./config.js";
import { element } from "./dom.js";
import { fetchPerson, fetchTimelinePage } from "./reads.js";
import { pageFrame } from "./layout.js";
import { followerCount } from "./numbers.js";
import { avatar } from "./post.js";
import { rowCell } from "./rows.js";
import { richText } from "./text.js";
import { Timeline } from "./timeline.js";
import { failureNotice, missingPage } from "./walls.js";

function countLink(href, count, noun) {
  return element("a", { href, class: "count" },
    element("span", {}, element("strong", {}, count === null ? "" : followerCount(count))), " ", element("span", { class: "muted" }, noun));
}

function joined(person) {
  const month = new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" }).format(person.createdAt);
  return element("span", { testid: "UserJoinDate", class: "muted" }, element("span", {}, `Joined ${month}`));
}

function profileHeader(person) {
  const badge = person.verified ? element("span", { testid: "icon-verified", class: "verified", role: "img", "aria-label": "Verified account" }, "✓") : null;
  const lock = person.isProtected ? element("span", { testid: "icon-lock", role: "img", "aria-label": "Protected account" }, "🔒") : null;
  const followers = person.followers === 1 ? "Follower" : "Followers";
  return element("div", { class: "profile" },
    avatar(person),
    element("div", { testid: "UserName", class: "profile-name" },
      element("div", {}, element("strong", {}, ...richText(person.name)), badge, lock), element("div", { class: "muted" }, `@${person.handle}`)),
    element("div", { testid: "UserDescription", dir: "auto" }, ...richText(person.description)),
    element("div", { testid: "UserProfileHeader_Items" }, joined(person)),
    element("div", { class: "counts" },
      countLink(`/${person.handle}/following`, person.following, "Following"),
      countLink(`/${person.handle}/verified_followers`, person.followers, followers)));
}

function protectedNotice(person) {
  return element("div", { testid: "emptyState", class: "notice" },
    element("strong", {}, "These posts are protected"),
    element("span", {}, `Only approved followers can see @${person.handle}’s posts. To request access, click Follow.`));
}

function tabs(handle, active) {
  const tab = (href, text, kind) => element("a", { role: "tab", href, "aria-selected": String(kind === active), class: "tab" }, text);
  return element("nav", { role: "navigation", "aria-label": "Profile timelines" },
    element("div", { role: "tablist", class: "tabs" }, tab(`/${handle}`, "Posts", "profile"), tab(`/${handle}/with_replies`, "Replies", "with_replies")));
}

function timelineOf(person) {
  const operation = page.kind === "with_replies" ? "UserRepliesTimeline" : "UserOriginalsTimeline";
  return new Timeline({
    label: `${person.name}’s posts`,
    fetchPage: (cursor) => fetchTimelinePage(operation, person.id, cursor),
    drawRow: (row) => rowCell(row, { onReply: (post) => composeOver(post.id) }),
  });
}

/** Draw the page of `page.handle` into `root`. Without a session the replies are not shown, but where to log in. */
export async function showProfile(root) {
  const draw = (title, parts) => root.replaceChildren(pageFrame(title, parts, () => composeOver()));
  draw(`@${page.handle}`, []);
  let person;
  try {
    person = await fetchPerson(page.handle);
  } catch (error) {
    draw(`@${page.handle}`, [failureNotice(error, () => showProfile(root))]);
    return;
  }
  if (person === null) {
    draw("Profile", [missingPage()]);
    return;
  }
  const head = [profileHeader(person), tabs(person.handle, page.kind)];
  if (viewer === null && page.kind === "with_replies") {
    draw(person.name, [...head, element("p", { class: "notice" }, element("a", { href: "/login" }, "Log in"), " to see the replies.")]);
    return;
  }
  if (person.isProtected) {
    draw(person.name, [...head, protectedNotice(person)]);
    return;
  }
  const timeline = timelineOf(person);
  draw(person.name, [...head, timeline.element]);
  timeline.start();
}
