// Home: the composer on top, and what anybody has posted below it.

import { composeOver } from "./compose-dialog.js";
import { Composer } from "./composer.js";
import { fetchHomePage } from "./reads.js";
import { pageFrame } from "./layout.js";
import { rowCell } from "./rows.js";
import { Timeline } from "./timeline.js";

/** Draw home into `root`; it goes on loading while the reader scrolls. */
export function showHome(root) {
  const composer = new Composer({ buttonTestId: "tweetButtonInline" });
  const timeline = new Timeline({
    label: "Your Home Timeline",
    fetchPage: fetchHomePage,
    drawRow: (row) => rowCell(row, { onReply: (post) => composeOver(post.id) }),
  });
  document.addEventListener("posted", ({ detail }) => {
    if (detail.targetId === null) timeline.prepend([{ key: `tweet-${detail.post.id}`, post: detail.post }]);
  });
  root.replaceChildren(pageFrame("Home", [composer.element, timeline.element], () => composeOver()));
  timeline.start();
}
