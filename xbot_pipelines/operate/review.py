"""`xbot review` and `xbot optout`: what a person decides about drafts, and the sentence that each decision shows them.

How drafts are shown lies in `review_report`, `review_card` and `review_screen`, what may be sent in `systems.queue`.
"""

import getpass
import re
from collections.abc import Iterator
from contextlib import contextmanager

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import DecisionType
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.spans import in_zone
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import review, waiting
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.waiting import NotWaiting, WaitingDraft
from xbot_pipelines.systems import opting_out, queue
from xbot_pipelines.systems.queue import NotSendable
from xbot_pipelines.text.escape import for_terminal_line


def this_person() -> Provenance:
    """Who sits before the terminal, by the name that the machine knows them by."""
    try:
        return Provenance(actor=f"person:{getpass.getuser()}")
    except (KeyError, OSError, ImportError):
        # A container may run us under a number that has no name.
        return Provenance(actor="person")


def demand_one(*, approve: str | None, reject: str | None, reason: str | None, text: str | None, shows: bool) -> None:
    """Makes sure that what was typed says one thing.

    Raises:
        CannotRun: it says two, or only half of one.
    """
    if (approve is not None) + (reject is not None) + shows > 1:
        raise CannotRun("of --approve, --reject and --list or --json only one can be followed at a time")
    if reject is None and reason is not None:
        raise CannotRun("--reason says why a draft is rejected: type --reject ID with it")
    if approve is None and text is not None:
        raise CannotRun("--text says what is sent in place of a draft: type --approve ID with it")


def the_one_meant(database: AccountDatabase, typed: str) -> WaitingDraft:
    """Return the waiting draft whose id begins with what somebody typed.

    Raises:
        CannotRun: there is none, it does not wait any more, or there are several.
    """
    beginning = typed.strip().lower().replace("-", "")
    if not re.fullmatch(r"[0-9a-f]{1,32}", beginning):
        raise CannotRun(f"{typed!r} is no id of a draft, nor the beginning of one: `xbot review --list` shows them")
    found = waiting.ids_beginning_with(database, beginning)
    if not found:
        raise CannotRun(f"no draft has an id that begins with {typed!r}: `xbot review --list` shows what waits")
    if len(found) > 1:
        several = ", ".join(map(str, found))
        raise CannotRun(f"{typed!r} is the beginning of several ids, type more of the one that you mean: {several}")
    with _told_to_the_person():
        return waiting.waiting_draft(database, found[0])


def approve(
    database: AccountDatabase, settings: Settings, draft: WaitingDraft, *, text: str | None = None, clock: Clock
) -> str:
    """Let a draft be sent, with another text where a person wrote one.

    Raises:
        CannotRun: it does not wait any more or was changed since it was shown, its author asked to be left alone,
            something speaks against the new text, or X's API does not take it. Nothing is changed.
    """
    edited = draft.text if text is None or text == draft.text else text.strip()
    with _told_to_the_person():
        slot = queue.approve(database, settings, draft, text=edited, clock=clock, by=this_person())
    how = "approved as edited" if edited != draft.text else "approved"
    if draft.kind is DecisionType.REPLY:
        return f"{how}: posting sends it at one of its next turns"
    missed = "" if slot == draft.scheduled_at else ", the next free slot"
    return f"{how}: it goes out at {in_zone(slot, settings.profile.timezone)}{missed}"


def demand_sendable(database: AccountDatabase, draft: WaitingDraft, text: str, *, clock: Clock) -> None:
    """Make sure that a text which a person wrote may be sent as this draft.

    Raises:
        CannotRun: something speaks against it; the message says what.
    """
    with _told_to_the_person():
        queue.demand_sendable(database, draft, text, clock=clock)


def reject(database: AccountDatabase, draft: WaitingDraft, *, reason: str | None, clock: Clock) -> str:
    """Turn a draft away for good.

    Raises:
        CannotRun: no reason is given, or it does not wait any more. Nothing is changed.
    """
    words = for_terminal_line((reason or "").strip())
    if not words:
        raise CannotRun('a rejection needs a reason, which is kept with it: --reason "…"')
    with _told_to_the_person():
        review.reject(database, draft.decision_id, reason=words, now=clock.now(), by=this_person())
    return f"rejected: {words}"


def leave_alone(database: AccountDatabase, handle: str, *, user_id: str | None = None, clock: Clock) -> str:
    """Answers somebody never again, and turns away what was written to them and not sent yet.

    Args:
        database: whose account it is.
        handle: who, with an @ in front or without.
        user_id: their id on X, where it is known: it stays theirs under another handle.
        clock: tells when.

    Raises:
        CannotRun: it is no handle.
    """
    found = re.fullmatch(r"@?([A-Za-z0-9_]{1,15})", handle.strip())
    if found is None:
        raise CannotRun(f"{handle!r} is no handle on X: it has 1 to 15 of A-Z a-z 0-9 _, with or without an @ in front")
    name, by = found.group(1).lower(), this_person()
    is_new = opting_out.leave_alone(
        database, handle=name, user_id=user_id, words=f"told by {by.actor}", now=clock.now(), by=by
    )
    since = "is left alone from now on" if is_new else "was left alone already"
    return f"@{name} {since}, and nothing waits to be sent to them"


@contextmanager
def _told_to_the_person() -> Iterator[None]:
    try:
        yield
    except (NotWaiting, NotSendable) as refusal:
        # A reason that somebody else gave stands in it, and that may quote what came from X.
        raise CannotRun(for_terminal_line(str(refusal))) from refusal
