"""Replies that X's API does not take: a person sends them, and they are found again on our own timeline.

The API takes a reply only where the author of the post has named or quoted us. Every other stays a draft with an
address that opens X with the text filled in; what was sent so is bound to its draft, and measured like any other.
"""

from collections.abc import Iterable
from datetime import datetime

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import PostSnapshot
from xbot_pipelines.settings import AccountSettings, Settings
from xbot_pipelines.store import by_hand
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.waiting import WaitingDraft
from xbot_pipelines.x.intents import reply_intent

SENT_BY_HAND = "X's API takes a reply only where its author has named or quoted us: a person sends this one by hand"


def is_for_a_person(profile: AccountSettings, *, addressed_us: bool) -> bool:
    """Says whether a reply has to be sent by hand."""
    return profile.transport == "api" and not addressed_us


def address_to_send(settings: Settings, draft: WaitingDraft, text: str | None = None) -> str | None:
    """Return where a person can send a waiting reply by hand, in other words or its own; None where we send it.

    Where nothing is known of the post that it answers, X decides itself whether it takes the reply.
    """
    addressed_us = draft.opportunity is None or draft.opportunity.addressed_us
    if draft.target is None or not is_for_a_person(settings.profile, addressed_us=addressed_us):
        return None
    return reply_intent(settings.x_url, post_id=draft.target.post_id, text=text or draft.text)


def awaited_since(database: AccountDatabase, profile: AccountSettings) -> datetime | None:
    """Answers since when replies may have been sent by hand that are not bound yet. None: there are none."""
    return by_hand.waiting_since(database) if profile.transport == "api" else None


def bind(
    database: AccountDatabase,
    profile: AccountSettings,
    seen: Iterable[PostSnapshot],
    *,
    clock: Clock,
    by: Provenance,
) -> int:
    """Binds to their drafts what a person has sent, and answers how many that were.

    Args:
        database: whose drafts.
        profile: their checkpoints.
        seen: posts of ours that no table knows yet, as our timeline shows them.
        clock: tells when.
        by: who looks.
    """
    # Of several answers of ours to the same post the first is the draft's.
    answers = {
        post.in_reply_to_id: post
        for post in sorted(seen, key=lambda post: int(post.id), reverse=True)
        if post.in_reply_to_id is not None
    }
    waiting = by_hand.waiting_for(database, list(answers))
    for target, decision_id in waiting.items():
        post = answers[target]
        by_hand.record_sent(
            database,
            decision_id,
            tweet_id=post.id,
            text=post.visible_text,
            posted_at=post.created_at,
            checkpoints_hours=profile.checkpoints_hours,
            now=clock.now(),
            by=by,
        )
    return len(waiting)
