"""What a day by X's API costs before it is run, and what a post with a link costs before it is published.

What was spent, and how much may be, is the business of `budget`; the prices are in `x.api.prices`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from xbot_pipelines.models import DecisionType
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.days import replies_received
from xbot_pipelines.store.planned import Planned, planned
from xbot_pipelines.store.readings import count_posts
from xbot_pipelines.systems.analytics import READ_UP_TO
from xbot_pipelines.systems.budget import Purpose, ceiling, month_of
from xbot_pipelines.systems.metrics import STALE_AFTER
from xbot_pipelines.x.api.prices import PRICES, Priced, dollars, kind_of_post

DAY = timedelta(days=1)
WEEK = 7 * DAY

_READ_ON_DAYS_AFTER = READ_UP_TO // DAY
"""On so many days after the one it is published on a post is read; its counters are, by `metrics`, as it happens."""

_CHANGES_FOR = STALE_AFTER[-1][0]
"""Older than that a post is left alone; before, and after its first week, it is looked up once a week."""

ASSUMED = (
    "Assumed: a post of ours is read on the UTC day that it is published on and on the seven after, charged once in "
    "each, checkpoints and private figures included, however often it is read, and once a week until it is a month "
    "old; and search finds what half of the budget leaves it."
)
"""What a price of a day takes for granted."""


@dataclass(frozen=True, kw_only=True)
class DayPlan:
    """What a day holds: how many of each.

    `posts_with_link` are posts or replies, and in neither of the other two. `targets` are the posts that replies
    answer, `own_posts` what there is of ours to read, `older_posts` those among the older ones whose week is over,
    `mentions` the posts in which others answer or name us.
    """

    posts: int
    posts_with_link: int
    replies: int
    targets: int
    own_posts: int
    older_posts: int = 0
    mentions: int = 0


@dataclass(frozen=True, kw_only=True)
class PriceLine:
    """One line of a day's price: what, as what X charges it, and how many of it."""

    about: str
    what: Priced
    count: int

    @property
    def usd(self) -> Decimal:
        """What all of it costs, in US dollars."""
        return self.count * PRICES[self.what]


@dataclass(frozen=True, kw_only=True)
class DayPrice:
    """What a day costs, line by line."""

    lines: Sequence[PriceLine]

    @property
    def usd(self) -> Decimal:
        """What the whole day costs, in US dollars."""
        return sum((line.usd for line in self.lines), Decimal(0))


def such_a_day(*, posts: int, links: int, replies: int) -> DayPlan:
    """Answers the plan of a day with so many posts, posts with a link, and replies, that follows days like it."""
    published = posts + links + replies
    return DayPlan(
        posts=posts,
        posts_with_link=links,
        replies=replies,
        targets=replies,
        own_posts=published * (1 + _READ_ON_DAYS_AFTER),
        older_posts=published * (_CHANGES_FOR - READ_UP_TO) // WEEK,
    )


def next_day(database: AccountDatabase, *, now: datetime) -> DayPlan:
    """Answers the plan of the next 24 hours: what waits to be published in them, and the posts that are out already.

    As many people are taken to answer us as did in the last 24 hours.
    """
    waiting = planned(database, now=now, until=now + DAY)
    kinds = [_kind(one) for one in waiting]
    return DayPlan(
        posts=kinds.count(Priced.POST),
        posts_with_link=kinds.count(Priced.POST_WITH_LINK),
        replies=kinds.count(Priced.REPLY),
        targets=sum(one.kind == DecisionType.REPLY for one in waiting),
        own_posts=len(waiting) + count_posts(database, since=now - READ_UP_TO, until=now),
        older_posts=count_posts(database, since=now - _CHANGES_FOR, until=now - READ_UP_TO) * DAY // WEEK,
        mentions=replies_received(database, since=now - DAY, until=now, most=1).count,
    )


def price_day(plan: DayPlan, *, budget: Decimal, day: date) -> DayPrice:
    """Answers what a day costs; `budget` is the month's, in US dollars, `day` tells of how many days that month is."""
    ours = [
        PriceLine(about="posts", what=Priced.POST, count=plan.posts),
        PriceLine(about="posts with a link", what=Priced.POST_WITH_LINK, count=plan.posts_with_link),
        PriceLine(about="replies", what=Priced.REPLY, count=plan.replies),
        PriceLine(about="looks at what they answer", what=Priced.POST_READ, count=plan.targets),
        PriceLine(about="our own posts", what=Priced.OWN_READ, count=plan.own_posts),
        PriceLine(about="our older posts, once a week", what=Priced.POST_READ, count=plan.older_posts),
        PriceLine(about="mentions", what=Priced.OWN_READ, count=plan.mentions),
        PriceLine(about="who we are", what=Priced.USER_READ, count=1),
    ]
    first, _ = month_of(day)
    left = ceiling(budget, Purpose.OTHERS, first) - DayPrice(lines=ours).usd
    found = int(max(left, Decimal(0)) / PRICES[Priced.POST_READ])
    return DayPrice(lines=[*ours, PriceLine(about="posts found by search", what=Priced.POST_READ, count=found)])


def link_warning(text: str, *, is_reply: bool, profile: AccountSettings) -> str | None:
    """Says what the link in a text costs an account that publishes by the API; None where it costs nothing more."""
    if profile.transport != "api" or kind_of_post(text, is_reply=is_reply) != Priced.POST_WITH_LINK:
        return None
    with_link, without = PRICES[Priced.POST_WITH_LINK], PRICES[Priced.REPLY if is_reply else Priced.POST]
    return (
        f"it has a link: X's API charges {dollars(with_link)} for it, {round(with_link / without)} times the "
        f"{dollars(without)} that it is without one"
    )


def _kind(one: Planned) -> Priced:
    return kind_of_post(one.text, is_reply=one.kind == DecisionType.REPLY)
