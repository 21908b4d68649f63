"""The endpoint that searches: the site's query language, what X's API has besides, and the last seven days only.

What the site's operators mean is decided in `queries`, which posts there are to be searched in `search_timeline`. With
`conversation_id:` the replies of readers are found, too: over the API there is no other way to them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from xbot_pipelines.practice import search_timeline
from xbot_pipelines.practice.api.answers import list_of_posts
from xbot_pipelines.practice.api.calls import Answer, Call
from xbot_pipelines.practice.api.lists import LARGEST_PAGE, PAGE, page
from xbot_pipelines.practice.api.problems import invalid_parameter
from xbot_pipelines.practice.api.shapes import stamp
from xbot_pipelines.practice.posts import Post, as_post_id, snowflake
from xbot_pipelines.practice.queries import (
    Answering,
    AnyOf,
    Between,
    Candidate,
    Condition,
    Linking,
    Operator,
    Query,
    parse,
)

_LONGEST_QUERY = 512  # characters
_REACH = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class InConversation:
    """It belongs to the conversation that a post began."""

    post_id: int

    def holds(self, candidate: Candidate) -> bool:
        """Whether it is in it."""
        return candidate.post.conversation_id == self.post_id


def _conversation(value: str) -> Condition | None:
    post_id = as_post_id(value)
    return None if post_id is None else InConversation(post_id)


_KINDS: Mapping[str, Condition] = {"reply": Answering(None), "retweet": AnyOf(()), "quote": AnyOf(())}
_OPERATORS: Mapping[str, Operator] = {
    "conversation_id": _conversation,
    "is": lambda value: _KINDS.get(value.lower()),
    "has": lambda value: Linking() if value.lower() == "links" else None,
}


def recent_posts(call: Call) -> Answer:
    """`GET /2/tweets/search/recent`: newest first."""
    parameters = call.parameters
    query = parse(parameters.text("query", _LONGEST_QUERY), _OPERATORS)
    size = parameters.whole("max_results", least=10, most=LARGEST_PAGE, default=PAGE)
    parameters.one_of("sort_order", ["recency"], "recency")
    cursor = parameters.cursor("next_token", "pagination_token")
    posts, meta = page(lambda below: _found(call, query, below), cursor, _window(call), size)
    return list_of_posts(call, posts, meta=meta)


def _window(call: Call) -> Between:
    oldest = call.at - _REACH
    start = call.parameters.moment("start_time")
    if start is not None and start < oldest:
        message = f"Invalid 'start_time':'{stamp(start)}'. 'start_time' must be on or after {stamp(oldest)}"
        raise invalid_parameter("start_time", call.parameters.values["start_time"], message)
    call.parameters.refuse_recent_moments(call.at)
    asked = call.parameters.window()
    return Between(max(asked.first_id, snowflake(oldest, 0)), asked.last_id)


def _found(call: Call, query: Query, below: int | None) -> Iterator[Post]:
    conversation = next((one for one in query.conditions if isinstance(one, InConversation)), None)
    if conversation is None:
        return search_timeline.found(call.renderer, query, below)
    posts = sorted(_conversation_of(call, conversation.post_id), key=lambda post: post.id, reverse=True)
    within = (post for post in posts if below is None or post.id < below)
    return (post for post in within if query.holds(search_timeline.candidate(call.renderer, post)))


def _conversation_of(call: Call, post_id: int) -> Iterator[Post]:
    """A post and everything that can be seen under it."""
    root = call.world.find(post_id)
    if root is None:
        return
    visible = call.world.visible(post_id, call.at)
    if visible is not None:
        yield visible
    unasked = [root]
    while unasked:
        answers = call.world.replies_to(unasked.pop(), call.at)
        yield from answers
        unasked += answers
