"""Answers of X's official API with invented people, in both generations of names, to build on and to break."""

from typing import Any

Json = dict[str, Any]

AUTHOR_ID = "9001"
WHEN = "2026-03-02T11:00:00.000Z"

ADA: Json = {
    "id": AUTHOR_ID,
    "username": "ada_walks",
    "name": "Ada",
    "description": "Walks.",
    "created_at": "2015-01-06T08:00:00.000Z",
    "protected": False,
    "verified": False,
    "public_metrics": {"followers_count": 1500, "following_count": 80, "post_count": 321, "listed_count": 1},
}
COUNTED: Json = {
    "impression_count": 70,
    "like_count": 6,
    "repost_count": 5,
    "reply_count": 4,
    "quote_count": 3,
    "bookmark_count": 2,
}


def post(post_id: str, text: str = "A short walk.", **fields: Any) -> Json:
    """A post in the newer names, with `fields` laid over its own."""
    return {
        "id": post_id,
        "author_id": AUTHOR_ID,
        "text": text,
        "created_at": WHEN,
        "lang": "en",
        "conversation_id": post_id,
        "reply_settings": "everyone",
        "public_metrics": COUNTED,
        **fields,
    }


def page(*posts: Json, along: tuple[Json, ...] = (), users: tuple[Json, ...] = (ADA,), **fields: Any) -> Json:
    """An answer with several posts. `along` are those that came along with them."""
    return {
        "data": list(posts),
        "includes": {"users": list(users), **({"posts": list(along)} if along else {})},
        "meta": {"result_count": len(posts)},
        **fields,
    }


def not_found(post_id: str, **fields: Any) -> Json:
    """The error that stands for a post that was asked for and is not there."""
    return {
        "type": "https://api.x.com/2/problems/resource-not-found",
        "title": "Not Found Error",
        "detail": f"Could not find post with ids: [{post_id}].",
        "resource_type": "post",
        "parameter": "ids",
        "resource_id": post_id,
        "value": post_id,
        **fields,
    }


def in_older_names(value: Any) -> Any:
    """The same answer as X wrote it before it renamed tweets to posts."""
    older = {
        "post_count": "tweet_count",
        "repost_count": "retweet_count",
        "note_post": "note_tweet",
        "referenced_posts": "referenced_tweets",
        "posts": "tweets",
    }
    if isinstance(value, dict):
        return {older.get(key, key): in_older_names(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [in_older_names(inner) for inner in value]
    return "tweet" if value == "post" else value
