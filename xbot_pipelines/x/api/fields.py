"""Which fields are asked for, in both generations of names. How they read lies in `objects`.

X renamed tweets to posts in version 2.167 of its API. We ask in the new names, as X's own SDK does; what a server of
the older generation has to be asked instead is here. Both generations of answers are read in any case.
"""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

POST_FIELDS = (
    "conversation_id", "created_at", "display_text_range", "entities", "lang", "note_post", "public_metrics",
    "reply_settings",
)  # fmt: skip
"""What every reader may see of a post."""

PRIVATE_POST_FIELDS = ("non_public_metrics", "organic_metrics")
"""What only its author may see, in its first thirty days."""

USER_FIELDS = ("created_at", "description", "name", "protected", "public_metrics", "username", "verified")

EXPANSIONS = ("author_id", "in_reply_to_user_id", "referenced_posts")
"""Who wrote a post, whom it answers, and the posts that it answers or quotes: they come along in the answer.

The newer generation names these nowhere but here; in the older they are fields as well, and who wrote the posts that
come along is asked for by itself.
"""

ANALYTICS_FIELDS = (
    "bookmarks", "id", "impressions", "likes", "quote_tweets", "replies", "retweets", "timestamp",
    "timestamped_metrics",
)  # fmt: skip

_OLDER_PARAMETERS = {"post.fields": "tweet.fields"}
_OLDER_VALUES: Mapping[str, Mapping[str, str]] = {
    "tweet.fields": {"note_post": "note_tweet"},
    "expansions": {"referenced_posts": "referenced_tweets.id"},
}
_OLDER_ALONE: Mapping[str, Sequence[str]] = {
    "tweet.fields": ("author_id", "in_reply_to_user_id", "referenced_tweets"),
    "expansions": ("referenced_tweets.id.author_id",),
}
_NEWER_NAME = re.compile(r"post\.fields|referenced_posts|note_post")


def in_older_names(url: str) -> str:
    """Answers the address of the same question as a server of the older generation understands it."""
    parts = urlsplit(url)
    asked = []
    for parameter, value in parse_qsl(parts.query, keep_blank_values=True):
        name = _OLDER_PARAMETERS.get(parameter, parameter)
        older = _OLDER_VALUES.get(name, {})
        values = [*(older.get(one, one) for one in value.split(",")), *_OLDER_ALONE.get(name, ())]
        asked.append((name, ",".join(values) if older else value))
    return urlunsplit(parts._replace(query=urlencode(asked)))


def asks_in_newer_names(url: str) -> bool:
    """Says whether a question has any of the newer names in it."""
    return any(name in _OLDER_PARAMETERS for name, _ in parse_qsl(urlsplit(url).query))


def complains_of_newer_names(text: str) -> bool:
    """Says whether what a server objects to is one of the newer names."""
    return _NEWER_NAME.search(text) is not None


def about_posts(*, private: bool = False) -> dict[str, list[str]]:
    """Return what is asked of posts: always the same, so that no reading is poorer than another."""
    return {
        "post_fields": [*POST_FIELDS, *(PRIVATE_POST_FIELDS if private else ())],
        "user_fields": list(USER_FIELDS),
        "expansions": list(EXPANSIONS),
    }
