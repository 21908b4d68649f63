"""The words that everybody shares: what a decision, a post, a reading and an attempt are.

Plain values without behaviour of their own. How they are stored is the business of `store`, how they are read
from X of `x`, what happens to them of `systems`.

Words: a *decision* is a piece of content with an id; a *post* is on X; a *reading* is the counters of one post at
one moment; an *attempt* is one try to publish a decision; a *target* is somebody else's post that we may answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class DecisionType(StrEnum):
    """What kind of content a decision is."""

    SINGLE = "single"
    REPLY = "reply"


class DecisionStatus(StrEnum):
    """Where a decision stands. The ways from one to another are data in `store.decisions`."""

    DRAFT = "draft"
    NEEDS_REVIEW = "needs_review"
    QUEUED = "queued"
    POSTING = "posting"
    POSTED = "posted"
    REJECTED = "rejected"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"
    EXPIRED = "expired"
    REFUSED = "refused"


class AttemptState(StrEnum):
    """How far one try to publish has come, and what is known of its end.

    `confirmed` and `absent` are proven. In any other state it may have posted, and counts as if it had.
    """

    INTENDED = "intended"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    ABSENT = "absent"
    UNKNOWN = "unknown"


OPEN_ATTEMPT_STATES = (AttemptState.INTENDED, AttemptState.SUBMITTED, AttemptState.UNKNOWN)


class Evidence(StrEnum):
    """What proves that a post exists, or that it does not."""

    ANSWER = "answer"
    TOAST = "toast"
    TIMELINE = "timeline"


class OpportunityStatus(StrEnum):
    """Where a post that we may answer stands: the ways of its reply lead it on."""

    OPEN = "open"
    DRAFTED = "drafted"
    ANSWERED = "answered"
    TURNED_AWAY = "turned_away"
    EXPIRED = "expired"


class ReadingSource(StrEnum):
    """What took a reading: a job of the timetable, a backfill, or a person who asked for it.

    `hourly_analytics` was not taken at its moment: X's analytics told later how the counters had stood then.
    """

    METRICS_SCRAPER = "metrics_scraper"
    VELOCITY_TRACKER = "velocity_tracker"
    DATA_COLLECTION = "data_collection"
    ANALYTICS = "analytics"
    ENHANCED_METRICS = "enhanced_metrics"
    BACKFILL = "backfill"
    ON_DEMAND = "on_demand"
    HOURLY_ANALYTICS = "hourly_analytics"


class CheckpointStatus(StrEnum):
    """How a checkpoint of a post ended: read in time, read late, or never, for a reason."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSED = "missed"


class Result(StrEnum):
    """How a job's run ended, where it did not fail: three things that once looked alike (F25)."""

    DONE = "done"
    NOTHING_TO_DO = "nothing to do"
    BLOCKED = "blocked"


@dataclass(frozen=True, kw_only=True)
class Counters:
    """What X counts of one post. None is unknown, which is not zero."""

    views: int | None = None
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    quotes: int | None = None
    bookmarks: int | None = None


@dataclass(frozen=True, kw_only=True)
class PrivateCounters:
    """What X counts of a post and tells its author alone. None is unknown, which is not zero."""

    profile_visits: int | None = None
    detail_expands: int | None = None
    link_clicks: int | None = None


@dataclass(frozen=True, kw_only=True)
class ProfileSnapshot:
    """An X account as a page showed it."""

    id: str
    handle: str
    name: str | None = None
    bio: str | None = None
    created_at: datetime | None = None
    followers: int | None = None
    following: int | None = None
    posts: int | None = None
    protected: bool | None = None
    verified: bool | None = None


