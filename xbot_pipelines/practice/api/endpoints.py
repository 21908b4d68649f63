"""The endpoints of X's API that are served: for each its address, name, limit, scopes, parameters and what it answers.

Names are the `operationId` of X's OpenAPI, which faults and the counts of requests use. Limits are per user and 15
minutes (X's documentation, "Rate limits").
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from xbot_pipelines.practice.api import analytics, lists, lookups, search, writing
from xbot_pipelines.practice.api.calls import Answer, Call

_READING = frozenset({"tweet.read", "users.read"})
_WRITING = _READING | {"tweet.write"}
_WINDOW = ("start_time", "end_time", "since_id", "until_id")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint.

    Attributes:
        method: The HTTP method.
        path: The address.
        limit: Requests per user and 15 minutes.
        answer: What it does.
        parameters: Its own query parameters.
        shows: Whether it answers posts or users, and so takes fields and expansions.
        scopes: What a token must allow.
    """

    method: str
    path: str
    limit: int
    answer: Callable[[Call], Answer]
    parameters: Sequence[str] = ()
    shows: bool = True
    scopes: frozenset[str] = _READING


# Of two addresses that fit, the first is taken: those without a variable stand before the others.
ENDPOINTS: Mapping[str, Endpoint] = {
    "createPosts": Endpoint("POST", "/2/tweets", 100, writing.create_post, shows=False, scopes=_WRITING),
    "getPostsByIds": Endpoint("GET", "/2/tweets", 5000, lookups.posts_by_ids, ["ids"]),
    "searchPostsRecent": Endpoint(
        "GET",
        "/2/tweets/search/recent",
        300,
        search.recent_posts,
        ["query", "max_results", "next_token", "pagination_token", "sort_order", *_WINDOW],
    ),
    "getPostsAnalytics": Endpoint(
        "GET",
        "/2/tweets/analytics",
        300,
        analytics.posts_analytics,
        ["ids", "start_time", "end_time", "granularity", "analytics.fields"],
        shows=False,
    ),
    "getPostsById": Endpoint("GET", "/2/tweets/{id}", 900, lookups.post_by_id),
    "deletePosts": Endpoint("DELETE", "/2/tweets/{id}", 50, writing.delete_post, shows=False, scopes=_WRITING),
    "getUsersMe": Endpoint("GET", "/2/users/me", 75, lookups.me),
    "getUsersByUsernames": Endpoint("GET", "/2/users/by", 900, lookups.users_by_usernames, ["usernames"]),
    "getUsersByUsername": Endpoint("GET", "/2/users/by/username/{username}", 900, lookups.user_by_username),
    "getUsersById": Endpoint("GET", "/2/users/{id}", 900, lookups.user_by_id),
    "getUsersPosts": Endpoint(
        "GET",
        "/2/users/{id}/tweets",
        900,
        lists.posts_of_user,
        ["max_results", "pagination_token", "exclude", *_WINDOW],
    ),
    "getUsersMentions": Endpoint(
        "GET", "/2/users/{id}/mentions", 300, lists.mentions_of_user, ["max_results", "pagination_token", *_WINDOW]
    ),
}
