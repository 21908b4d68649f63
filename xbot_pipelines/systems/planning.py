"""Planning: one new piece of content into the queue, when the queue runs low.

A brief is chosen, and news for it where there is some; a language model writes it, the gates look at it and it is
scored; a draft that is turned away is written once more, with the reasons. Nothing is published from here.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from xbot_pipelines.content.briefs import Brief, choose_brief, choose_news
from xbot_pipelines.content.gates.drafts import objections
from xbot_pipelines.content.prompts.posts import PROMPT_VERSION, WrittenPost, post_prompt
from xbot_pipelines.content.scoring import Score, score_draft
from xbot_pipelines.models import DecisionStatus, DecisionType, Draft, NewsItem, Result
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.store import decisions, news
from xbot_pipelines.store.news import NewsTaken
from xbot_pipelines.systems.writing import BudgetSpent, Desk

KEEP_AHEAD = 4
"""How many posts are kept waiting: two hours of them at 48 a day, so that a provider may be away for a while."""

_FRESH_FOR = timedelta(hours=12)
_REMEMBERED_FOR = timedelta(days=60)
_MOST_REMEMBERED = 6_000
_POSTS_BETWEEN_NEWS = 2
_NEWS_LOOKED_AT = 50
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


def next_slot(queue: decisions.Queue, profile: AccountSettings, now: datetime) -> datetime:
    """The moment for the next post: evenly over the day, never closer than the gap, at once when it is overdue."""
    evenly = timedelta(days=1) / max(profile.caps.posts_per_day, 1)
    apart = max(evenly, timedelta(minutes=profile.caps.minimum_gap_minutes))
    return now if queue.last_slot is None else max(now, queue.last_slot + apart)


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
    brief, item = _choose(desk, recent, random_source, now)
    try:
        draft, score, against = _write(desk, brief, item, [content.text for content in recent])
    except BudgetSpent as spent:
        return PlanSummary(result=Result.BLOCKED, reason=str(spent), waiting=queue.waiting)
    summary = PlanSummary(
        result=Result.BLOCKED if against else Result.DONE,
        reason=f"every draft was turned away: {'; '.join(against)}" if against else None,
        scheduled_at=next_slot(queue, desk.profile, desk.clock.now()),
        draft=draft,
        score=score,
        news=item,
        turned_away=tuple(against),
        waiting=queue.waiting,
    )
    try:
        return _queued(desk, summary)
    except NewsTaken as taken:
        return replace(summary, result=Result.BLOCKED, reason=f"another run was faster: {taken}")


def _choose(
    desk: Desk, recent: Sequence[decisions.Written], random_source: random.Random, now: datetime
) -> tuple[Brief, NewsItem | None]:
    """Chooses what to write about, and how. One post in three is about news at most, where some is of our subjects."""
    subjects = [content.topic for content in recent if content.topic]
    brief = choose_brief(desk.profile, recent_subjects=subjects, random_source=random_source)
    if any(content.news_url for content in recent[:_POSTS_BETWEEN_NEWS]):
        return brief, None
    offered = news.unused_news(desk.database, now=now, limit=_NEWS_LOOKED_AT)
    chosen = choose_news(offered, desk.profile.subjects)
    if chosen is None:
        return brief, None
    subject, item = chosen
    return replace(brief, subject=subject), item


def _write(
    desk: Desk, brief: Brief, item: NewsItem | None, recent_texts: Sequence[str]
) -> tuple[Draft, Score, Sequence[str]]:
    """Has a post written, twice at most, and answers the last draft, its score, and what speaks against it."""
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
