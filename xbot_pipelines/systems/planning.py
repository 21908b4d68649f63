"""Planning: one new piece of content into the queue, when the queue runs low.

A slot is taken and a brief drawn, both by what was learned; a language model writes it, the gates look at it and it is
scored; a draft that is turned away is written once more, with the reasons. Nothing is published from here.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from xbot_pipelines.content.gates.drafts import objections
from xbot_pipelines.content.prompts.posts import PROMPT_VERSION, WrittenPost, post_prompt
from xbot_pipelines.content.scoring import Score, score_draft
from xbot_pipelines.models import DecisionStatus, DecisionType, Draft, NewsItem, Result
from xbot_pipelines.store import decisions
from xbot_pipelines.store.news import NewsTaken
from xbot_pipelines.systems.choosing import Chosen, choose
from xbot_pipelines.systems.learning import beliefs_of
from xbot_pipelines.systems.slots import next_slot
from xbot_pipelines.systems.writing import BudgetSpent, Desk

KEEP_AHEAD = 4
"""How many posts are kept waiting: two hours of them at 48 a day, so that a provider may be away for a while."""

_FRESH_FOR = timedelta(hours=12)
_REMEMBERED_FOR = timedelta(days=60)
_MOST_REMEMBERED = 6_000
_SHOWN_TO_THE_MODEL = 12
_TRIES = 2


@dataclass(frozen=True, kw_only=True)
class PlanSummary:
    """What one run of planning came to. `draft` is what was written last, queued or turned away; `news` what about."""

    result: Result
    reason: str | None = None
    decision_id: UUID | None = None
    scheduled_at: datetime | None = None
    draft: Draft | None = None
    score: Score | None = None
    news: NewsItem | None = None
    turned_away: tuple[str, ...] = ()
    waiting: int = 0


def why_not_now(queue: decisions.Queue) -> str | None:
    """Says why nothing needs to be planned, or None when something does."""
    return f"{queue.waiting} posts wait already" if queue.waiting >= KEEP_AHEAD else None


def plan(desk: Desk, *, random_source: random.Random) -> PlanSummary:
    """Writes one post and queues it, unless enough wait already or today's model budget is spent.

    Raises:
        WritingFailed: the model could not be asked. Nothing was queued.
    """
    now = desk.clock.now()
    queue = decisions.queue_of(desk.database, DecisionType.SINGLE, now=now)
    enough = why_not_now(queue)
    if enough:
        return PlanSummary(result=Result.NOTHING_TO_DO, reason=enough, waiting=queue.waiting)
    recent = decisions.recent_content(desk.database, since=now - _REMEMBERED_FOR, limit=_MOST_REMEMBERED)
    beliefs = beliefs_of(desk.database, desk.profile, now=now)
    slot = next_slot(queue, desk.profile, beliefs, now)
    chosen = choose(desk.database, desk.profile, beliefs, recent, slot=slot, random_source=random_source, now=now)
    try:
        draft, score, against = _write(desk, chosen, [content.text for content in recent])
    except BudgetSpent as spent:
        return PlanSummary(result=Result.BLOCKED, reason=str(spent), waiting=queue.waiting)
    summary = PlanSummary(
        result=Result.BLOCKED if against else Result.DONE,
        reason=f"every draft was turned away: {'; '.join(against)}" if against else None,
        scheduled_at=slot,
        draft=draft,
        score=score,
        news=chosen.news,
        turned_away=tuple(against),
        waiting=queue.waiting,
    )
    try:
        return _queued(desk, summary)
    except NewsTaken as taken:
        return replace(summary, result=Result.BLOCKED, reason=f"another run was faster: {taken}")


def _write(desk: Desk, chosen: Chosen, recent_texts: Sequence[str]) -> tuple[Draft, Score, Sequence[str]]:
    """Has a post written, twice at most, and answers the last draft, its score, and what speaks against it."""
    brief, item = chosen.brief, chosen.news
    against: list[str] = []
    for _ in range(_TRIES):
        prompt = post_prompt(
            desk.profile, brief, news=item, recent_texts=recent_texts[:_SHOWN_TO_THE_MODEL], objections=against
        )
        answer = desk.write(prompt, WrittenPost, purpose="post")
        text = answer.value.text.strip()
        score = score_draft(text, rating=answer.value.quality, recent_texts=recent_texts)
        against = objections(text, recent_texts=recent_texts)
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
        )
        if not against:
            break
    return draft, score, against


def _queued(desk: Desk, summary: PlanSummary) -> PlanSummary:
    """Puts what was written into the queue, or aside with the reasons."""
    assert summary.draft is not None, "something was written"
    assert summary.scheduled_at is not None, "it has a slot"
    decision_id = decisions.add_decision(
        desk.database,
        summary.draft,
        status=DecisionStatus.REJECTED if summary.turned_away else DecisionStatus.QUEUED,
        scheduled_at=summary.scheduled_at,
        expires_at=summary.scheduled_at + _FRESH_FOR,
        now=desk.clock.now(),
        by=desk.by,
        reason="; ".join(summary.turned_away) or None,
    )
    return replace(summary, decision_id=decision_id, waiting=summary.waiting + (0 if summary.turned_away else 1))
