// The questions pages ask of X, each with the variables its operation wants and the place of the answer.

import { query } from "./api.js";
import { readInstructions } from "./instructions.js";
import { readActivity, readPerson, readPost } from "./shapes.js";

const PAGE_SIZE = 20;
const TIMELINE_VARIABLES = {
  count: PAGE_SIZE, includePromotedContent: true, withQuickPromoteEligibilityTweetFields: true, withVoice: true,
};
const ACTIVITY_METRICS = ["DetailExpands", "Engagements", "Follows", "Impressions", "LinkClicks", "ProfileVisits"];
// An id tells its time: the bits above the 22nd are milliseconds since this moment.
const SEQUENCE_BITS = 22n;
const EPOCH_MILLISECONDS = 1288834974657n;
const HOUR = 3_600_000;
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
  return timeline?.timeline ? readInstructions(timeline.timeline.instructions) : NOTHING;
}

/** One page of the home timeline. */
export async function fetchHomePage(cursor) {
  const data = await query("HomeTimeline", {
    count: PAGE_SIZE, includePromotedContent: true, latestControlAvailable: true, requestContext: "launch",
    withCommunity: true, ...(cursor && { cursor }),
  });
  const timeline = data.home?.home_timeline_urt;
  return timeline ? readInstructions(timeline.instructions) : NOTHING;
}

/** One page of what a search finds; `product` is Latest or Top. */
export async function fetchSearchPage(rawQuery, product, cursor) {
  const data = await query("SearchTimeline", {
    rawQuery, count: PAGE_SIZE, querySource: "typed_query", product, withGrokTranslatedBio: false, ...(cursor && { cursor }),
  });
  const timeline = data.search_by_raw_query?.search_timeline?.timeline;
  return timeline ? readInstructions(timeline.instructions) : NOTHING;
}

/** One page of the posts that name the viewer or answer the viewer's posts. */
export async function fetchMentionsPage(cursor) {
  const data = await query("NotificationsTimeline", { timeline_type: "Mentions", count: PAGE_SIZE, ...(cursor && { cursor }) });
  const timeline = data.viewer_v2?.user_results?.result?.notification_timeline?.timeline;
  return timeline ? readInstructions(timeline.instructions) : NOTHING;
}

/** The private figures of one of the viewer's own posts (see readActivity); null for anybody else's, and for none. */
export async function fetchActivity(restId) {
  const createdAt = Number((BigInt(restId) >> SEQUENCE_BITS) + EPOCH_MILLISECONDS);
  const from = Math.floor(createdAt / HOUR) * HOUR;
  const data = await query("TweetActivityQuery", {
    restId,
    from_time: new Date(from).toISOString(),
    to_time: new Date().toISOString(),
    first_48_hours_time: new Date(from + 48 * HOUR).toISOString(),
    requested_organic_metrics: ACTIVITY_METRICS,
    requested_promoted_metrics: [...ACTIVITY_METRICS, "CostPerFollower"],
  });
  return readActivity(data.tweet_result_by_rest_id?.result);
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