@dataclass(frozen=True)
class HiddenPost:
    """A post inside another one that X does not show, or that cannot be read; `reason` says why."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class PostSnapshot(Counters):
    """One post as an answer of X showed it: who, what, when, and its counters at that moment.

    `text` is verbatim as X gives it: the long form where there is one, with HTML entities, t.co links and the
    mentions that X puts in front of a reply. `visible_text` is what a reader sees: without those mentions, entities
    unescaped, links as they were written, the links of attached media dropped. `quoted` and `reposted` carry the
    post inside the post; a quoted one that is not to be seen is None, but what is reposted never is: a repost is no
    post of its author's, whatever has become of the other one. `replies_allowed` False: its author does not let us
    answer; None: the answer did not say.
    `mentions` are the handles that its text names, those in front of a reply among them. `private` is what X tells its
    author alone, None where the answer has nothing of it.
    """

    id: str
    author: ProfileSnapshot
    text: str
    visible_text: str
    created_at: datetime
    lang: str | None = None
    conversation_id: str | None = None
    in_reply_to_id: str | None = None
    in_reply_to_handle: str | None = None
    is_pinned: bool = False
    replies_allowed: bool | None = None
    mentions: tuple[str, ...] = ()
    private: PrivateCounters | None = None
    quoted: "PostSnapshot | None" = None
    reposted: "PostSnapshot | HiddenPost | None" = None
    observed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Target:
    """The post that a reply answers, as it was read when the reply was written."""

    post_id: str
    author_handle: str
    text: str
    author_followers: int | None = None


@dataclass(frozen=True, kw_only=True)
class Opportunity(Counters):
    """A post of somebody else that is worth a reply of ours, as it was read.

    `score` is the sum of `score_parts`; `addressed_us`: it answers us or names us. Counters are of `found_at`.
    """

    post_id: str
    author: ProfileSnapshot
    text: str
    subject: str | None
    addressed_us: bool
    posted_at: datetime
    found_at: datetime
    expires_at: datetime
    score: float
    score_parts: Mapping[str, float]

    @property
    def target(self) -> Target:
        """What a reply to it answers."""
        return Target(
            post_id=self.post_id,
            author_handle=self.author.handle,
            text=self.text,
            author_followers=self.author.followers,
        )


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A piece of content before it is a decision: what was written, for what, and what it cost.

    `chosen_because` says of each thing that was chosen how, in plain values that go into JSON.
    """

    decision_type: DecisionType
    text: str
    topic: str | None = None
    angle: str | None = None
    tone: str | None = None
    format: str | None = None
    hook: str | None = None
    chosen_because: Mapping[str, Any] | None = None
    quality: float | None = None
    model: str | None = None
    prompt_version: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost_usd: float | None = None
    target: Target | None = None
    news_url: str | None = None
    news_guid: str = ""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try to publish one decision: its `number`-th, the first being 1.

    `began_at` is before anything could have reached X, `submitted_at` before the click. `first_began_at` is when the
    first try of the same decision began: no post of it can be older.
    """

    id: UUID
    decision_id: UUID
    decision_type: DecisionType
    number: int
    state: AttemptState
    text: str
    began_at: datetime
    first_began_at: datetime
    submitted_at: datetime | None = None
    target: Target | None = None


@dataclass(frozen=True, kw_only=True)
class PublishedPost:
    """A post of ours that is on X, as the tables know it."""

    decision_id: UUID
    tweet_id: str
    posted_at: datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class Reading(Counters):
    """The counters of one post at one moment, as X showed them then; `private` where it told them along with those."""

    tweet_id: str
    observed_at: datetime
    private: PrivateCounters | None = None


@dataclass(frozen=True, kw_only=True)
class ModelUsage:
    """What one call of a language model used."""

    model: str
    prompt_tokens: int
    completion_tokens: int
    latency_seconds: float


@dataclass(frozen=True, kw_only=True)
class NewsItem:
    """Something that was published elsewhere, as it was offered: data that somebody wrote, never an instruction.

    `source` says who offered it, in words of ours: the host of a feed. `published_at` None: it did not say when. `guid`
    is what its source calls it, by which items are told apart that share one link; empty where it calls it nothing.
    """

    url: str
    title: str
    source: str
    summary: str | None = None
    published_at: datetime | None = None
    guid: str = ""


@dataclass(frozen=True, kw_only=True)
class FeedState:
    """What is remembered of a feed between two looks at it.

    `etag` and `last_modified` are the server's own words for what was read last, `fetched_at` is when that was.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    fetched_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RobotsFile:
    """The robots.txt of a site (`https://example.org`) as it was read; a site that has none has an empty one."""

    origin: str
    text: str
    read_at: datetime
