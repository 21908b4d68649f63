"""Planning: one new piece of content into the queue, when the queue runs low.

A slot is taken and a brief drawn, both by what was learned; a language model writes it, the gates look at it and it is
scored; a draft that is turned away is written once more, with the reasons. Nothing is published from here.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from xbot_pipelines.content.gates.posts import post_objections
from xbot_pipelines.content.prompts.posts import PROMPT_VERSION, WrittenPost, post_prompt
from xbot_pipelines.content.scoring import Score, score_draft
from xbot_pipelines.models import DecisionStatus, DecisionType, Draft, NewsItem, Result
from xbot_pipelines.store import decisions
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.news import NewsTaken
from xbot_pipelines.systems.approval import initial_status
from xbot_pipelines.systems.choosing import Chosen, choose
from xbot_pipelines.systems.learning import beliefs_of
from xbot_pipelines.systems.policy_check import PolicyCheck, check_policy
from xbot_pipelines.systems.slots import next_slot
from xbot_pipelines.systems.writing import BudgetSpent, Desk

KEEP_AHEAD = 4
"""How many posts are kept waiting: two hours of them at 48 a day, so that a provider may be away for a while."""

_FRESH_FOR = timedelta(hours=12)
_WAITS_FOR_A_PERSON = timedelta(hours=24)
_NEWS_WAITS_FOR_A_PERSON = timedelta(hours=6)
_REMEMBERED_FOR = timedelta(days=60)
_MOST_REMEMBERED = 6_000
_SHOWN_TO_THE_MODEL = 12
_TRIES = 2


@dataclass(frozen=True, kw_only=True)
class PlanSummary:
    """What one run of planning came to. `draft` is what was written last, queued or turned away; `news` what about.

    `awaits` says why a person has to approve it first, None where nobody has to.
    """

    result: Result
    reason: str | None = None
    decision_id: UUID | None = None
    scheduled_at: datetime | None = None
    draft: Draft | None = None
    score: Score | None = None
    news: NewsItem | None = None
    turned_away: tuple[str, ...] = ()
    awaits: str | None = None
    waiting: int = 0


def why_not_now(queue: decisions.Queue) -> str | None:
    """Says why nothing needs to be planned, or None when something does."""
    planned = queue.waiting + queue.unapproved
    if planned < KEEP_AHEAD:
        return None
    unapproved = f", {queue.unapproved} of them for your approval: `xbot review`" if queue.unapproved else ""
    return f"{planned} posts wait already{unapproved}"


def plan(desk: Desk, *, random_source: random.Random) -> PlanSummary:
    """Writes one post and queues it, unless enough wait already or today's model budget is spent.

    Raises:
        WritingFailed: the model could not be asked. Nothing was queued.
    """
    now = desk.clock.now()
    # Posting settles only where something is due: what nobody approves would stay for ever.
    decisions.expire_overdue(desk.database, now=now, by=desk.by, kind=DecisionType.SINGLE)
    queue = decisions.queue_of(desk.database, DecisionType.SINGLE, now=now)
    waiting = queue.waiting + queue.unapproved
    enough = why_not_now(queue)
    if enough:
        return PlanSummary(result=Result.NOTHING_TO_DO, reason=enough, waiting=waiting)
    recent = recent_posts(desk.database, now=now)
    beliefs = beliefs_of(desk.database, desk.profile, now=now)
    slot = next_slot(queue, desk.profile, beliefs, now)
    chosen = choose(desk.database, desk.profile, beliefs, recent, slot=slot, random_source=random_source, now=now)
    try:
        draft, score, against, not_judged = _write(desk, chosen, [content.text for content in recent])
    except BudgetSpent as spent:
        return PlanSummary(result=Result.BLOCKED, reason=str(spent), waiting=waiting)
    summary = PlanSummary(
        result=Result.BLOCKED if against else Result.DONE,
        reason=f"every draft was turned away: {'; '.join(against)}" if against else None,
        scheduled_at=slot,
        draft=draft,
        score=score,
        news=chosen.news,
        turned_away=tuple(against),
        waiting=waiting,
    )
    try:
        return _queued(desk, summary, not_judged=not_judged)
    except NewsTaken as taken:
        return replace(summary, result=Result.BLOCKED, reason=f"another run was faster: {taken}")


def recent_posts(database: AccountDatabase, *, now: datetime) -> Sequence[decisions.Written]:
    """Return our last posts, newest first, which a new one must not repeat."""
    return decisions.recent_content(database, since=now - _REMEMBERED_FOR, limit=_MOST_REMEMBERED)


def _write(desk: Desk, chosen: Chosen, recent_texts: Sequence[str]) -> tuple[Draft, Score, Sequence[str], str | None]:
    """Have a post written, twice at most.

    Returns:
        The last draft, its score, what speaks against it, and why it waits for a person although nothing does.
    """
    brief, item = chosen.brief, chosen.news
    against: list[str] = []
    checked = PolicyCheck()
    for _ in range(_TRIES):
        prompt = post_prompt(
            desk.profile, brief, news=item, recent_texts=recent_texts[:_SHOWN_TO_THE_MODEL], objections=against
        )
        answer = desk.write(prompt, WrittenPost, purpose="post")
        text = answer.value.text.strip()
        score = score_draft(text, rating=answer.value.quality, recent_texts=recent_texts)
        against = post_objections(text, profile=desk.profile, news=item, recent_texts=recent_texts)
        against += [score.objection] if score.objection and not against else []
        draft = Draft(
            decision_type=DecisionType.SINGLE,
            text=text,
            topic=brief.subject,
            angle=brief.angle,
            tone=brief.tone,
            format=brief.format,
            hook=brief.hook,
            chosen_because=chosen.because,
            quality=score.total,
            model=answer.usage.model,
            prompt_version=PROMPT_VERSION,
            prompt_tokens=answer.usage.prompt_tokens,
            completion_tokens=answer.usage.completion_tokens,
            cost_usd=answer.cost_usd,
            news_url=item.url if item is not None else None,
            news_guid=item.guid if item is not None else "",
        )
        checked = check_policy(desk, draft) if not against else PolicyCheck()
        against += [checked.objection] if checked.objection else []
        if not against:
            break
    return draft, score, against, checked.not_asked


def _queued(desk: Desk, summary: PlanSummary, *, not_judged: str | None) -> PlanSummary:
    """Put what was written into the queue, before a person, or aside with the reasons."""
    assert summary.draft is not None, "something was written"
    assert summary.scheduled_at is not None, "it has a slot"
    status, reason = initial_status(
        summary.draft, desk.profile.publishing.approval, objections=summary.turned_away, because=not_judged
    )
    awaits = reason if status is DecisionStatus.NEEDS_REVIEW else None
    decision_id = decisions.add_decision(
        desk.database,
        summary.draft,
        status=status,
        scheduled_at=summary.scheduled_at,
        expires_at=summary.scheduled_at + _keeps_for(summary.draft, awaits),
        now=desk.clock.now(),
        by=desk.by,
        reason=reason,
    )
    waiting = summary.waiting + (0 if summary.turned_away else 1)
    return replace(summary, decision_id=decision_id, awaits=awaits, waiting=waiting)


def _keeps_for(draft: Draft, awaits: str | None) -> timedelta:
    """Return how long after its slot a post may still go out."""
    if awaits is None:
        return _FRESH_FOR
    return _WAITS_FOR_A_PERSON if draft.news_url is None else _NEWS_WAITS_FOR_A_PERSON
