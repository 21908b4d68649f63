"""Judging: posts of others are read by the model, many in one question, scored, and the best of them kept.

What was judged is kept whatever came of it, so that nothing is paid for twice. What speaks against a post before
anybody reads it is decided in `content.opportunities`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from xbot_pipelines.content.opportunities import MENTIONS_HOLD_FOR, Against, against_what_it_says, score_parts
from xbot_pipelines.content.prompts.replies import Verdict, Verdicts, judge_prompt
from xbot_pipelines.models import Opportunity, PostSnapshot
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.store import opportunities, people
from xbot_pipelines.store.opportunities import Judged, Kept
from xbot_pipelines.systems.writing import Desk

_AT_ONCE = 40


@dataclass(frozen=True)
class Seen:
    """A post that was come upon: where, and whether it answers us or names us."""

    post: PostSnapshot
    source: str
    addresses_us: bool = False


def judge(desk: Desk, posts: Sequence[Seen]) -> tuple[Kept, Counter[str]]:
    """Have posts read by the model, and keep what comes of it.

    Returns:
        What was kept, and why the other posts are no opportunities.

    Raises:
        WritingFailed: the model could not be asked. What it judged before is lost, and judged again at the next turn.
        BudgetSpent: today's budget ran out in the middle.
    """
    judged = [one for first in range(0, len(posts), _AT_ONCE) for one in _judged(desk, posts[first : first + _AT_ONCE])]
    ranked = keep_the_best(judged, desk.profile.replies.opportunities_a_turn)
    kept = opportunities.keep(desk.database, ranked, now=desk.clock.now())
    lost = {row.what for row in kept.refused}
    stored = [one for one in ranked if opportunities.name_of(one) not in lost]
    reasons = Counter(one.turned_away for one in stored if one.turned_away is not None)
    reasons[Against.NOT_STORED] += len(kept.refused)
    # What another run has judged at the same time is no news of ours.
    reasons[Against.KNOWN] += len(ranked) - reasons.total() - len(kept.opportunities)
    return kept, reasons


def keep_the_best(judged: Sequence[Judged], most: int) -> Sequence[Judged]:
    """Turns away whatever is beyond the `most` opportunities with the highest scores."""
    right = sorted((one for one in judged if one.turned_away is None), key=lambda one: -one.opportunity.score)
    beyond = {one.opportunity.post_id for one in right[most:]}
    return [
        replace(one, turned_away=Against.BELOW_THE_BEST) if one.opportunity.post_id in beyond else one for one in judged
    ]


def _judged(desk: Desk, some: Sequence[Seen]) -> Sequence[Judged]:
    prompt = judge_prompt(desk.profile, [one.post.visible_text for one in some])
    answer = desk.write(prompt, Verdicts, purpose="judging").value
    verdicts = {verdict.number: verdict for verdict in answer.verdicts}
    relevance = people.relevance_of(desk.database, [one.post.author.handle for one in some])
    now = desk.clock.now()
    return [
        _weighed(one, verdicts.get(number), relevance[one.post.author.handle.lower()], desk.profile, now)
        for number, one in enumerate(some, start=1)
    ]


def _weighed(seen: Seen, verdict: Verdict | None, relevance: float, profile: AccountSettings, now: datetime) -> Judged:
    """Makes an opportunity of a post, or says why it is none. What the model left out, it found nothing in."""
    post, addresses_us = seen.post, seen.addresses_us
    # A subject that the model invented is none of ours.
    subject = verdict.subject if verdict is not None and verdict.subject in profile.subjects else None
    worth = verdict.worth if verdict is not None else 0.0
    fresh_for = MENTIONS_HOLD_FOR if addresses_us else profile.replies.fresh_for
    parts = score_parts(post, worth=worth, relevance=relevance, addresses_us=addresses_us, fresh_for=fresh_for, now=now)
    opportunity = Opportunity(
        post_id=post.id,
        author=post.author,
        text=post.visible_text,
        subject=subject,
        addressed_us=addresses_us,
        views=post.views,
        likes=post.likes,
        reposts=post.reposts,
        replies=post.replies,
        quotes=post.quotes,
        bookmarks=post.bookmarks,
        posted_at=post.created_at,
        found_at=now,
        expires_at=post.created_at + fresh_for,
        score=round(sum(parts.values()), 4),
        score_parts=parts,
    )
    return Judged(
        opportunity=opportunity,
        source=seen.source,
        turned_away=against_what_it_says(subject, worth, addresses_us=addresses_us),
        read_for_subject=verdict is not None and not addresses_us,
    )
