// The page of one post: what it answers above it, the replies below it, and a composer to answer.

import { composeOver } from "./compose-dialog.js";
import { Composer } from "./composer.js";
import { page, viewer } from "./config.js";
import { element } from "./dom.js";
import { fetchConversationPage, fetchPost } from "./reads.js";
import { pageFrame } from "./layout.js";
import { postArticle } from "./post.js";
import { rowCell } from "./rows.js";
import { Timeline } from "./timeline.js";
import { failureNotice, missingPage } from "./walls.js";

const answer = (post) => composeOver(post.id);

function isFocal(row) {
  return row.post?.id === page.id;
}

function closedNotice(sentence) {
  return element("div", { class: "notice" }, element("strong", {}, "Who can reply?"), element("span", {}, sentence));
}

// The composer stands in the row of the post it answers, so it scrolls and is virtualised with it.
function focalCell(row, composer) {
  const cell = rowCell(row, { focalId: page.id, onReply: answer });
  const { whoCanReply } = row.post;
  cell.append(whoCanReply ? closedNotice(whoCanReply) : composer.element);
  return cell;
}

function conversation(draw) {
  const composer = new Composer({ buttonTestId: "tweetButtonInline", targetId: page.id });
  const fetchPage = async (cursor) => {
    const reading = await fetchConversationPage(page.id, cursor);
    const found = reading.rows.some((row) => isFocal(row) || row.tombstone);
    if (cursor === null && !found) draw([missingPage()]);
    return reading;
  };
  const loadMore = async (row) => timeline.replace(row, (await fetchConversationPage(page.id, row.cursor)).rows);
  const timeline = new Timeline({
    label: "Conversation",
    fetchPage,
    drawRow: (row) => (isFocal(row) ? focalCell(row, composer) : rowCell(row, { focalId: page.id, onReply: answer, onMore: loadMore })),
  });
  document.addEventListener("posted", ({ detail }) => {
    if (detail.targetId === page.id) timeline.insertBehind(isFocal, [{ key: `tweet-${detail.post.id}`, post: detail.post }]);
  });
  return timeline;
}

async function loggedOutPost(draw) {
  try {
    const post = await fetchPost(page.id);
    const article = () => element("section", {}, element("div", { testid: "cellInnerDiv" }, postArticle(post, { focal: true, onReply: answer })));
    draw([post?.author ? article() : missingPage()]);
  } catch (error) {
    draw([failureNotice(error, () => loggedOutPost(draw))]);
  }
}

/** Draw the page of the post `page.id` into `root`. Without a session the post stands alone. */
export function showStatus(root) {
  const draw = (parts) => root.replaceChildren(pageFrame("Post", parts, () => composeOver()));
  if (viewer === null) {
    draw([]);
    loggedOutPost(draw);
    return;
  }
  const timeline = conversation(draw);
  draw([timeline.element]);
  timeline.start();
}
