"""What an account has lived through, put into the tables by the store's own doors: for what looks back at days."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from xbot_pipelines.models import (
    Attempt,
    Counters,
    DecisionStatus,
    DecisionType,
    Draft,
    Evidence,
    ModelUsage,
    PostSnapshot,
    ProfileSnapshot,
    PublishedPost,
    Target,
)
from xbot_pipelines.store.checkpoints import due_checkpoints, save_checkpoints
from xbot_pipelines.store.claiming import claim_next
from xbot_pipelines.store.conversations import save_replies
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.decisions import add_decision
from xbot_pipelines.store.outcomes import rebuild_outcomes
from xbot_pipelines.store.publishing import record_posted
from xbot_pipelines.store.readings import add_follower_snapshot
from xbot_pipelines.store.spending import record_call
from xbot_pipelines.systems.checkpoints import decide
from xbot_pipelines_tests.store.given import BY, profile, read, reading

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
CHECKPOINTS = (2, 12, 24)


@dataclass
class Life:
    """One account's life. Ids of posts are given out in order, from `first_id` on."""

    database: AccountDatabase
    first_id: int = 1_900_000_000_000_000_100
    _ids: "count[int]" = field(init=False)

    def __post_init__(self) -> None:
        self._ids = count(self.first_id)

    def publishes(self, text: str, at: datetime, *, to: str | None = None, their_text: str = "") -> PublishedPost:
        """A post that is out since `at`, or a reply to somebody; nothing else may be due then."""
        target = None if to is None else Target(post_id=str(next(self._ids)), author_handle=to, text=their_text)
        kind = DecisionType.SINGLE if target is None else DecisionType.REPLY
        draft = Draft(decision_type=kind, text=text, target=target, topic="sleep", tone="warm")
        self.writes(draft, at=at - 30 * MINUTE, scheduled_at=at)
        attempt = claim_next(self.database, profile(), now=at, by=BY)
        assert isinstance(attempt, Attempt), attempt
        tweet_id = str(next(self._ids))
        record_posted(
            self.database,
            attempt,
            tweet_id=tweet_id,
            posted_at=at,
            evidence=Evidence.ANSWER,
            checkpoints_hours=CHECKPOINTS,
            now=at,
            by=BY,
        )
        return PublishedPost(decision_id=attempt.decision_id, tweet_id=tweet_id, posted_at=at, text=text)

    def writes(
        self,
        draft: Draft,
        *,
        at: datetime,
        scheduled_at: datetime | None = None,
        status: DecisionStatus = DecisionStatus.QUEUED,
        reason: str | None = None,
    ) -> UUID:
        """A draft that was written at this moment, for the next day unless the test says otherwise."""
        return add_decision(
            self.database,
            draft,
            status=status,
            scheduled_at=scheduled_at or at + timedelta(days=1),
            expires_at=None,
            now=at,
            by=BY,
            reason=reason,
        )

    def reads(self, post: PublishedPost, at: datetime, counters: Counters) -> None:
        """What X counted of a post at a moment."""
        read(self.database, reading(post.tweet_id, at, counters))

    def counts_followers(self, at: datetime, followers: int) -> None:
        """How many followers a page showed."""
        add_follower_snapshot(self.database, followers=followers, observed_at=at, run_id="run-1")

    def receives(self, post: PublishedPost, at: datetime, *, author: str, text: str) -> None:
        """A reply to a post of ours, seen ten minutes after it was written."""
        answer = PostSnapshot(
            id=str(next(self._ids)),
            author=ProfileSnapshot(id="7", handle=author),
            text=text,
            visible_text=text,
            created_at=at,
            in_reply_to_id=post.tweet_id,
        )
        save_replies(self.database, post, [answer], now=at + 10 * MINUTE)

    def asks_the_model(self, at: datetime, *, cost_usd: float | None, purpose: str = "post") -> None:
        """A call of the language model, of a thousand tokens."""
        usage = ModelUsage(model="practice-1", prompt_tokens=900, completion_tokens=100, latency_seconds=1)
        record_call(self.database, usage, purpose=purpose, cost_usd=cost_usd, now=at, by=BY)

    def takes_stock(self, at: datetime) -> None:
        """Takes the checkpoints that the readings allow until a moment, and derives the outcomes from them."""
        whole = {"since": at - timedelta(days=30), "until": at}
        due = due_checkpoints(self.database, now=at, **whole)
        save_checkpoints(self.database, list(decide(due, tolerance=5 * MINUTE)))
        rebuild_outcomes(self.database, **whole)
