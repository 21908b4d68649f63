"""News from X itself: posts about our subjects that many like and that link to something, found by search.

Feeds are read in `news`. The link is not followed: title and moment are the post's, data that somebody wrote.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from xbot_pipelines.clock import Clock
from xbot_pipelines.content.prompt_injection.detection import detect_prompt_injection
from xbot_pipelines.models import NewsItem, PostSnapshot, Result
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.store import news
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems.reading import LEFT_TO_OTHERS
from xbot_pipelines.text.clean import LONGEST_MATCHED
from xbot_pipelines.text.visible import visible_text
from xbot_pipelines.x.client import XClient
from xbot_pipelines.x.queries import linking
from xbot_pipelines.x.shapes import UnreadableRow

SUBJECTS_A_TURN = 3
LEAST_LIKES = 5
"""What nobody liked is nobody's news; a number that X did not say counts as none."""

_SHORTEST_TITLE = 20
_LONGEST_TITLE = 300
_LINK = re.compile(r"https?://[^\s<>\"]+")
_OF_X = re.compile(r"https?://(?:[\w-]+\.)*(?:x|twitter|t)\.co(?:m)?(?:[/:?#]|$)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class NewsSearchSummary:
    """What one turn came to: the `subjects` that were searched for, and the posts seen, of which some held news.

    `refused` is what the database did not take.
    """

    result: Result
    reason: str | None = None
    subjects: Sequence[str] = ()
    seen: int = 0
    new: int = 0
    known: int = 0
    refused: Sequence[str] = ()
    unreadable: Sequence[UnreadableRow] = ()


def search_news(
    database: AccountDatabase, profile: AccountSettings, client: Callable[[], XClient], *, clock: Clock
) -> NewsSearchSummary:
    """Searches for news about some of the subjects, others at every hour.

    Raises:
        Wall: a search could not be read. What was found before is kept.
    """
    subjects = subjects_of_the_hour(profile.subjects, clock.now())
    seen_posts = new = known = 0
    searched: list[str] = []
    refused: list[str] = []
    unreadable: list[UnreadableRow] = []
    for subject in subjects:
        with closing(client().search(linking(subject, language=profile.language))) as pages:
            page = next(pages, None)
        searched.append(subject)
        if page is None:
            continue
        seen_posts += len(page.posts)
        unreadable += page.unreadable
        added = news.add_news(database, news_among(page.posts, handle=profile.handle), now=clock.now())
        new, known, refused = new + added.new, known + added.known, [*refused, *map(str, added.refused)]
        if page.requests_left is not None and page.requests_left <= LEFT_TO_OTHERS:
            break
    return NewsSearchSummary(
        result=Result.DONE if new else Result.NOTHING_TO_DO,
        reason=None if new else f"nothing is new about {', '.join(searched)}",
        subjects=searched,
        seen=seen_posts,
        new=new,
        known=known,
        refused=refused,
        unreadable=unreadable,
    )


def subjects_of_the_hour(subjects: Sequence[str], now: datetime) -> Sequence[str]:
    """Answers the subjects whose turn it is: each comes once before any comes again."""
    first = int(now.timestamp() // 3600) * SUBJECTS_A_TURN
    return [subjects[(first + place) % len(subjects)] for place in range(min(SUBJECTS_A_TURN, len(subjects)))]


def news_among(posts: Iterable[PostSnapshot], *, handle: str) -> Sequence[NewsItem]:
    """Answers the news in these posts: what they link to outside of X, and what they say about it."""
    items = []
    for post in posts:
        said = post.visible_text[:LONGEST_MATCHED]
        link = next((found for found in _LINK.findall(said) if not _OF_X.match(found)), None)
        title = visible_text(_LINK.sub(" ", said))[:_LONGEST_TITLE]
        ours = post.author.handle.lower() == handle.lower()
        liked = (post.likes or 0) >= LEAST_LIKES
        if link and liked and len(title) >= _SHORTEST_TITLE and not ours and not detect_prompt_injection(said):
            items.append(
                NewsItem(url=link, title=title, source=f"@{post.author.handle} on X", published_at=post.created_at)
            )
    return items
