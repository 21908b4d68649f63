"""Replying: drafts an answer to the best of what was found. Whoever addressed us comes first.

    look       the post once more, on its own page: still there, says the same, may be answered, with what was said
    write      from the whole conversation, as quoted data; one retry with the reasons of the gates
    keep       queued, or waiting for a person, or rejected with its reason: one a post, one an author and day

Nothing is sent from here: a reply leaves by the one door of `posting`, which looks at all of this again (F23, F24).
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from xbot_pipelines.content.gates.replies import reply_objections
from xbot_pipelines.content.prompt_injection.detection import detect_prompt_injection
from xbot_pipelines.content.prompts.replies import REPLY_VERSION, WrittenReply, reply_prompt
from xbot_pipelines.models import DecisionStatus, DecisionType, Draft, Opportunity, PostSnapshot, Result
from xbot_pipelines.store import decisions, opportunities
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.opportunities import NoLongerOpen
from xbot_pipelines.store.quotas import day_began
from xbot_pipelines.systems import by_hand
from xbot_pipelines.systems.approval import initial_status
from xbot_pipelines.systems.policy_check import PolicyCheck, check_policy
from xbot_pipelines.systems.writing import BudgetSpent, Desk
from xbot_pipelines.x.client import Conversation, XClient
from xbot_pipelines.x.text import same_text
from xbot_pipelines.x.walls import Gone

_REMEMBERED_FOR = timedelta(days=60)
_COMPARED_WITH = 50
_SHOWN_TO_THE_MODEL = 12
_TRIES = 2


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A reply that was drafted: what it answers, what it says, and where it stands, for which reason."""

    decision_id: UUID
    opportunity: Opportunity
    draft: Draft
    status: DecisionStatus
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReplySummary:
    """What one turn of drafting came to. `set_aside` says why opportunities came to nothing before a draft."""

    result: Result
    reason: str | None = None
    replies: Sequence[Reply] = ()
    set_aside: Sequence[tuple[Opportunity, str]] = field(default=())
    still_open: int = 0

    def count(self, status: DecisionStatus) -> int:
        """How many of the replies stand there."""
        return sum(reply.status == status for reply in self.replies)


def draft_replies(desk: Desk, client: Callable[[], XClient], *, random_source: random.Random) -> ReplySummary:
    """Drafts as many replies as a turn may, the best opportunities first.

    Raises:
        Wall: a page could not be read. What was drafted before is kept.
        WritingFailed: the model could not be asked. What was drafted before is kept.
    """
    try:
        desk.check_budget()
    except BudgetSpent as spent:
        return ReplySummary(result=Result.BLOCKED, reason=str(spent))
    profile, clock = desk.profile, desk.clock
    opportunities.expire(desk.database, now=clock.now())
    waiting = opportunities.open_opportunities(desk.database, now=clock.now())
    places = places_left(desk, clock.now())
    if not waiting or places <= 0:
        nothing = "no opportunity is open" if not waiting else "as many replies wait as can be sent in time"
        return ReplySummary(result=Result.NOTHING_TO_DO, reason=nothing, still_open=len(waiting))
    replies: list[Reply] = []
    set_aside: list[tuple[Opportunity, str]] = []
    stopped = None
    for opportunity in waiting:
        if sum(reply.status != DecisionStatus.REJECTED for reply in replies) == min(
            places, profile.replies.drafts_a_turn
        ):
            break
        try:
            replies.append(_answer(desk, client(), opportunity, random_source))
        except (SetAside, NoLongerOpen) as reason:
            opportunities.turn_away(desk.database, opportunity.post_id, reason=str(reason))
            set_aside.append((opportunity, str(reason)))
        except BudgetSpent as spent:
            stopped = str(spent)
            break
    return ReplySummary(
        result=Result.BLOCKED if stopped else Result.DONE,
        reason=stopped,
        replies=replies,
        set_aside=set_aside,
        still_open=len(waiting) - len(replies) - len(set_aside),
    )


def places_left(desk: Desk, now: datetime) -> int:
    """How many more replies can be drafted: what can be sent while it is fresh, and within the day's cap."""
    caps, replies = desk.profile.caps, desk.profile.replies
    queued = decisions.queue_of(desk.database, DecisionType.REPLY, now=now).waiting
    today = opportunities.answered_authors(desk.database, since=day_began(now, desk.profile.timezone))
    return min(caps.replies_per_hour * replies.fresh_hours - queued, caps.replies_per_day - len(today))


def recent_replies(database: AccountDatabase, *, now: datetime) -> Sequence[str]:
    """Answers the texts of our last replies, newest first, which a new one must not repeat."""
    recent = decisions.recent_content(
        database, kind=DecisionType.REPLY, since=now - _REMEMBERED_FOR, limit=_COMPARED_WITH
    )
    return [content.text for content in recent]


