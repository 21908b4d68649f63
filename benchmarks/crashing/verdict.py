"""Comparing what X has with what the tables say, text by text and id by id: pure, over plain values."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from benchmarks.crashing.plans import Plan

_SET_ASIDE = frozenset({"rejected", "failed", "expired", "refused", "draft", "needs_review"})
_IN_BETWEEN = frozenset({"posting", "unconfirmed"})
_OPEN = frozenset({"intended", "submitted", "unknown"})
_CLOCKS_APART = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Kill:
    """One kill as it happened. `met` says whether the step was still going on in the last look before it.

    `runs` are the posting runs that were under way then.
    """

    plan: Plan
    at: datetime
    met: bool
    runs: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post as X has it. `taken_at` is by the clock of the house."""

    id: str
    text: str
    taken_at: datetime


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A decision as the tables have it; `tweet_id` is the post that it has become."""

    id: str
    text: str
    status: str
    tweet_id: str | None


@dataclass(frozen=True, kw_only=True)
class Try:
    """An attempt as the tables have it."""

    decision_id: str
    run_id: str
    state: str
    began_at: datetime
    submitted_at: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Findings:
    """Everything that should not be. Each list has one sentence for each case; `guilty` names the decisions."""

    duplicates: Sequence[str] = ()
    resent: Sequence[str] = ()
    lost: Sequence[str] = ()
    stuck: Sequence[str] = ()
    guilty: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many there are in all."""
        return len(self.duplicates) + len(self.resent) + len(self.lost) + len(self.stuck)


def compare(posts: Sequence[Post], decisions: Sequence[Decision], tries: Sequence[Try]) -> Findings:
    """Answers everything in which X and the tables disagree, and everything that has not come to an end."""
    by_text = {decision.text: decision.id for decision in decisions}
    by_id = {post.id: post for post in posts}
    tries_of: dict[str, list[Try]] = {}
    for one in tries:
        tries_of.setdefault(one.decision_id, []).append(one)
    duplicates = {
        by_text.get(text, text): f"«{text}» is on X {times} times"
        for text, times in Counter(post.text for post in posts).items()
        if times > 1
    }
    recorded = {decision.tweet_id for decision in decisions}
    lost = {
        by_text.get(post.text, post.text): f"post {post.id} «{post.text}» is on X, and no table knows it"
        for post in posts
        if post.id not in recorded
    }
    resent, stuck = {}, {}
    for decision in decisions:
        wrong = _what_is_lost(decision, by_id)
        if wrong:
            lost[decision.id] = wrong
        post = by_id.get(decision.tweet_id or "")
        if post is not None and any(_was_submitted_after(post, one) for one in tries_of.get(decision.id, ())):
            resent[decision.id] = f"«{decision.text}» was sent again although it was on X as {post.id}"
        open_states = [one.state for one in tries_of.get(decision.id, ()) if one.state in _OPEN]
        if decision.status in _IN_BETWEEN or open_states:
            stuck[decision.id] = f"«{decision.text}» is still {decision.status}, its open attempts: {open_states}"
    return Findings(
        duplicates=list(duplicates.values()),
        resent=list(resent.values()),
        lost=list(lost.values()),
        stuck=list(stuck.values()),
        guilty={"duplicates": [*duplicates, *resent], "lost": [*lost, *stuck]},
    )


def _what_is_lost(decision: Decision, by_id: Mapping[str, Post]) -> str | None:
    """Says how a decision is lost, or None. What is stuck on its way is no matter of this."""
    if decision.tweet_id is not None:
        post = by_id.get(decision.tweet_id)
        if post is None or post.text != decision.text:
            return f"«{decision.text}» is recorded as post {decision.tweet_id}, which X does not have"
    if (decision.status == "posted") != (decision.tweet_id is not None):
        return f"«{decision.text}» is {decision.status}, and its post is {decision.tweet_id}"
    if decision.status not in _SET_ASIDE | _IN_BETWEEN | {"posted"}:
        return f"«{decision.text}» is still {decision.status}: it was never published"
    return None


def open_at(moment: datetime, tries: Sequence[Try]) -> list[Try]:
    """Answers the attempts that were open at a moment."""
    return [one for one in tries if one.began_at <= moment and (one.settled_at is None or one.settled_at > moment)]


def seconds_to_settle(kill: Kill, tries: Sequence[Try]) -> float | None:
    """How long after a kill it was settled what became of the attempt which the run under way was at.

    Where that had none yet, the attempts count that were open from before: it had begun to settle them. None where
    nothing was open; an attempt that is open to this day counts as endless.
    """
    opened = open_at(kill.at, tries)
    own = [one for one in opened if one.run_id in kill.runs]
    settled = [one.settled_at for one in own or opened]
    if not settled:
        return None
    return max((moment - kill.at).total_seconds() if moment else float("inf") for moment in settled)


def seconds_to_next_claim(kill: Kill, tries: Sequence[Try]) -> float | None:
    """How long after a kill the next decision was taken up, by whichever run; None where that never happened."""
    later = [one.began_at for one in tries if one.began_at > kill.at]
    return (min(later) - kill.at).total_seconds() if later else None


def _was_submitted_after(post: Post, one: Try) -> bool:
    # X refuses the same text within a day: such an attempt leaves no second post, and is wrong all the same.
    return one.submitted_at is not None and one.submitted_at > post.taken_at + _CLOCKS_APART
