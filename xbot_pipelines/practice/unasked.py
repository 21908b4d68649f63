"""What X puts among the posts of a timeline that nobody asked for: a promoted post, and whom to follow.

Where it stands on the page is decided in `timelines`.
"""

from datetime import timedelta
from typing import Any

from xbot_pipelines.practice import draws
from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.post_shapes import Renderer, tweet_content
from xbot_pipelines.practice.posts import Counters, Post, snowflake

Json = dict[str, Any]

_SUGGESTED = 3
_PROMOTED_TEXT = "Warm oats in four minutes. Your morning will not notice the difference. Your afternoon will."
_PROMOTED_COUNTERS = Counters(
    views=1_204_418, likes=311, reposts=12, replies=48, quotes=3, bookmarks=26,
    profile_visits=0, detail_expands=0, link_clicks=0, follows=0,
)  # fmt: skip


def promoted(renderer: Renderer, chosen: Post | None = None) -> tuple[str, Json]:
    """A promoted post: entry id and content. It carries `promotedMetadata`.

    Args:
        renderer: Draws it.
        chosen: The post that a brand pays for here; None takes the one that is promoted everywhere.
    """
    post, counters = _everywhere(renderer) if chosen is None else (chosen, _PROMOTED_COUNTERS)
    advertiser = renderer.world.person(post.author_id)
    content = tweet_content({"result": renderer.tweet(post, counters)})
    impression = draws.token(16, "impression", post.id)
    content["promotedMetadata"] = {
        "advertiser_results": {"result": renderer.user(advertiser)},
        "clickTrackingInfo": {"urlParams": []},
        "disclosureType": "NoDisclosure",
        "experimentValues": [],
        "impressionId": impression,
        "impressionString": impression,
    }
    item = {
        "__typename": "TimelineTimelineItem",
        "clientEventInfo": {"component": "suggest_promoted", "element": "tweet"},
        "entryType": "TimelineTimelineItem",
        "itemContent": content,
    }
    return f"promoted-tweet-{post.id}-{impression}", item


def _everywhere(renderer: Renderer) -> tuple[Post, Counters]:
    advertiser = renderer.world.cast.advertiser
    published = renderer.at.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=9)
    post = Post(
        id=snowflake(published, 77),
        author_id=advertiser.id,
        text=_PROMOTED_TEXT,
        created_at=published,
        in_reply_to=None,
        conversation_id=snowflake(published, 77),
        author_followers=advertiser.followers,
    )
    return post, _PROMOTED_COUNTERS


def who_to_follow(renderer: Renderer, person: Person) -> tuple[str, Json]:
    """The "Who to follow" module of a profile: entry id and content."""
    readers = renderer.world.cast.readers
    start = draws.whole(len(readers), "who to follow", person.id)
    suggested = [readers[(start + step) % len(readers)] for step in range(_SUGGESTED)]
    entry_id = f"who-to-follow-{renderer.sort_base}"
    module = {
        "__typename": "TimelineTimelineModule",
        "clientEventInfo": {"component": "suggest_who_to_follow"},
        "displayType": "Vertical",
        "entryType": "TimelineTimelineModule",
        "footer": {"displayType": "Classic", "text": "Show more"},
        "header": {"displayType": "Classic", "sticky": False, "text": "Who to follow"},
        "items": [
            {
                "entryId": f"{entry_id}-user-{one.id}",
                "item": {
                    "clientEventInfo": {"component": "suggest_who_to_follow", "element": "user"},
                    "itemContent": {
                        "__typename": "TimelineUser",
                        "itemType": "TimelineUser",
                        "userDisplayType": "User",
                        "user_results": {"result": renderer.user(one)},
                    },
                },
            }
            for one in suggested
        ],
    }
    return entry_id, module
