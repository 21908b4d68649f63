"""Approval: which drafts wait for a person before they are published, and why.

This is the one place that decides it, for posts and replies alike.
"""

from collections.abc import Sequence

from xbot_pipelines.models import DecisionStatus, DecisionType, Draft
from xbot_pipelines.settings import Approval


def needs_approval(
    kind: DecisionType, approval: Approval, *, uses_outside_text: bool, because: str | None = None
) -> str | None:
    """Return why a draft waits for a person, as a sentence they read, or None if it may go out without one.

    Whether the author addressed us makes no difference: an attacker decides whether to mention us.

    Args:
        kind: whether it is a post or a reply.
        approval: the account's `publishing.approval`.
        uses_outside_text: whether text by others went into it: the post that it answers, news from a feed.
        because: a reason of its own for which a person must see it, whatever `approval` says: it has to be sent by
            hand, or the judge could not be asked.
    """
    if because is not None:
        return because
    if approval == "nobody":
        return None
    if kind is DecisionType.REPLY:
        return "every reply waits for your approval"
    if uses_outside_text:
        return "it uses text from outside, and such posts wait for your approval"
    return "every post waits for your approval" if approval == "everyone" else None


def initial_status(
    draft: Draft, approval: Approval, *, objections: Sequence[str], because: str | None = None
) -> tuple[DecisionStatus, str | None]:
    """Return where a new draft stands, and the reason that is kept with it: rejected, waiting for a person, or queued.

    Args:
        draft: what was written.
        approval: the account's `publishing.approval`.
        objections: what the gates found against it.
        because: see `needs_approval`.
    """
    if objections:
        return DecisionStatus.REJECTED, "; ".join(objections)
    uses_outside_text = draft.decision_type is DecisionType.REPLY or draft.news_url is not None
    reason = needs_approval(draft.decision_type, approval, uses_outside_text=uses_outside_text, because=because)
    return (DecisionStatus.QUEUED, None) if reason is None else (DecisionStatus.NEEDS_REVIEW, reason)
