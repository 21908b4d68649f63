"""Planning: one new piece of content into the queue, when the queue runs low.

A brief is chosen, a language model writes it, the gates look at it; a draft that is turned away is written once more,
with the reasons. Nothing is published from here.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from xbot_pipelines.clock import Clock
from xbot_pipelines.content.briefs import Brief, choose_brief
from xbot_pipelines.content.gates import objections
from xbot_pipelines.content.prompts import PROMPT_VERSION, WrittenPost, post_prompt
from xbot_pipelines.content.writer import Writer
from xbot_pipelines.models import DecisionStatus, DecisionType, Draft, ModelUsage, Result
from xbot_pipelines.settings import AccountSettings, ModelSettings
from xbot_pipelines.store import decisions, spending
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.quotas import day_began

KEEP_AHEAD = 4
"""How many posts are kept waiting: two hours of them at 48 a day, so that a provider may be away for a while."""

_FRESH_FOR = timedelta(hours=12)
_REMEMBERED_FOR = timedelta(days=60)
_MOST_REMEMBERED = 200
_SHOWN_TO_THE_MODEL = 12
_TRIES = 2


@dataclass(frozen=True, kw_only=True)
class PlanSummary:
    """What one run of planning came to. `draft` is what was written last, queued or turned away."""

    result: Result
    reason: str | None = None
    decision_id: UUID | None = None
    scheduled_at: datetime | None = None
    draft: Draft | None = None
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


def plan(
    database: AccountDatabase,
    profile: AccountSettings,
    writer: Writer,
    *,
    clock: Clock,
    by: Provenance,
    random_source: random.Random,
) -> PlanSummary:
    """Writes one post and queues it, unless enough wait already or today's model budget is spent.

    Raises:
        WritingFailed: the model could not be asked. Nothing was queued.
    """
    now = clock.now()
    queue = decisions.queue_of(database, DecisionType.SINGLE, now=now)
    enough = why_not_now(queue)
    if enough:
        return PlanSummary(result=Result.NOTHING_TO_DO, reason=enough, waiting=queue.waiting)
    spent = spending.spent_since(database, day_began(now, profile.timezone))
    if spent >= profile.model.daily_budget_usd:
        return PlanSummary(
            result=Result.BLOCKED,
            reason=f"today's model budget of ${profile.model.daily_budget_usd:.2f} is spent (${spent:.4f})",
            waiting=queue.waiting,
        )
    recent = decisions.recent_content(database, since=now - _REMEMBERED_FOR, limit=_MOST_REMEMBERED)
    brief = choose_brief(
        profile, recent_subjects=[content.topic for content in recent if content.topic], random_source=random_source
    )
    recent_texts = [content.text for content in recent]
    against: list[str] = []
    for _ in range(_TRIES):
        draft = _write(database, profile, writer, brief, recent_texts, against, clock=clock, by=by)
        against = objections(draft.text, recent_texts=recent_texts)
        if not against:
            break
    scheduled_at = next_slot(queue, profile, clock.now())
    decision_id = decisions.add_decision(
        database,
        draft,
        status=DecisionStatus.REJECTED if against else DecisionStatus.QUEUED,
        scheduled_at=scheduled_at,
        expires_at=scheduled_at + _FRESH_FOR,
        now=clock.now(),
        by=by,
        reason="; ".join(against) or None,
    )
    return PlanSummary(
        result=Result.BLOCKED if against else Result.DONE,
        reason=f"every draft was turned away: {'; '.join(against)}" if against else None,
        decision_id=decision_id,
        scheduled_at=scheduled_at,
        draft=draft,
        turned_away=tuple(against),
        waiting=queue.waiting + (0 if against else 1),
    )


def cost_usd(usage: ModelUsage, prices: ModelSettings) -> float:
    """What one call cost, by the prices in the settings, which are dollars per million tokens."""
    return (
        usage.prompt_tokens * prices.prompt_price_usd + usage.completion_tokens * prices.completion_price_usd
    ) / 1_000_000


def _write(
    database: AccountDatabase,
    profile: AccountSettings,
    writer: Writer,
    brief: Brief,
    recent_texts: list[str],
    against: list[str],
    *,
    clock: Clock,
    by: Provenance,
) -> Draft:
    prompt = post_prompt(profile, brief, recent_texts=recent_texts[:_SHOWN_TO_THE_MODEL], objections=against)
    written, usage = writer.write(prompt, WrittenPost)
    cost = cost_usd(usage, profile.model)
    spending.record_call(database, usage, purpose="post", cost_usd=cost, now=clock.now(), by=by)
    return Draft(
        decision_type=DecisionType.SINGLE,
        text=written.text.strip(),
        topic=brief.subject,
        angle=brief.angle,
        tone=brief.tone,
        format=brief.format,
        hook=brief.hook,
        quality=written.quality,
        model=usage.model,
        prompt_version=PROMPT_VERSION,
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
        cost_usd=cost,
    )
