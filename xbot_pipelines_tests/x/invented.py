"""Answers of X with invented people, in the shapes of X_SURFACE §3, for tests to build on and to break."""

from typing import Any

Json = dict[str, Any]

AUTHOR_ID = "9001"
WHEN = "Mon Sep 14 20:58:57 +0000 2026"

USER_2026: Json = {
    "__typename": "User",
    "rest_id": AUTHOR_ID,
    "core": {"screen_name": "ada_walks", "name": "Ada", "created_at": "Tue Jan 06 08:00:00 +0000 2015"},
    "relationship_counts": {"followers": 1500, "following": 80},
    "tweet_counts": {"tweets": 321},
    "profile_bio": {"description": "Walks."},
    "privacy": {"protected": False},
    "verification": {"verified": False},
    "is_blue_verified": False,
}
USER_LEGACY: Json = {
    "__typename": "User",
    "rest_id": AUTHOR_ID,
    "is_blue_verified": False,
    "legacy": {
        "screen_name": "ada_walks",
        "name": "Ada",
        "created_at": "Tue Jan 06 08:00:00 +0000 2015",
        "followers_count": 1500,
        "friends_count": 80,
        "statuses_count": 321,
        "description": "Walks.",
        "protected": False,
        "verified": False,
    },
}
USER_BARE: Json = {
    "__typename": "User",
    "rest_id": AUTHOR_ID,
    "is_blue_verified": False,
    "legacy": None,
    "screen_name": "ada_walks",
    "name": "Ada",
    "created_at": "Tue Jan 06 08:00:00 +0000 2015",
    "followers_count": 1500,
    "friends_count": 80,
    "statuses_count": 321,
    "description": "Walks.",
    "protected": False,
}


def post(post_id: str, *, user: Json = USER_2026, text: str = "A short walk.", legacy: Json | None = None) -> Json:
    """A post object with every counter, and `legacy` laid over its own."""
    return {
        "__typename": "Tweet",
        "rest_id": post_id,
        "core": {"user_results": {"result": user}},
        "views": {"count": "70", "state": "EnabledWithCount"},
        "legacy": {
            "id_str": post_id,
            "user_id_str": AUTHOR_ID,
            "full_text": text,
            "display_text_range": [0, len(text)],
            "created_at": WHEN,
            "lang": "en",
            "conversation_id_str": post_id,
            "favorite_count": 6,
            "retweet_count": 5,
            "reply_count": 4,
            "quote_count": 3,
            "bookmark_count": 2,
            "entities": {},
            **(legacy or {}),
        },
    }


def item(result: Json, *, kind: str = "TimelineTweet", **content: Any) -> Json:
    """The `itemContent` that holds a post object, or nothing where the object is empty."""
    return {"itemType": kind, "tweet_results": {"result": result} if result else {}, **content}


def entry(entry_id: str, content: Json) -> Json:
    """A row with one item."""
    return {
        "entryId": entry_id,
        "sortIndex": "1",
        "content": {"entryType": "TimelineTimelineItem", "itemContent": content},
    }


def wrapped(result: Json, *denied: str) -> Json:
    """A post object in its visibility wrapper, which denies us some actions."""
    limits = {"limited_actions": [{"action": action, "prompt": {}} for action in denied]}
    return {"__typename": "TweetWithVisibilityResults", "tweet": result, "limitedActionResults": limits}


def row(post_id: str, **content: Any) -> Json:
    """A row with a post of the id."""
    return entry(f"tweet-{post_id}", item(post(post_id), **content))


def module(prefix: str, *post_ids: str) -> Json:
    """A row with several posts, as conversations come."""
    return {
        "entryId": f"{prefix}-{post_ids[0]}",
        "content": {
            "entryType": "TimelineTimelineModule",
            "displayType": "VerticalConversation",
            "items": [module_item(prefix, post_id) for post_id in post_ids],
        },
    }


def module_item(prefix: str, post_id: str) -> Json:
    """One post of a module."""
    return {"entryId": f"{prefix}-1-tweet-{post_id}", "item": {"itemContent": item(post(post_id))}}


def cursor(direction: str, value: str) -> Json:
    """A row with a cursor."""
    return {
        "entryId": f"cursor-{direction.lower()}-1",
        "content": {"entryType": "TimelineTimelineCursor", "cursorType": direction, "value": value},
    }


def who_to_follow() -> Json:
    """A row with people, no posts."""
    return {
        "entryId": "who-to-follow-1",
        "content": {
            "entryType": "TimelineTimelineModule",
            "items": [
                {
                    "entryId": "who-to-follow-1-user-9001",
                    "item": {"itemContent": {"itemType": "TimelineUser", "user_results": {"result": USER_2026}}},
                }
            ],
        },
    }


def added(*entries: Json) -> list[Json]:
    """The instructions of a plain page."""
    return [{"type": "TimelineClearCache"}, {"type": "TimelineAddEntries", "entries": list(entries)}]


def profile_page(instructions: list[Json]) -> Json:
    """UserOriginalsTimeline, UserRepliesTimeline, UserRepostsTimeline."""
    timeline = {"timeline": {"instructions": instructions}}
    return {"data": {"user": {"result": {"__typename": "User", "timeline": timeline}}}}


def old_profile_page(instructions: list[Json]) -> Json:
    """UserTweets."""
    timeline = {"timeline": {"instructions": instructions}}
    return {"data": {"user": {"result": {"__typename": "User", "timeline_v2": timeline}}}}


def conversation_page(instructions: list[Json]) -> Json:
    """TweetDetail."""
    return {"data": {"threaded_conversation_with_injections_v2": {"instructions": instructions}}}


def search_page(instructions: list[Json]) -> Json:
    """SearchTimeline."""
    timeline = {"timeline": {"instructions": instructions}}
    return {"data": {"search_by_raw_query": {"search_timeline": timeline}}}


def home_page(instructions: list[Json]) -> Json:
    """HomeTimeline, HomeLatestTimeline."""
    return {"data": {"home": {"home_timeline_urt": {"instructions": instructions}}}}


def mentions_page(instructions: list[Json]) -> Json:
    """NotificationsTimeline, of the type "Mentions"."""
    timeline = {"timeline": {"instructions": instructions}}
    return {"data": {"viewer_v2": {"user_results": {"result": {"notification_timeline": timeline}}}}}


def mention(post_id: str, **content: Any) -> Json:
    """A row of the mentions: its id says nothing of the post."""
    return entry(f"notification-AAAA{post_id}", item(post(post_id), **content))


def posts_by_id(*results: Json) -> Json:
    """TweetResultByRestIds."""
    return {"data": {"tweetResult": [{"result": result} if result else {} for result in results]}}


def created(result: Json, *, by: str = "create_tweet") -> Json:
    """CreateTweet, or CreateNoteTweet with `by="notetweet_create"`."""
    return {"data": {by: {"tweet_results": {"result": result} if result else {}}}}


def refused(message: str, code: int, name: str) -> Json:
    """A failure as GraphQL tells it, at HTTP 200."""
    extensions = {"name": name, "code": code, "kind": "Permissions"}
    return {
        "errors": [{"message": message, "path": ["create_tweet"], "extensions": extensions, "code": code}],
        "data": {},
    }
