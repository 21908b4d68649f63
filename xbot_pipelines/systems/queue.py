"""What a person decides about the queue: which drafts go out, as they are or in other words.

How a decision is kept lies in `store.review`, how it is asked for in `operate.review`.
"""

import unicodedata
from datetime import datetime

from xbot_pipelines.clock import Clock
from xbot_pipelines.content.gates.drafts import objections
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import review
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.waiting import WaitingDraft
from xbot_pipelines.systems import by_hand
from xbot_pipelines.systems.planning import recent_posts
from xbot_pipelines.systems.replying import recent_replies
from xbot_pipelines.systems.slots import free_slot


class NotSendable(Exception):
    """A draft cannot be approved as it is; the message says why, and what to do."""


def approve(
    database: AccountDatabase,
    settings: Settings,
    draft: WaitingDraft,
    *,
    text: str | None = None,
    clock: Clock,
    by: Provenance,
) -> datetime:
    """Let a draft be sent, in the words that the person was shown or in their own, and return its slot.

    Args:
        database: whose draft.
        settings: the account's.
        draft: what the person was shown.
        text: what is sent in its place. None: as it is.
        clock: tells when.
        by: who approves it.

    Raises:
        NotSendable: something speaks against the new text, or X's API does not take the reply.
        NotWaiting: see `store.review.approve`.
    """
    address = by_hand.address_to_send(settings, draft, text)
    if address is not None:
        raise NotSendable(f"{by_hand.SENT_BY_HAND}. Open {address} and send it there; it is found by itself then")
    if text is not None and text != draft.text:
        demand_sendable(database, draft, text, clock=clock)
    now = clock.now()
    return review.approve(
        database,
        draft.decision_id,
        shown=draft.text,
        text=text,
        free_slot=lambda taken: free_slot(taken, settings.profile, now),
        now=now,
        by=by,
    )


def demand_sendable(database: AccountDatabase, draft: WaitingDraft, text: str, *, clock: Clock) -> None:
    """Make sure that a text which a person wrote may be sent as this draft: it passes the gates, as any other.

    Raises:
        NotSendable: something speaks against it; the message says what.
    """
    now = clock.now()
    if draft.target is None:
        recent_texts, mention = [post.text for post in recent_posts(database, now=now)], None
    else:
        recent_texts, mention = list(recent_replies(database, now=now)), draft.target.author_handle
    # The draft itself is among them, and an edited text is like it.
    others = [recent for recent in recent_texts if recent != draft.text]
    against = objections(text, recent_texts=others, allowed_mention=mention)
    controls = sorted({ascii(one)[1:-1] for one in text if one != "\n" and unicodedata.category(one) in {"Cc", "Cs"}})
    if controls:
        against.append(f"it holds control characters ({', '.join(controls)})")
    if against:
        raise NotSendable(f"the new text cannot be sent: {'; '.join(against)}")