class SetAside(Exception):
    """An opportunity came to nothing before anything was drafted; the message says why."""


def looked_at_again(opportunity: Opportunity, client: XClient) -> Conversation:
    """Answers the conversation around an opportunity, as it is now.

    Raises:
        SetAside: the post must not be answered any more.
        Wall: the page could not be read.
    """
    try:
        shown = client.conversation(opportunity.post_id)
    except Gone as wall:
        raise SetAside(str(wall)) from wall
    ours = client.handle.lower()
    if not same_text(shown.post.visible_text, opportunity.text):
        raise SetAside("it says something else by now")
    if shown.post.replies_allowed is False:
        raise SetAside("its author lets few answer")
    if any(answer.author.handle.lower() == ours for answer in _direct(shown)):
        raise SetAside("we have answered it")
    return shown


def _answer(desk: Desk, client: XClient, opportunity: Opportunity, random_source: random.Random) -> Reply:
    profile, now = desk.profile, desk.clock.now()
    today = day_began(now, profile.timezone)
    if opportunity.author.handle.lower() in opportunities.answered_authors(desk.database, since=today):
        raise SetAside("we have answered its author today")
    shown = looked_at_again(opportunity, client)
    for_a_person = by_hand.is_for_a_person(profile, addressed_us=opportunity.addressed_us)
    by_a_person = by_hand.SENT_BY_HAND if for_a_person else None
    tone = random_source.choice(profile.tones)
    draft, against, not_judged = _write(desk, opportunity, shown, tone=tone, because=by_a_person)
    status, reason = initial_status(
        draft, profile.publishing.approval, objections=against, because=by_a_person or not_judged
    )
    decision_id = opportunities.add_reply(
        desk.database,
        opportunity,
        draft,
        status=status,
        day_began=today,
        now=desk.clock.now(),
        by=desk.by,
        reason=reason,
    )
    return Reply(decision_id=decision_id, opportunity=opportunity, draft=draft, status=status, reason=reason)


def _write(
    desk: Desk, opportunity: Opportunity, shown: Conversation, *, tone: str, because: str | None
) -> tuple[Draft, Sequence[str], str | None]:
    """Have a reply written, twice at most.

    Args:
        desk: where it is written.
        opportunity: what it answers.
        shown: the conversation around that.
        tone: how it sounds.
        because: why a person has to see it in any case, so that no judge does.

    Returns:
        The last draft, what speaks against it, and why it waits for a person although nothing does.
    """
    above = [post for post in shown.above if not detect_prompt_injection(post.visible_text)]
    before = [_spoken(post) for post in above]
    our_handle = desk.profile.handle.lower()
    ours = [post.visible_text for post in above if post.author.handle.lower() == our_handle]
    theirs = [post.visible_text for post in above if post.author.handle.lower() != our_handle]
    checked = PolicyCheck()
    others = [text for text in (answer.visible_text for answer in _direct(shown)) if not detect_prompt_injection(text)]
    recent_texts = recent_replies(desk.database, now=desk.clock.now())
    against: list[str] = []
    for _ in range(_TRIES):
        prompt = reply_prompt(
            desk.profile,
            opportunity,
            tone=tone,
            before=before,
            others=others,
            recent_texts=recent_texts[:_SHOWN_TO_THE_MODEL],
            objections=against,
        )
        answer = desk.write(prompt, WrittenReply, purpose="reply")
        written = answer.value
        draft = Draft(
            decision_type=DecisionType.REPLY,
            text=written.text.strip(),
            topic=opportunity.subject,
            tone=tone,
            quality=written.quality,
            model=answer.usage.model,
            prompt_version=REPLY_VERSION,
            prompt_tokens=answer.usage.prompt_tokens,
            completion_tokens=answer.usage.completion_tokens,
            cost_usd=answer.cost_usd,
        )
        if not written.worth_sending:
            return draft, [f"the model would not send it: {written.reason.strip()}"], None
        against = reply_objections(
            draft.text,
            profile=desk.profile,
            target=opportunity.target,
            subject=opportunity.subject,
            thread=theirs,
            others=others,
            recent_texts=recent_texts,
            about_author=[words for words in (opportunity.author.name, opportunity.author.bio) if words],
            our_words=ours,
        )
        checked = check_policy(desk, draft, because=because) if not against else PolicyCheck()
        against += [checked.objection] if checked.objection else []
        if not against:
            break
    return draft, against, checked.not_asked


def _direct(shown: Conversation) -> Sequence[PostSnapshot]:
    return [answer for answer in shown.answers if answer.in_reply_to_id == shown.post.id]


def _spoken(post: PostSnapshot) -> str:
    return f"@{post.author.handle}: {post.visible_text}"
