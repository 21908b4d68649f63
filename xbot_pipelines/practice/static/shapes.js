// Reading GraphQL objects: one person, one post. Every field is looked for in each place where some generation of the
// answers keeps it. Pure: no network, no DOM.

/**
 * @param {Object} result  a `user_results.result`
 * @returns {Object|null} `{id, handle, name, description, createdAt, followers, following, posts, verified, isProtected}`;
 *   numbers are null where unknown; null for an account that is unavailable
 */
export function readPerson(result) {
  if (!result || result.__typename === "UserUnavailable") return null;
  const legacy = result.legacy ?? {};
  const core = result.core ?? legacy;
  return {
    id: result.rest_id,
    handle: core.screen_name ?? legacy.screen_name,
    name: core.name ?? legacy.name,
    description: result.profile_bio?.description ?? legacy.description ?? "",
    createdAt: new Date(core.created_at ?? legacy.created_at),
    followers: result.relationship_counts?.followers ?? legacy.followers_count ?? null,
    following: result.relationship_counts?.following ?? legacy.friends_count ?? null,
    posts: result.tweet_counts?.tweets ?? legacy.statuses_count ?? null,
    verified: result.is_blue_verified ?? false,
    isProtected: result.privacy?.protected ?? legacy.protected ?? false,
  };
}

/**
 * @param {Object} tweetResults  a `tweet_results` object; `{}` stands for a post that is gone
 * @returns {Object|null} a post (see `readBody`), or `{tombstone: sentence}`, or null when nothing is there
 */
export function readPost(tweetResults) {
  const wrapped = tweetResults?.result;
  if (!wrapped) return null;
  const result = wrapped.__typename === "TweetWithVisibilityResults" ? wrapped.tweet : wrapped;
  if (result.__typename === "TweetTombstone") return { tombstone: readTombstone(result) };
  if (result.__typename === "TweetUnavailable" || !result.legacy) return { tombstone: "This Post is unavailable." };
  return { ...readBody(result), whoCanReply: readLimit(wrapped) };
}

/** The sentence that says who alone may answer; null for a post that anybody may answer. */
function readLimit(wrapped) {
  const limit = wrapped.limitedActionResults?.limited_actions?.find((one) => one.action === "Reply");
  return limit === undefined ? null : limit.prompt?.subtext?.text ?? "Not everybody can reply";
}

/**
 * @param {Object} result  a `tweet_result_by_rest_id.result`
 * @returns {Map<string, number>|null} the metrics by X's names for them, those of zero left out; null when nothing is there
 */
export function readActivity(result) {
  const tweet = result?.tweet ?? result;
  if (!tweet?.datapoints_grid) return null;
  return new Map(tweet.datapoints_grid.map((metric) => [metric.metric_type, Number(metric.metric_value)]));
}

/** The sentence that stands in the place of a post which cannot be shown. */
export function readTombstone(result) {
  return result.tombstone?.text?.text ?? "This Post is unavailable.";
}

function readBody(result) {
  const legacy = result.legacy;
  const note = result.note_tweet?.note_tweet_results?.result;
  const views = result.views?.count;
  return {
    id: result.rest_id,
    author: readPerson(result.core?.user_results?.result),
    createdAt: new Date(legacy.created_at),
    language: legacy.lang ?? "und",
    text: visibleText(legacy),
    longText: note?.text ?? null,
    links: [...(legacy.entities?.urls ?? []), ...(note?.entity_set?.urls ?? [])],
    answersHandle: legacy.in_reply_to_screen_name ?? null,
    counts: {
      replies: legacy.reply_count ?? 0,
      reposts: legacy.retweet_count ?? 0,
      likes: legacy.favorite_count ?? 0,
      bookmarks: legacy.bookmark_count ?? 0,
      views: views === undefined ? null : Number(views),
    },
  };
}

// display_text_range counts code points, JavaScript strings count UTF-16 units; full_text is escaped as HTML.
function visibleText(legacy) {
  const [start, end] = legacy.display_text_range ?? [0];
  const shown = Array.from(legacy.full_text).slice(start, end).join("");
  return shown.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
