// The questions pages ask of X, each with the variables its operation wants and the place of the answer.

import { query } from "./api.js";
import { readInstructions } from "./instructions.js";
import { readPerson, readPost } from "./shapes.js";

const PAGE_SIZE = 20;
const TIMELINE_VARIABLES = {
  count: PAGE_SIZE, includePromotedContent: true, withQuickPromoteEligibilityTweetFields: true, withVoice: true,
};
const NOTHING = { rows: [], bottomCursor: null, ended: true };

/** The person with this handle; null when there is none. */
export async function fetchPerson(handle) {
  const data = await query("UserByScreenName", { screen_name: handle, withGrokTranslatedBio: false });
  return readPerson(data.user?.result);
}

/** One post; null when there is none. */
export async function fetchPost(id) {
  const data = await query("TweetResultByRestId", { tweetId: id, includePromotedContent: true, withCommunity: true, withVoice: true });
  return readPost(data.tweetResult);
}

/** One page of a person's timeline; `operation` is UserOriginalsTimeline or UserRepliesTimeline, `cursor` null the first page. */
export async function fetchTimelinePage(operation, userId, cursor) {
  const data = await query(operation, { userId, ...TIMELINE_VARIABLES, ...(cursor && { cursor }) });
  const timeline = data.user?.result?.timeline ?? data.user?.result?.timeline_v2;
  return timeline ? readInstructions(timeline.timeline.instructions) : NOTHING;
}

/** One page of the conversation around a post: what it answers, itself, its replies. */
export async function fetchConversationPage(focalTweetId, cursor) {
  const data = await query("TweetDetail", {
    focalTweetId, referrer: "profile", with_rux_injections: false, rankingMode: "Relevance", withCommunity: true,
    withQuickPromoteEligibilityTweetFields: true, withBirdwatchNotes: true, withVoice: true,
    includePromotedContent: true, ...(cursor && { cursor }),
  });
  const conversation = data.threaded_conversation_with_injections_v2;
  return conversation ? readInstructions(conversation.instructions) : NOTHING;
}

/** Ask X who is logged in: a dead session shows here and leads to the login page. */
export async function confirmSession() {
  await query("Viewer", { withCommunitiesMemberships: true });
}
